/**
 * Whether what the microphone hears is the model itself, out of the user's loudspeaker: each activity that begins while the model is heard, or shortly after, is
 * compared with what is played. What is known to be that asks for no words, interrupts nothing and is no turn.
 */
import { LONGEST_ECHO_MS } from './config.js'
import type { Effect } from './effects.js'
import type { ActivityId } from './events.js'
import type { Session } from './session-state.js'

/** The activity that goes on. */
export interface PlayedBack {
  readonly activity: ActivityId
  /** The audio at which it is compared next, ms. */
  readonly compareMs: number
  /** It is the model; absent = not known. */
  readonly known?: {
    /** Up to here. */
    readonly untilMs: number
    /** At the loudest, dBFS. */
    readonly levelDb: number
    /** As it was compared last, it was something else. */
    readonly doubted: boolean
  }
  /** It was compared, and was something else. */
  readonly unlike?: true
}

/** Of sound after its beginning, which is enough to be compared (0.3 s with what the detector takes to notice it), and from one comparison to the next. */
const COMPARE_MS = 192

/** To be called after every frame. */
export function askForEcho(before: Session, at: number, effects: Effect[]): Session {
  const { floor, output, stream } = before
  const session =
    output.phase === 'silent' || output.clauses.length === 0 ? before : { ...before, soundedAt: at }
  if (floor.phase !== 'speaking') return session.playedBack ? withoutPlayedBack(session) : session
  const { activity, scoredMs } = floor
  const begun =
    session.playedBack?.activity === activity
      ? session.playedBack
      : { activity, compareMs: scoredMs + COMPARE_MS }
  const soundedMs = at - (session.soundedAt ?? Number.NEGATIVE_INFINITY)
  const isLive = stream.phase === 'flowing' && stream.live
  if (!isLive || (soundedMs > LONGEST_ECHO_MS && !begun.known)) return session
  // In a pause there is nothing to compare.
  const isDue = scoredMs >= begun.compareMs && floor.lastSpeechMs === scoredMs
  if (isDue) effects.push({ type: 'compare-echo', activity, toMs: scoredMs })
  return { ...session, playedBack: isDue ? { ...begun, compareMs: scoredMs + COMPARE_MS } : begun }
}

export const isPlayedBack = ({ playedBack }: Session, activity: ActivityId): boolean =>
  playedBack?.activity === activity && playedBack.known !== undefined

/** It was compared, and is none of the model's. */
export const isUnlikePlayed = ({ playedBack }: Session, activity: ActivityId): boolean =>
  playedBack?.activity === activity && !playedBack.known && playedBack.unlike === true

export function withoutPlayedBack({ playedBack: _, ...session }: Session): Session {
  return session
}
