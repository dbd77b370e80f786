/** The whole logic of the demo: a conversation by voice as React state. Copy it into your own app. */

import { useCallback, useEffect, useRef, useState } from 'react'
import { type Talk, talk } from 'vivavoce/client'

export interface Line {
  readonly who: 'you' | 'model'
  readonly words: string
}

/** `url` is that of the server; the page talks to no other. */
export function useConversation(url: string) {
  const [state, setState] = useState<'off' | 'opening' | 'on' | 'reconnecting'>('off')
  const [lines, setLines] = useState<readonly Line[]>([])
  const [problem, setProblem] = useState('')
  const session = useRef<Talk>(undefined)

  /** Call it from a click: browsers lend the microphone and play sound only then. */
  const start = useCallback(async () => {
    setState('opening')
    setProblem('')
    setLines([])
    const say = (who: Line['who'], words = '') => {
      if (words) setLines((before) => join(before, who, words))
    }
    try {
      session.current = await talk({
        url,
        model: 'gemini-live-2.5-flash',
        config: { inputAudioTranscription: {}, outputAudioTranscription: {} },
        onMessage: (message) => {
          if (!('serverContent' in message)) return
          say('you', message.serverContent.inputTranscription?.text)
          say('model', message.serverContent.outputTranscription?.text)
        },
        onConnection: ({ type }) => setState(type === 'connected' ? 'on' : 'reconnecting'),
      })
      await session.current.ended
    } catch (error) {
      // Of a microphone that was refused and of a server that is not there alike: a sentence to show.
      setProblem((error as Error).message)
    }
    session.current = undefined
    setState('off')
  }, [url])

  const stop = useCallback(() => void session.current?.close(), [])
  useEffect(() => stop, [stop])
  return { state, lines, problem, start, stop }
}

function join(lines: readonly Line[], who: Line['who'], words: string): readonly Line[] {
  const last = lines.at(-1)
  if (last?.who !== who) return [...lines, { who, words: words.trimStart() }]
  return [...lines.slice(0, -1), { who, words: last.words + words }]
}
