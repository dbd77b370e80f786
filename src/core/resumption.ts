/**
 * When a session that wants to be resumable is saved, and what its client is told of it. A checkpoint is made whenever the
 * conversation has come to rest, and when an answer is begun (so that a question that was taken is not lost with the server); the handle
 * goes out once the checkpoint is safe. It knows nothing of stores and keys.
 */
import { sessionResumptionUpdateMessage } from '../protocol/index.js'
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import type { Session } from './session-state.js'
import { type ResumePoint, takeSnapshot, withPoint } from './snapshot.js'
import { awaitingActivities, turnText } from './turn.js'

export interface Resumption {
  /** The last checkpoint's number. */
  readonly checkpoint: number
  readonly points: readonly ResumePoint[]
  /** What the last checkpoint holds. */
  readonly saved:
    | {
        readonly messages: unknown
        readonly system: string
        readonly functions: unknown
        readonly awaitsHistory: boolean
        readonly resumable: boolean
      }
    | undefined
  /** The last message is an answer that ended with this checkpoint, and whether it has reached the client for certain. */
  readonly answer?: { readonly checkpoint: number; readonly received: boolean }
  /** The client has gone; only the words of what it said last are waited for. */
  readonly detached: boolean
}

/** While nothing happens: keeps the record from expiring, and in transparent mode the index from falling behind. */
const IDLE_REFRESH_MS = 600_000
const TRANSPARENT_REFRESH_MS = 10_000

/** To be called after every event; `before` is the session before it. */
export function keepResumable(session: Session, before: Session, at: number, effects: Effect[]): Session {
  const { resumption } = session
  if (!resumption || session.closed || resumption.detached) return session
  const resumable = isAtRest(session)
  const { saved } = resumption
  const changed =
    saved?.messages !== session.messages ||
    saved?.system !== session.system ||
    saved?.functions !== session.tools.functions ||
    saved?.awaitsHistory !== session.awaitsHistory
  if (resumable) {
    if (saved?.resumable && !changed) return session
    return checkpoint(session, at, effects, answeredNow(session, before))
  }
  return hasAsked(session, before) ? save(session, effects, false) : session
}

/** More of a question is known, a result has come or an answer has begun: from here on it is owed. */
function hasAsked(session: Session, before: Session): boolean {
  const { output, turn, tools, messages } = session
  if (output.phase === 'calling' && before.output.phase !== 'calling') return true
  // A result that has come does not come again.
  if (tools.arrived.length > 0 && tools.arrived !== before.tools.arrived) return true
  if (messages.at(-1)?.role === 'result' && messages !== before.messages) return true
  if (output.phase === 'responding') {
    const answered = before.output.phase === 'silent' ? undefined : before.output.response
    if (answered !== output.response) return true
  }
  if (!turn || turn === before.turn) return false
  const text = turnText(turn)
  return text !== '' && text !== (before.turn ? turnText(before.turn) : '')
}

/** Nothing is said, heard, computed or owed: what is in the history is all there is. */
export function isAtRest({ output, floor, turn, stream, tools }: Session): boolean {
  if (tools.due || tools.arrived.length > 0) return false
  if (output.phase !== 'silent' || floor.phase !== 'quiet' || floor.onset) return false
  if (turn && (turn.parts.length > 0 || turn.owed)) return false
  return stream.phase !== 'flowing' || stream.live
}

/** The refresh timer ran out. */
export function refresh(session: Session, at: number, effects: Effect[]): Session {
  if (!session.resumption) return session
  if (isAtRest(session)) return checkpoint(session, at, effects, false)
  effects.push(refreshTimer(session, at))
  return session
}

/**
 * A checkpoint is safe. Of one that the conversation has gone on from the client needs to know only where it was at rest: a client
 * that is quicker than the store would never get a handle.
 */
export function checkpointSaved(
  session: Session,
  event: Extract<SessionEvent, { type: 'checkpoint-saved' }>,
  effects: Effect[],
): Session {
  const { resumption } = session
  if (!resumption?.saved) return session
  const atRest = resumption.points.some((point) => point.checkpoint === event.checkpoint)
  if (!atRest && resumption.checkpoint !== event.checkpoint) return session
  const message = atRest
    ? sessionResumptionUpdateMessage({
        newHandle: event.handle,
        resumable: true,
        ...(session.config.resumption?.transparent && { consumedIndex: event.consumedIndex }),
      })
    : sessionResumptionUpdateMessage({ resumable: false })
  effects.push({ type: 'send', message })
  return session
}

/** The client has received everything up to the checkpoint's turn. */
export function delivered(session: Session, checkpointNumber: number): Session {
  const { resumption } = session
  if (resumption?.answer?.checkpoint !== checkpointNumber) return session
  return { ...session, resumption: { ...resumption, answer: { ...resumption.answer, received: true } } }
}

/**
 * Another connection comes while this one is alive. What a client's library has received here, its program may have given up
 * already: only the handle that it presents tells.
 */
export function giveUp(session: Session): Session {
  const { resumption } = session
  if (!resumption?.answer) return session
  return { ...session, resumption: { ...resumption, answer: { ...resumption.answer, received: false } } }
}

/** True where the words of something that the user has said are still to come. */
export function awaitsWords(session: Session): boolean {
  return session.resumption !== undefined && awaitingActivities(session.turn).length > 0
}

/** The last checkpoint: what the next connection goes on from. */
export function saveForLast(session: Session, effects: Effect[]): void {
  if (!session.resumption) return
  const number = session.resumption.checkpoint + 1
  const snapshot = { ...takeSnapshot(session), checkpoint: number }
  effects.push({ type: 'checkpoint', checkpoint: number, snapshot, last: true })
}

function checkpoint(session: Session, at: number, effects: Effect[], answered: boolean): Session {
  const saved = save(session, effects, true, answered)
  effects.push(refreshTimer(session, at))
  if (answered) effects.push({ type: 'confirm-delivery', checkpoint: saved.resumption?.checkpoint ?? 0 })
  return saved
}

function save(session: Session, effects: Effect[], resumable: boolean, answered = false): Session {
  const { resumption, messages, system, context, tools, awaitsHistory } = session
  if (!resumption) return session
  const number = resumption.checkpoint + 1
  const { answer: before, ...rest } = resumption
  const stillLast = resumption.saved?.messages === messages ? before : undefined
  const answer = answered ? { checkpoint: number, received: false } : stillLast
  const point = {
    checkpoint: number,
    messages: context.dropped + messages.length,
    ...(awaitsHistory && { awaitsHistory }),
  }
  const next: Session = {
    ...session,
    resumption: {
      ...rest,
      checkpoint: number,
      points: resumable ? withPoint(resumption.points, point) : resumption.points,
      saved: { messages, system, functions: tools.functions, awaitsHistory, resumable },
      ...(answer && { answer }),
    },
  }
  effects.push({ type: 'checkpoint', checkpoint: number, snapshot: takeSnapshot(next), last: false })
  return next
}

/** An answer has come to its end with this event. */
function answeredNow(session: Session, before: Session): boolean {
  return before.output.phase !== 'silent' && session.messages.at(-1)?.role === 'model'
}

function refreshTimer(session: Session, at: number): Effect {
  const intervalMs = session.config.resumption?.transparent ? TRANSPARENT_REFRESH_MS : IDLE_REFRESH_MS
  return { type: 'set-timer', timer: 'checkpoint', at: at + intervalMs }
}
