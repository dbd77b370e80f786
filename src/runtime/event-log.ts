/**
 * The record of what happened to a session, so that it can be replayed through the core: a line of JSON for the configuration, then one for
 * each event with the effects it had. Without permission words are blanked: which of them are the same is all that stays. It does not know where lines go.
 */
import type { Effect, SessionConfig, SessionEvent, Snapshot } from '../core/index.js'

export interface EventLog {
  /** Takes the events of one session. */
  open(
    session: string,
    config: SessionConfig,
    snapshot?: Snapshot,
  ): (event: SessionEvent, effects: readonly Effect[]) => void
}

export interface LoggedSession {
  readonly session: string
  /** False = texts are blanked, and decisions that depend on words may differ in a replay. */
  readonly words: boolean
  readonly config: SessionConfig
  /** Where a resumed session went on. */
  readonly snapshot?: Snapshot
  readonly events: readonly { readonly event: SessionEvent; readonly effects: readonly string[] }[]
}

/** Marks the first line; raised when lines change their meaning. */
const FORMAT = 1

/** `write` takes whole lines of a session, with their ends. */
export function createEventLog(write: (session: string, line: string) => void, words: boolean): EventLog {
  return {
    open(session, config, snapshot) {
      const blank = createBlank()
      const plain = (value: object) => (words ? withoutHandle(value) : blanked(value, blank))
      const line = (value: object) => write(session, `${JSON.stringify(value)}\n`)
      line({
        vivavoceEvents: FORMAT,
        session,
        words,
        config: plain(config),
        ...(snapshot && { snapshot: plain(snapshot) }),
      })
      return (event, effects) => {
        line({ event: plain(event), ...(effects.length > 0 ? { effects: effects.map(effectName) } : {}) })
      }
    },
  }
}

/** Throws an Error that says what is wrong with the text. A last line that was cut off is left out. */
export function readEventLog(text: string): LoggedSession {
  const lines = text.split('\n').filter((line) => line !== '')
  const parsed = lines.flatMap((line, index) => {
    try {
      return [JSON.parse(line) as Record<string, unknown>]
    } catch {
      if (index === lines.length - 1) return []
      throw new Error(`line ${index + 1} is not JSON`)
    }
  })
  const [head, ...rest] = parsed
  if (head?.vivavoceEvents === undefined)
    throw new Error('this is no event log: its first line does not say so')
  if (head.vivavoceEvents !== FORMAT) {
    throw new Error(`the log has format ${head.vivavoceEvents}, this version reads ${FORMAT}`)
  }
  return {
    session: String(head.session),
    words: head.words === true,
    config: head.config as SessionConfig,
    ...(head.snapshot !== undefined && { snapshot: head.snapshot as Snapshot }),
    events: rest.map((entry) => ({
      event: entry.event as SessionEvent,
      effects: (entry.effects as string[] | undefined) ?? [],
    })),
  }
}

/** A handle opens the session to whoever has it. */
function withoutHandle(value: object): object {
  return 'handle' in value ? { ...value, handle: '' } : value
}

/** An effect in a few words, numbers and names only. */
export function effectName(effect: Effect): string {
  const { type, ...rest } = effect
  const details = Object.entries(rest).flatMap(([key, value]) => {
    if (key === 'message') return [messageName(value as object)]
    if (key === 'reason' || key === 'prompt' || key === 'language') return []
    return typeof value === 'object' ? [] : [`${key}=${String(value)}`]
  })
  return [type, ...details].join(' ')
}

function messageName(message: object): string {
  return Object.entries(message)
    .flatMap(([key, value]) =>
      key === 'serverContent' && typeof value === 'object' && value !== null
        ? Object.keys(value).map((member) => `serverContent.${member}`)
        : [key],
    )
    .join('+')
}

/** Members that name things and never hold what somebody said. */
const NAMES = new Set([
  ...['type', 'timer', 'role', 'modality', 'engine', 'language', 'phase', 'kind', 'id'],
  // Of functions: what is decided depends on it.
  ...['name', 'behavior', 'scheduling', 'mode', 'allowedNames', 'default', 'only'],
  ...['picture', 'source', 'tells', 'coverage'],
  ...['contentInterrupts', 'turnCoverage', 'proactiveAudio', 'affectiveDialog'],
])

/** Data of the client's program, numbers included: only whether there is any counts. */
const DATA = new Set(['args', 'parameters', 'output', 'error'])

/** Puts `w0`, `w1` … for words, the same for the same, with the marks behind them: an echo is still one, and a question. */
function createBlank(): (text: string) => string {
  const known = new Map<string, string>()
  return (text) =>
    text.replace(/\S+/g, (token) => {
      const word = token.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
      const name = known.get(word) ?? `w${known.size.toString(36)}`
      known.set(word, name)
      return `${name}${token.match(/[.?!,…]*$/)?.[0] ?? ''}`
    })
}

/** Every text but names is blanked. */
function blanked(value: unknown, blank: (text: string) => string, key = ''): unknown {
  if (DATA.has(key)) return isEmpty(value) ? value : { w: 'w' }
  if (typeof value === 'string') return NAMES.has(key) ? value : blank(value)
  if (Array.isArray(value)) return value.map((each) => blanked(each, blank, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, blanked(member, blank, name)]),
  )
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === null || (typeof value === 'object' && Object.keys(value).length === 0)
}
