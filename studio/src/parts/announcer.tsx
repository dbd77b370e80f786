/** Tells screen readers what was said, once per turn and not word by word, and what went wrong. */

import { useEffect, useRef, useState } from 'react'
import { heardOfModel } from '../session/conversation'
import { useSession } from '../session/session-store'
import { named, useReason, useText } from '../text'

export function Announcer() {
  const text = useText()
  const reason = useReason()
  const entries = useSession((state) => state.conversation.entries)
  const [words, setWords] = useState('')
  const told = useRef(new Set<number>())

  useEffect(() => {
    if (entries.length === 0) told.current.clear()
    const news = entries.flatMap((entry) => {
      if (told.current.has(entry.id)) return []
      const sentence = sentenceOf(entry)
      if (sentence === undefined) return []
      told.current.add(entry.id)
      return [sentence]
    })
    if (news.length > 0) setWords(news.join(' '))

    function sentenceOf(entry: (typeof entries)[number]): string | undefined {
      // What the user said is final once the answer has begun.
      const isLast = entry === entries.at(-1)
      if (entry.kind === 'user' && !isLast && entry.text) return `${text('you')}: ${entry.text}`
      if (entry.kind === 'model' && entry.state !== 'open') {
        const cut = entry.state === 'cut' ? ` (${text('interrupted')})` : ''
        return `${text('model')}: ${heardOfModel(entry)}${cut}`
      }
      if (entry.kind === 'notice')
        return named(text, 'notice', entry.notice).replace('{0}', () => reason(entry.detail))
      if (entry.kind === 'call') return text('callOf', entry.name)
      return undefined
    }
  }, [entries, text, reason])

  return (
    <div className="visually-hidden" role="log" aria-live="polite">
      {words}
    </div>
  )
}
