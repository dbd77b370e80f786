/**
 * What of a session outlives its connection: the conversation, not the moment. Taken at any time it holds every turn of the user
 * whose words are known, and says whether the last one still waits for its answer. It is plain JSON.
 */
import type { FunctionDeclaration } from '../protocol/index.js'
import type { SessionConfig } from './config.js'
import type { MessageSize } from './context-window.js'
import type { SessionMessage } from './effects.js'
import { asPlayed } from './playout.js'
import { newSession, type Output, type Session } from './session-state.js'
import { setupFunctions, type Tools } from './tools-state.js'
import { NEW_TURN, type OpenTurn, turnText, withPart } from './turn.js'

export interface Snapshot {
  readonly checkpoint: number
  /** In force, and as the setup gave it: they differ after a `system` turn. */
  readonly system: string
  readonly setupSystem: string
  readonly messages: readonly SessionMessage[]
  readonly sizes: readonly MessageSize[]
  /** Messages cut off before these. */
  readonly dropped: number
  /** The last turn waits for its answer. */
  readonly owed: boolean
  /** The client had not given all of its history yet. */
  readonly awaitsHistory?: true
  /** Calls whose results are waited for, and results that are not told yet; functions come with each setup. */
  readonly calling?: Calling
  readonly tools: Omit<Tools, 'functions'>
  /** Functions in force, where they are no longer those of the setup. */
  readonly replacedFunctions?: {
    readonly functions: readonly FunctionDeclaration[]
    readonly setupFunctions: readonly FunctionDeclaration[]
  }
  /** Only of what is gone on from: calls in the background that the client has no handle of after. */
  readonly untold?: readonly string[]
  /** The last message is an answer that has reached the client for certain only if it has the handle of this checkpoint. */
  readonly unconfirmed?: number
  /** Where handles lead to: the number of a checkpoint and how many messages there had been. */
  readonly points: readonly ResumePoint[]
  readonly language: string
  readonly userAudioMs: number
  readonly nextId: number
}

export interface ResumePoint {
  readonly checkpoint: number
  /** Counted from the first message of the session. */
  readonly messages: number
  readonly awaitsHistory?: true
}

type Calling = Extract<Output, { phase: 'calling' }>

/** More than a server gives out between two snapshots: one that was killed may have told ids that the last does not know. */
const UNSAVED_IDS = 1_000

/** Handles that a transparent client can go back to: a client holds the last, or one of the few that were on their way. */
const KEPT_POINTS = 64

/** The conversation as it would go on: an answer that has not come to its end is still owed, and given whole. */
export function takeSnapshot(session: Session): Snapshot {
  const { context, resumption } = session
  const { functions, ...tools } = session.tools
  const atSetup = setupFunctions(session.config)
  const { messages, owed } = standing(session)
  const known = Math.min(messages.length, context.sizes.length)
  const points = resumption?.points ?? []
  return {
    checkpoint: resumption?.checkpoint ?? 0,
    system: session.system,
    setupSystem: session.config.system,
    messages,
    sizes: context.sizes.slice(0, known),
    dropped: context.dropped,
    owed,
    ...(session.awaitsHistory && { awaitsHistory: true }),
    ...(session.output.phase === 'calling' && { calling: session.output }),
    tools,
    ...(functions !== atSetup && { replacedFunctions: { functions, setupFunctions: atSetup } }),
    ...(resumption?.answer && !resumption.answer.received && { unconfirmed: resumption.answer.checkpoint }),
    points,
    language: session.language,
    userAudioMs: context.countedAudioMs,
    nextId: session.nextId,
  }
}

/**
 * What a client that presents a handle goes on from. A transparent one gets the conversation as it stood when the handle was given,
 * and says again what it said since; any other gets all of it, an answer that may not have arrived is owed again, and so is word of a
 * call. Undefined for a handle that is too old.
 */
export function resumeSnapshot(
  snapshot: Snapshot,
  handle: { readonly checkpoint: number; readonly transparent: boolean },
): Snapshot | undefined {
  const { unconfirmed, ...known } = snapshot
  const point = known.points.find((each) => each.checkpoint === handle.checkpoint)
  if (handle.transparent) {
    const { awaitsHistory: _, ...settled } = known
    const then = { ...settled, ...(point?.awaitsHistory && { awaitsHistory: true as const }) }
    return point && shortened(then, point.messages - known.dropped, false)
  }
  const arrived = unconfirmed === undefined || handle.checkpoint >= unconfirmed
  const resumed =
    arrived || known.messages.at(-1)?.role !== 'model'
      ? known
      : shortened(known, known.messages.length - 1, true)
  const since = resumed.messages.slice(Math.max(0, (point?.messages ?? 0) - known.dropped))
  const called = idsOf(since, 'call')
  const untold = resumed.tools.background.flatMap(({ id }) => (called.has(id) ? [id] : []))
  return untold.length === 0 ? resumed : { ...resumed, untold }
}

function shortened(snapshot: Snapshot, length: number, owed: boolean): Snapshot {
  const { messages, sizes } = snapshot
  const kept = messages.slice(0, Math.max(0, length))
  const told = idsOf(kept, 'result')
  const { calling: _, tools, ...rest } = snapshot
  const running = new Set(tools.background.map(({ id }) => id))
  // Where a handle leads nothing was waited for: what had no result then was in the background, and its result is said again.
  const background = kept.flatMap((message) =>
    message.role === 'call' && (running.has(message.id) || !told.has(message.id))
      ? [{ id: message.id, name: message.name }]
      : [],
  )
  const shortenedTools = { ...tools, background, arrived: [], due: false }
  return { ...rest, tools: shortenedTools, messages: kept, sizes: sizes.slice(0, kept.length), owed }
}

function idsOf(messages: readonly SessionMessage[], role: 'call' | 'result'): ReadonlySet<string> {
  return new Set(messages.flatMap((message) => (message.role === role ? [message.id] : [])))
}

/** A session that goes on under a new setup: a changed instruction or function counts, an equal one keeps what became of it. */
export function restoreSession(config: SessionConfig, snapshot: Snapshot): Session {
  const { dropped, userAudioMs, calling, replacedFunctions } = snapshot
  const fresh = newSession(config)
  const [messages, turn] = calling && snapshot.owed ? asTurn(snapshot.messages) : [snapshot.messages]
  const sizes = snapshot.sizes.slice(0, messages.length)
  const { system: fixesSystem = false, functions: fixesFunctions = false } = config.fixed ?? {}
  const keepsSystem = !fixesSystem && config.system === snapshot.setupSystem
  const keepsFunctions =
    !fixesFunctions && replacedFunctions && isSame(replacedFunctions.setupFunctions, fresh.tools.functions)
  return {
    ...fresh,
    system: keepsSystem ? snapshot.system : config.system,
    messages,
    awaitsHistory: fresh.awaitsHistory && snapshot.awaitsHistory === true,
    tools: {
      ...fresh.tools,
      ...snapshot.tools,
      ...(keepsFunctions && { functions: replacedFunctions.functions }),
    },
    ...(calling && { output: { ...calling, clauses: asPlayed(calling.clauses) }, turn }),
    // The size of a question that waits is measured as that of any new message.
    context: {
      messages: messages.length === sizes.length ? messages : messages.slice(0, sizes.length),
      sizes,
      dropped,
      countedAudioMs: userAudioMs,
      countedFrames: 0,
    },
    language: snapshot.language,
    userAudioMs,
    nextId: snapshot.nextId + UNSAVED_IDS,
    ...(fresh.resumption && {
      resumption: { ...fresh.resumption, checkpoint: snapshot.checkpoint, points: snapshot.points },
    }),
  }
}

/** What was asked while a call is waited for waits behind it. */
function asTurn(messages: readonly SessionMessage[]): readonly [readonly SessionMessage[], OpenTurn?] {
  const last = messages.at(-1)
  if (last?.role !== 'user') return [messages]
  return [messages.slice(0, -1), { ...withPart(NEW_TURN, { kind: 'text', text: last.text }), owed: true }]
}

/** Of plain JSON, one of them read from a record. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

export function withPoint(points: readonly ResumePoint[], point: ResumePoint): readonly ResumePoint[] {
  return [...points.slice(1 - KEPT_POINTS), point]
}

function asksStill(last: SessionMessage | undefined): boolean {
  return last?.role === 'result' || (last?.role === 'user' && !last.overheard)
}

/** The history with everything that was asked, and whether an answer to its end is owed. */
export function standing(session: Session): Pick<Snapshot, 'messages' | 'owed'> {
  const { output, turn } = session
  let { messages } = session
  let owed = output.phase === 'responding' && messages.at(-1)?.role !== 'model'
  if (output.phase === 'playing') owed = true
  if (turn) {
    // As far as its words are known.
    const text = turnText(turn)
    if (text !== '') messages = [...messages, { role: 'user', text }]
    owed ||= text !== '' || (turn.owed && asksStill(messages.at(-1)))
  }
  return { messages, owed }
}
