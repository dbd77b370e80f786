/**
 * The microphone hears the model out of the user's loudspeaker: by its sound, whatever a recogniser makes of it. What is mostly that interrupts nothing and is
 * answered by nobody, until it is plainly something else.
 */
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import { COMPARE_MS, resume, suspect } from './overlap.js'
import type { Session } from './session-state.js'

/** Of the power: what a user says over an echo 6 dB softer has less in 99 of 100 (runtime/echo-share). */
const MOSTLY = 0.5

/** To be called after every frame. */
export function askForEcho(session: Session, effects: Effect[]): Session {
  const { overlap, floor } = session
  if (!overlap || floor.phase !== 'speaking' || floor.activity !== overlap.activity) return session
  const toMs = floor.scoredMs
  // In a pause there is nothing to compare.
  if (toMs < overlap.compareMs || floor.lastSpeechMs < toMs) return session
  effects.push({ type: 'compare-echo', activity: overlap.activity, toMs })
  return { ...session, overlap: { ...overlap, compareMs: toMs + COMPARE_MS } }
}

/** What is only once unlike it may be a moment between two words. */
export function hearEcho(
  session: Session,
  { at, activity, toMs, share }: Extract<SessionEvent, { type: 'echo' }>,
  effects: Effect[],
): Session {
  const { overlap, output } = session
  if (overlap?.activity !== activity) return session
  if (share >= MOSTLY)
    return resume({ ...session, overlap: { ...overlap, verdict: 'echo', playedBack: 'plainly' } }, effects)
  if (!overlap.playedBack) return session
  if (overlap.playedBack === 'plainly') return { ...session, overlap: { ...overlap, playedBack: 'doubted' } }
  const { overlap: _, ...rest } = session
  // The answer is over: what is said now is a turn as any other.
  if (output.phase === 'silent' || output.response !== overlap.response) return rest
  const { playedBack: __, verdict: ___, doubts: ____, ...unknown } = overlap
  return { ...session, overlap: suspect(unknown, at, effects, toMs - COMPARE_MS) }
}
