/**
 * The microphone hears the model out of the user's loudspeaker: by its sound, whatever a recogniser makes of it. What is mostly that interrupts nothing and is
 * answered by nobody, until somebody speaks over it.
 */
import { goOnAsAnother } from './activity.js'
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import { resume } from './overlap.js'
import type { Session } from './session-state.js'

/** Of the power: what a user says over an echo 6 dB softer has less in 99 of 100 (runtime/echo-share). */
const MOSTLY = 0.5
/** Between two words of the model what is left in the room is unlike it, and softer by more than this; who speaks over it is as loud. */
const SOFTER_DB = 3
/** Somebody was heard for so long by the time at which that is known. */
const BEFORE_MS = 300

/** What is softer, and only once unlike the model, may be a moment between two of its words. */
export function hearEcho(
  session: Session,
  { at, activity, toMs, share, levelDb }: Extract<SessionEvent, { type: 'echo' }>,
  effects: Effect[],
): Session {
  const { overlap, output } = session
  if (overlap?.activity !== activity) return session
  const { playedBack, ...rest } = overlap
  if (share >= MOSTLY) {
    const loudestDb = Math.max(levelDb, playedBack?.levelDb ?? levelDb)
    const known = { levelDb: loudestDb, doubted: false }
    return resume({ ...session, overlap: { ...rest, verdict: 'echo', playedBack: known } }, effects)
  }
  if (!playedBack) return session
  if (!playedBack.doubted && levelDb < playedBack.levelDb - SOFTER_DB)
    return { ...session, overlap: { ...rest, playedBack: { ...playedBack, doubted: true } } }
  const { overlap: _, ...over } = session
  // The answer is over: what is said now is a turn as any other.
  if (output.phase === 'silent' || output.response !== overlap.response) return over
  return goOnAsAnother(session, at, effects, toMs - BEFORE_MS)
}
