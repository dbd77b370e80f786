/**
 * What was said, as a list that grows: a pure function over the server's messages and what the user did here. It knows
 * neither sockets nor React. Times are ms on the page's clock.
 */

import type { ServerMessage } from 'vivavoce/protocol'

export type Entry = { readonly id: number; readonly atMs: number } & (
  | {
      readonly kind: 'user'
      readonly text: string
      /** Words that may still change. */
      readonly interim: string
      readonly source: 'voice' | 'text' | 'file'
    }
  | {
      readonly kind: 'model'
      readonly pieces: readonly Piece[]
      readonly audioMs: number
      readonly state: 'open' | 'complete' | 'cut'
      /** Characters that were heard before the interruption; all of them where it is absent. */
      readonly heard?: number
    }
  | {
      readonly kind: 'call'
      readonly callId: string
      readonly name: string
      readonly args: Readonly<Record<string, unknown>>
      readonly state: 'waiting' | 'answered' | 'cancelled'
      readonly response?: unknown
    }
  | {
      readonly kind: 'image'
      readonly shown: 'camera' | 'screen'
      /** Of the last one. */
      readonly url: string
      /** Of the pictures of the turn. */
      readonly count: number
    }
  | { readonly kind: 'notice'; readonly notice: string; readonly detail: string }
)

/** Text of the answer that came when so much of its audio had come. */
interface Piece {
  readonly text: string
  readonly fromMs: number
}

export interface Conversation {
  readonly entries: readonly Entry[]
  /** Ids of the entries of the turn in progress. */
  readonly user: number | undefined
  readonly model: number | undefined
}

export type ConversationEvent =
  | {
      readonly type: 'message'
      readonly message: ServerMessage
      readonly atMs: number
      /** Of the answer in progress. */
      readonly playedMs: number
    }
  | {
      readonly type: 'said'
      readonly text: string
      readonly source: 'text' | 'file'
      readonly atMs: number
    }
  | { readonly type: 'answered'; readonly callId: string; readonly response: unknown }
  | {
      readonly type: 'image'
      readonly url: string
      readonly shown: 'camera' | 'screen'
      readonly atMs: number
    }
  | { readonly type: 'notice'; readonly notice: string; readonly detail: string; readonly atMs: number }
  /** No more of the turn in progress will come. `playedMs`: nor is more of it played; absent = what came is played to its end. */
  | { readonly type: 'cut-off'; readonly playedMs?: number }

export const EMPTY: Conversation = { entries: [], user: undefined, model: undefined }

export function converse(state: Conversation, event: ConversationEvent): Conversation {
  switch (event.type) {
    case 'said': {
      const { text, source, atMs } = event
      const next = add(state, { kind: 'user', text, interim: '', source, atMs })
      return { ...next, user: source === 'file' ? lastId(next) : undefined }
    }
    case 'answered':
      return change<Of<'call'>>(state, isCall([event.callId]), (call) => ({
        ...call,
        state: 'answered',
        response: event.response,
      }))
    case 'image':
      return show(state, event)
    case 'notice':
      return add(state, { kind: 'notice', notice: event.notice, detail: event.detail, atMs: event.atMs })
    case 'cut-off':
      return { ...cut(state, event.playedMs), user: undefined }
    case 'message':
      return receive(state, event.message, event.atMs, event.playedMs)
  }
}

function receive(state: Conversation, message: ServerMessage, atMs: number, playedMs: number): Conversation {
  if ('toolCall' in message) {
    return message.toolCall.functionCalls.reduce(
      (next, { id, name, args }) =>
        add(next, { kind: 'call', callId: id, name, args, state: 'waiting', atMs }),
      state,
    )
  }
  if ('toolCallCancellation' in message) {
    const isCancelled = isCall(message.toolCallCancellation.ids)
    return change<Of<'call'>>(state, isCancelled, (call) =>
      call.state === 'waiting' ? { ...call, state: 'cancelled' } : call,
    )
  }
  if (!('serverContent' in message)) return state
  const content = message.serverContent as ServerContentLike
  let next = state
  if (content.interimInputTranscription?.text) {
    next = hear(next, atMs, (entry) => ({ ...entry, interim: content.interimInputTranscription!.text! }))
  }
  if (content.inputTranscription?.text) {
    const { text } = content.inputTranscription
    next = hear(next, atMs, (entry) => ({ ...entry, text: entry.text + text, interim: '' }))
  }
  for (const part of content.modelTurn?.parts ?? []) {
    const data = part.inlineData?.mimeType.startsWith('audio/') ? part.inlineData : undefined
    if (data !== undefined) {
      const rateHz = Number(/rate=(\d+)/.exec(data.mimeType)?.[1] ?? 24_000)
      const samples = (data.data.length * 3) / 4 / 2
      next = speak(next, atMs, (entry) => ({ ...entry, audioMs: entry.audioMs + (samples / rateHz) * 1000 }))
    }
    if (part.text !== undefined && part.thought !== true) next = write(next, atMs, part.text)
  }
  if (content.outputTranscription?.text) next = write(next, atMs, content.outputTranscription.text)
  if (content.interrupted) {
    next = {
      ...cut(next, playedMs),
      user: state.user === undefined ? undefined : laterThanModel(state),
    }
  }
  if (content.turnComplete) {
    const ended = change<Of<'model'>>(next, isOpenModel(next), (entry) => ({ ...entry, state: 'complete' }))
    // What was not said to the model stands by itself.
    const late = content.waitingForInput ? undefined : next.user
    next = { ...ended, model: undefined, user: next.model === undefined ? late : laterThanModel(next) }
  }
  return next
}

/** Ends the answer in progress, of which so much was heard. */
function cut(state: Conversation, playedMs: number | undefined): Conversation {
  const stopped = change<Of<'model'>>(state, isOpenModel(state), (entry) => ({
    ...entry,
    state: 'cut',
    ...(playedMs !== undefined &&
      entry.audioMs > 0 && { heard: heardCharacters(entry.pieces, entry.audioMs, playedMs) }),
  }))
  return { ...stopped, model: undefined }
}

/** Newer members that the types of this version need not know yet. */
interface ServerContentLike {
  readonly modelTurn?: {
    readonly parts: readonly {
      readonly text?: string
      readonly thought?: boolean
      readonly inlineData?: { readonly mimeType: string; readonly data: string }
    }[]
  }
  readonly inputTranscription?: { readonly text?: string }
  readonly interimInputTranscription?: { readonly text?: string }
  readonly outputTranscription?: { readonly text?: string }
  readonly interrupted?: boolean
  readonly turnComplete?: boolean
  readonly waitingForInput?: boolean
}

type Of<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>

/** Text that may have come ahead of its sound, or after it, is placed by linear steps between the pieces. */
export function heardCharacters(pieces: readonly Piece[], audioMs: number, playedMs: number): number {
  let heard = 0
  for (const [index, { text, fromMs }] of pieces.entries()) {
    const toMs = Math.max(fromMs, pieces[index + 1]?.fromMs ?? audioMs)
    if (playedMs >= toMs && toMs > fromMs) heard += text.length
    else if (playedMs > fromMs) return heard + wordEnd(text, (playedMs - fromMs) / (toMs - fromMs))
    else return heard
  }
  return heard
}

/** The end of the word that is being said at this share of the text. */
function wordEnd(text: string, share: number): number {
  const at = Math.round(text.length * share)
  const space = text.slice(at).search(/\s/)
  return space < 0 ? text.length : at + space
}

export const textOfModel = (entry: Of<'model'>): string => entry.pieces.map(({ text }) => text).join('')

/** Without what an interruption cut off. */
export const heardOfModel = (entry: Of<'model'>): string => textOfModel(entry).slice(0, entry.heard).trim()

const hear = (state: Conversation, atMs: number, update: (entry: Of<'user'>) => Of<'user'>): Conversation => {
  if (state.user !== undefined)
    return change(state, (entry) => entry.kind === 'user' && entry.id === state.user, update)
  const entry = { kind: 'user', text: '', interim: '', source: 'voice', atMs } as const
  // A transcript that comes after the answer has begun still belongs before it.
  const late =
    state.model !== undefined &&
    !state.entries.some(({ kind, id }) => kind === 'user' && id > state.model! - 2)
  const added = late ? insertBefore(state, state.model!, entry) : add(state, entry)
  const user = Math.max(...added.entries.map(({ id }) => id))
  return change({ ...added, user }, (item) => item.id === user, update)
}

const speak = (
  state: Conversation,
  atMs: number,
  update: (entry: Of<'model'>) => Of<'model'>,
): Conversation => {
  const opened =
    state.model === undefined
      ? withModel(add(state, { kind: 'model', pieces: [], audioMs: 0, state: 'open', atMs }))
      : state
  return change(opened, (entry) => entry.kind === 'model' && entry.id === opened.model, update)
}

const write = (state: Conversation, atMs: number, text: string): Conversation =>
  speak(state, atMs, (entry) => ({ ...entry, pieces: [...entry.pieces, { text, fromMs: entry.audioMs }] }))

const withModel = (state: Conversation): Conversation => ({ ...state, model: lastId(state) })

/** The user entry in progress, where it belongs to what comes after the answer. */
function laterThanModel(state: Conversation): number | undefined {
  const at = (id: number | undefined) => state.entries.findIndex((entry) => entry.id === id)
  return at(state.user) > at(state.model) ? state.user : undefined
}

const isOpenModel = (state: Conversation) => (entry: Entry) =>
  entry.kind === 'model' && entry.id === state.model && entry.state === 'open'

const isCall = (ids: readonly string[]) => (entry: Entry) =>
  entry.kind === 'call' && ids.includes(entry.callId)

/** One line for the pictures of a turn, or a minute of them would be sixty. */
function show(
  state: Conversation,
  { shown, url, atMs }: Extract<ConversationEvent, { type: 'image' }>,
): Conversation {
  const last = state.entries.findLast((entry) => entry.kind === 'image')
  const turnEnd = state.entries.findLast((entry) => entry.kind === 'model' && entry.state !== 'open')
  const at = (entry: Entry | undefined) => (entry === undefined ? -1 : state.entries.indexOf(entry))
  if (last === undefined || last.shown !== shown || at(last) < at(turnEnd)) {
    return add(state, { kind: 'image', shown, url, count: 1, atMs })
  }
  return change<Of<'image'>>(
    state,
    ({ id }) => id === last.id,
    (entry) => ({ ...entry, url, count: entry.count + 1 }),
  )
}

type Fresh = Entry extends infer E ? (E extends Entry ? Omit<E, 'id'> : never) : never

const nextId = (state: Conversation) =>
  state.entries.reduce((largest, { id }) => Math.max(largest, id), 0) + 1
const lastId = (state: Conversation) => state.entries.at(-1)!.id

function add(state: Conversation, entry: Fresh): Conversation {
  return { ...state, entries: [...state.entries, { ...entry, id: nextId(state) } as Entry] }
}

function insertBefore(state: Conversation, id: number, entry: Fresh): Conversation {
  const at = state.entries.findIndex((item) => item.id === id)
  return { ...state, entries: state.entries.toSpliced(at, 0, { ...entry, id: nextId(state) } as Entry) }
}

function change<E extends Entry>(
  state: Conversation,
  matches: (entry: Entry) => boolean,
  update: (entry: E) => E,
): Conversation {
  return { ...state, entries: state.entries.map((entry) => (matches(entry) ? update(entry as E) : entry)) }
}
