/** What was said, as a script: who on the left, words on the right, tool calls and notices between them. */

import { memo, useEffect, useRef } from 'react'
import { type Entry, textOfModel } from '../session/conversation'
import { useSession } from '../session/session-store'
import { clock, counted, named, useReason, useText } from '../text'
import { Brand } from './brand'
import { ToolCall } from './tool-call'

const PROMPTS = ['tryThis', 'tryThat', 'tryOther'] as const

export function Conversation() {
  const text = useText()
  const entries = useSession((state) => state.conversation.entries)
  const startedMs = useSession((state) => state.startedMs) ?? 0
  const status = useSession((state) => state.status)
  const box = useRef<HTMLDivElement>(null)
  const follows = useRef(true)

  // Follows the words and pictures unless the user scrolled up to read, also where the camera's preview takes room from below.
  useEffect(() => {
    const node = box.current!
    const list = node.querySelector('ol')!
    const observer = new ResizeObserver(() => {
      if (follows.current && list.childElementCount > 0) node.scrollTop = node.scrollHeight
    })
    observer.observe(node)
    observer.observe(list)
    return () => observer.disconnect()
  }, [])

  const isEmpty = entries.length === 0
  return (
    <section
      ref={box}
      className="script"
      data-empty={isEmpty || undefined}
      tabIndex={0}
      aria-label={text('conversation')}
      onScroll={({ currentTarget: node }) => {
        follows.current = node.scrollHeight - node.scrollTop - node.clientHeight < 48
      }}
    >
      {isEmpty ? <Welcome idle={status === 'idle' || status === 'ended'} /> : null}
      <ol>
        {entries.map((entry) => (
          <Line key={entry.id} entry={entry} startedMs={startedMs} />
        ))}
      </ol>
    </section>
  )
}

function Welcome({ idle }: { readonly idle: boolean }) {
  const text = useText()
  const sendText = useSession((state) => state.sendText)
  if (!idle) return null
  return (
    <div className="welcome">
      <Brand />
      <h2>{text('intro')}</h2>
      <p className="wide-only">{text('introMore')}</p>
      <p className="narrow-only">{text('introPhone')}</p>
      <ul>
        {PROMPTS.map((key) => (
          <li key={key}>
            <button type="button" onClick={() => void sendText(text(key))}>
              {text(key)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

const Line = memo(({ entry, startedMs }: { readonly entry: Entry; readonly startedMs: number }) => {
  const text = useText()
  const reason = useReason()
  if (entry.kind === 'notice') {
    const detail = reason(entry.detail)
    return <li className="line notice">{named(text, 'notice', entry.notice).replace('{0}', () => detail)}</li>
  }
  const who = entry.kind === 'user' || entry.kind === 'image' ? 'you' : 'model'
  return (
    <li className={`line ${entry.kind}`} data-state={'state' in entry ? entry.state : undefined}>
      <span className={`who ${who}`}>
        {text(who)}
        {entry.kind === 'user' && entry.source !== 'voice' && (
          <small>{text(entry.source === 'text' ? 'typed' : 'fromFile')}</small>
        )}
      </span>
      <Words entry={entry} />
      <time>{clock(entry.atMs - startedMs)}</time>
    </li>
  )
})

function Words({ entry }: { readonly entry: Entry }) {
  const text = useText()
  if (entry.kind === 'image') {
    return (
      <figure>
        <img src={entry.url} alt={text(`image.${entry.shown}`)} />
        <figcaption>{counted(text, 'pictures', entry.count)}</figcaption>
      </figure>
    )
  }
  if (entry.kind === 'call') return <ToolCall call={entry} />
  if (entry.kind === 'user') {
    return (
      <p>
        {entry.text.trim()}
        {entry.interim && <em className="interim"> {entry.interim.trim()}</em>}
      </p>
    )
  }
  if (entry.kind !== 'model') return null
  const words = textOfModel(entry)
  const unheard = words.slice(entry.heard ?? words.length).trim()
  return (
    <p>
      {words.slice(0, entry.heard).trim()}
      {unheard !== '' && [' ', <s key="unheard">{unheard}</s>]}
      {entry.state === 'cut' && <span className="cut-note"> {text('interrupted')}</span>}
      {entry.state === 'open' && words === '' && <span className="thinking" />}
    </p>
  )
}
