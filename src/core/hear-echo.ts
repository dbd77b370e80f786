/** What follows from a comparison with what is played: the model out of a loudspeaker goes on, and whoever speaks over it is heard without it. */
import { goOnAsAnother } from './activity.js'
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import { resume } from './overlap.js'
import { withoutPlayedBack } from './played-back.js'
import type { Session } from './session-state.js'

/** Of the power: of 2,000 comparisons of what users say, and televisions, three had more than half, and one more than this (runtime/echo-share). */
const MOSTLY = 0.6
/** Once it is known. */
const STILL = 0.5
/** Between two words of the model what is left in the room is unlike it, and softer by more than this; who speaks over it is as loud. */
const SOFTER_DB = 3

/** What is softer, and only once unlike the model, may be a moment between two of its words. */
export function hearEcho(
  session: Session,
  { at, activity, toMs, share, levelDb }: Extract<SessionEvent, { type: 'echo' }>,
  effects: Effect[],
): Session {
  const { playedBack, overlap } = session
  if (playedBack?.activity !== activity) return session
  const { known, unlike } = playedBack
  if (share < (known ? STILL : MOSTLY)) {
    if (!known) return { ...session, playedBack: { ...playedBack, unlike: true } }
    if (known.doubted || levelDb >= known.levelDb - SOFTER_DB)
      return goOnAsAnother(withoutPlayedBack(session), at, effects, known.untilMs)
    return { ...session, playedBack: { ...playedBack, known: { ...known, doubted: true } } }
  }
  const over = overlap?.activity === activity ? overlap : undefined
  // Somebody spoke, and their words are awaited: what still comes out of the loudspeaker ends soon, since nothing is sent.
  if ((unlike || over?.mixed) && (!over || over.paused)) return session
  const loudestDb = Math.max(levelDb, known?.levelDb ?? levelDb)
  const next = { untilMs: toMs, levelDb: loudestDb, doubted: false }
  const heard: Session = { ...session, echoes: true, playedBack: { ...playedBack, known: next } }
  return over ? resume({ ...heard, overlap: { ...over, verdict: 'echo' } }, effects) : heard
}
