/** The wire log: every message as a line, filtered and searched, one of them opened. Only what is in view is drawn. */

import { useRef, useState } from 'react'
import { CopyButton } from '../parts/copy-button'
import { Icon } from '../parts/icon'
import { wire } from '../session/instruments'
import type { WireEntry } from '../session/wire-log'
import { bytes, counted, duration, useLanguage, useText } from '../text'
import { useVersion } from './use-version'

const FILTERS = ['all', 'noAudio', 'sent', 'received'] as const
type Filter = (typeof FILTERS)[number]
const ROW = 28
/** Lines drawn beyond both edges of the view. */
const BEYOND = 10

export function WireView() {
  const text = useText()
  useVersion(wire)
  const [filter, setFilter] = useState<Filter>('noAudio')
  const [query, setQuery] = useState('')
  const [opened, setOpened] = useState<number>()
  if (wire.entries.length === 0) return <p className="empty">{text('wireEmpty')}</p>
  const needle = query.trim().toLowerCase()
  const rows = wire.entries.filter(
    (entry) => passes(entry, filter) && (needle === '' || entry.text.toLowerCase().includes(needle)),
  )
  const entry = rows.find(({ index }) => index === opened)
  return (
    <div className="wire">
      <div className="wire-tools">
        <label className="compact-select">
          <span className="visually-hidden">{text('filter')}</span>
          <select value={filter} onChange={(event) => setFilter(event.target.value as Filter)}>
            {FILTERS.map((name) => (
              <option key={name} value={name}>
                {text(`filter.${name}`)}
              </option>
            ))}
          </select>
        </label>
        <input
          type="search"
          value={query}
          placeholder={text('search')}
          aria-label={text('search')}
          onChange={(event) => setQuery(event.target.value)}
        />
        <CopyButton className="quiet-button" value={() => rows.map(lineOf).join('\n')}>
          {text('copyAll')}
        </CopyButton>
      </div>
      {rows.length === 0 ? (
        <p className="empty">{text('nothingFound')}</p>
      ) : (
        <Rows rows={rows} opened={entry?.index} open={setOpened} />
      )}
      {entry && (
        <div className="wire-detail">
          <div className="wire-detail-head">
            <CopyButton className="quiet-button" value={() => entry.text}>
              {text('copyMessage')}
            </CopyButton>
            <button type="button" className="icon-button" onClick={() => setOpened(undefined)}>
              <Icon name="close" />
              <span className="visually-hidden">{text('close')}</span>
            </button>
          </div>
          <pre tabIndex={0}>{pretty(entry.text)}</pre>
        </div>
      )}
    </div>
  )
}

function Rows(props: {
  readonly rows: readonly WireEntry[]
  readonly opened: number | undefined
  readonly open: (index: number) => void
}) {
  const text = useText()
  const language = useLanguage((state) => state.language)
  const { rows } = props
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const follows = useRef(true)
  const height = box.current?.clientHeight ?? 480
  // Follows the newest line unless the user scrolled up.
  const shownTop = follows.current ? Math.max(0, rows.length * ROW - height) : top
  const first = Math.max(0, Math.floor(shownTop / ROW) - BEYOND)
  const visible = rows.slice(first, first + Math.ceil(height / ROW) + 2 * BEYOND)
  return (
    <section
      ref={(node) => {
        box.current = node as HTMLDivElement | null
        if (node && follows.current) node.scrollTop = node.scrollHeight
      }}
      className="wire-rows"
      tabIndex={0}
      aria-label={counted(text, 'messages', rows.length)}
      onScroll={({ currentTarget: node }) => {
        follows.current = node.scrollHeight - node.scrollTop - node.clientHeight < ROW
        setTop(node.scrollTop)
      }}
    >
      <ol style={{ height: rows.length * ROW }}>
        {visible.map((entry, index) => {
          const at = first + index
          const before = rows[at - 1]
          return (
            <li key={entry.index} style={{ transform: `translateY(${at * ROW}px)` }}>
              <button
                type="button"
                data-direction={entry.direction}
                data-kind={entry.kind}
                aria-pressed={entry.index === props.opened}
                onClick={() => {
                  // What is read stays where it is.
                  follows.current = false
                  setTop(box.current!.scrollTop)
                  props.open(entry.index)
                }}
              >
                <span className="wire-arrow" aria-hidden="true">
                  {entry.direction === 'sent' ? '↑' : '↓'}
                </span>
                <span className="visually-hidden">{text(entry.direction)}</span>
                <span className="wire-kind">
                  {entry.kind}
                  {entry.count > 1 && <small> × {entry.count}</small>}
                </span>
                <span className="wire-since">
                  {before ? `+${duration(Math.max(0, entry.atMs - before.lastMs), language)}` : ''}
                </span>
                <span className="wire-size">{bytes(entry.bytes, language)}</span>
              </button>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function passes({ direction, kind }: WireEntry, filter: Filter): boolean {
  if (filter === 'all') return true
  if (filter === 'noAudio') return !kind.endsWith('audio')
  return direction === filter
}

const lineOf = ({ direction, text }: WireEntry) => `${direction === 'sent' ? '>' : '<'} ${text}`

function pretty(source: string): string {
  try {
    return JSON.stringify(JSON.parse(source), null, 2)
  } catch {
    return source
  }
}
