/**
 * What of a session outlives its connection: the conversation, not the moment. Taken at any time it holds every turn of the user
 * whose words are known, and says whether the last one still waits for its answer. It is plain JSON.
 */
import type { SessionConfig } from './config.js'
import type { MessageSize } from './context-window.js'
import type { SessionMessage } from './effects.js'
import { newSession, type Output, type Session } from './session-state.js'
import type { Tools } from './tools-state.js'
import { turnText } from './turn.js'

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
  /** Calls whose results are waited for, and results that are not told yet; the functions themselves come with each setup. */
  readonly calling?: Calling
  readonly tools: Omit<Tools, 'functions'>
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
}

type Calling = Extract<Output, { phase: 'calling' }>

/** Handles that a transparent client can go back to: a client holds the last, or one of the few that were on their way. */
const KEPT_POINTS = 64

/** The conversation as it would go on: an answer that has not come to its end is still owed, and given whole. */
export function takeSnapshot(session: Session): Snapshot {
  const { context, resumption } = session
  const { functions: _, ...tools } = session.tools
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
    ...(session.output.phase === 'calling' && { calling: session.output }),
    tools,
    ...(resumption?.answer && !resumption.answer.received && { unconfirmed: resumption.answer.checkpoint }),
    points,
    language: session.language,
    userAudioMs: context.countedAudioMs,
    nextId: session.nextId,
  }
}

/**
 * What a client that presents a handle goes on from. A transparent one gets the conversation as it stood when the handle was given,
 * and says again what it said since; any other gets all of it, and an answer that may not have arrived is owed again. Undefined for
 * a handle that is too old.
 */
export function resumeSnapshot(
  snapshot: Snapshot,
  handle: { readonly checkpoint: number; readonly transparent: boolean },
): Snapshot | undefined {
  const { unconfirmed, ...known } = snapshot
  if (handle.transparent) {
    const point = known.points.find((each) => each.checkpoint === handle.checkpoint)
    return point && shortened(known, point.messages - known.dropped, false)
  }
  const arrived = unconfirmed === undefined || handle.checkpoint >= unconfirmed
  return arrived || known.messages.at(-1)?.role !== 'model'
    ? known
    : shortened(known, known.messages.length - 1, true)
}

function shortened(snapshot: Snapshot, length: number, owed: boolean): Snapshot {
  const { messages, sizes } = snapshot
  const kept = messages.slice(0, Math.max(0, length))
  const called = new Set(kept.flatMap((message) => (message.role === 'call' ? [message.id] : [])))
  const { calling: _, tools, ...rest } = snapshot
  const background = tools.background.filter(({ id }) => called.has(id))
  const shortenedTools = { ...tools, background, arrived: [], due: false }
  return { ...rest, tools: shortenedTools, messages: kept, sizes: sizes.slice(0, kept.length), owed }
}

/** A session that goes on under a new setup: a changed system instruction counts, an equal one keeps what became of it. */
export function restoreSession(config: SessionConfig, snapshot: Snapshot): Session {
  const { messages, sizes, dropped, userAudioMs, calling } = snapshot
  const fresh = newSession(config)
  return {
    ...fresh,
    system: config.system === snapshot.setupSystem ? snapshot.system : config.system,
    messages,
    awaitsHistory: false,
    tools: { ...fresh.tools, ...snapshot.tools },
    ...(calling && { output: calling }),
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
    nextId: snapshot.nextId,
    ...(fresh.resumption && {
      resumption: { ...fresh.resumption, checkpoint: snapshot.checkpoint, points: snapshot.points },
    }),
  }
}

export function withPoint(points: readonly ResumePoint[], point: ResumePoint): readonly ResumePoint[] {
  return [...points.slice(1 - KEPT_POINTS), point]
}

function asksStill(last: SessionMessage | undefined): boolean {
  return last?.role === 'user' && !last.overheard
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
