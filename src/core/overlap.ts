/**
 * The user makes sounds while the model is heard. Output stops at once; the words then tell an interruption from an "mm-hm", a cough or the
 * model's own echo, and it ends for good or goes on at the same sample. An overlap ends with the response it began in: what the
 * user says after that is a turn as any other.
 */
import type { Effect } from './effects.js'
import type { ActivityId } from './events.js'
import { heardText, playingText, playoutEnd } from './playout.js'
import * as response from './response.js'
import type { Session } from './session-state.js'
import { countWords, judgeSpeech, type Verdict } from './spoken-over.js'
import { withoutActivity } from './turn.js'

/** Suspicion may stop output for so long: then it is decided by what is known. */
export const DECIDE_MS = 500
/** Speech after its onset that is enough for a first guess at the words. */
const FIRST_WORDS_MS = 160
/** While it goes on, the words are asked for again after so much speech. */
const NEXT_WORDS_MS = 640
/** Words of the model that may come back as an echo: those played this long before. */
const ECHO_MS = 4_000

export interface Overlap {
  readonly activity: ActivityId
  readonly response: number
  /** Nothing leaves until it is decided, at the latest when the timer runs out. */
  readonly paused: boolean
  /** Audio up to which words were asked for, ms. */
  readonly askedMs: number
  /** What the last words were taken for; absent while none have come. */
  readonly verdict?: Verdict
}

/** Whether speech now would be heard over the model's own: a live listener hears an answer that its speech may interrupt. */
export function isTalkedOver({ config, output, stream }: Session): boolean {
  if (!config.interruptible || !config.floor.automatic || config.modality === 'TEXT') return false
  if (output.phase === 'silent' || output.clauses.length === 0) return false
  return stream.phase === 'flowing' && stream.live
}

export function beginOverlap(
  session: Session,
  at: number,
  effects: Effect[],
  activity: ActivityId,
  onsetMs: number,
): Session {
  const { output } = session
  if (output.phase === 'silent') return session
  effects.push({ type: 'pause-response', response: output.response })
  effects.push({ type: 'set-timer', timer: 'barge-in', at: at + DECIDE_MS })
  const askedMs = onsetMs - NEXT_WORDS_MS + FIRST_WORDS_MS
  return { ...session, overlap: { activity, response: output.response, paused: true, askedMs } }
}

/** Asks for the words of speech that goes on. To be called after every frame. */
export function askForWords(session: Session, effects: Effect[]): Session {
  const { overlap, floor } = session
  if (!overlap || floor.phase !== 'speaking' || floor.pause) return session
  const toMs = floor.scoredMs
  if (toMs - overlap.askedMs < NEXT_WORDS_MS) return session
  effects.push({ type: 'guess-words', activity: overlap.activity, toMs })
  return { ...session, overlap: { ...overlap, askedMs: toMs } }
}

/** Words of the overlap. `final`: no more of them will come unless speech goes on. */
export function hearOverlap(
  session: Session,
  at: number,
  effects: Effect[],
  text: string,
  final: boolean,
): Session {
  const { overlap, output } = session
  if (!overlap || output.phase === 'silent') return session
  const { clauses } = output
  const verdict = judgeSpeech(text, {
    played: playingText(clauses, at - ECHO_MS, at),
    wasAsked: /[?？]["'”’)]*$/.test(heardText(clauses, at)) && at >= playoutEnd(clauses) - DECIDE_MS,
  })
  // The beginning of "right" or "uh-huh" is heard as another word: one alone says nothing until it is known to be all.
  if (verdict === 'words' && !final && countWords(text) < 2) return session
  if (verdict === 'words') return response.interrupt(session, at, effects)
  const judged = { ...session, overlap: { ...overlap, verdict } }
  return final ? resume(judged, effects) : judged
}

/** Time is up. Without any words yet, sound that goes on is taken for speech: being overheard is worse than a gap. */
export function decideOverlap(session: Session, at: number, effects: Effect[]): Session {
  const { overlap, floor } = session
  if (!overlap?.paused) return session
  const goesOn = floor.phase === 'speaking' && floor.activity === overlap.activity && !floor.pause
  if (overlap.verdict === undefined && goesOn) return response.interrupt(session, at, effects)
  return resume(session, effects)
}

/** The sound is over and was no interruption: nobody will answer it. */
export function dismissOverlap(session: Session, effects: Effect[]): Session {
  const { overlap, turn } = session
  if (!overlap) return session
  const { overlap: _, ...rest } = resume(session, effects)
  return { ...rest, turn: turn && withoutActivity(turn, overlap.activity) }
}

/** To be called after every event: an overlap does not outlive its response. */
export function endOverlap(session: Session, effects: Effect[]): Session {
  const { overlap, output } = session
  if (!overlap || (output.phase !== 'silent' && output.response === overlap.response)) return session
  if (overlap.paused) effects.push({ type: 'clear-timer', timer: 'barge-in' })
  const { overlap: _, ...rest } = session
  return rest
}

/** Whether this activity may still turn out to be nothing. */
export function overlaps(session: Session, activity: ActivityId): boolean {
  return session.overlap?.activity === activity
}

function resume(session: Session, effects: Effect[]): Session {
  const { overlap } = session
  if (!overlap?.paused) return session
  effects.push({ type: 'clear-timer', timer: 'barge-in' })
  effects.push({ type: 'resume-response', response: overlap.response })
  return { ...session, overlap: { ...overlap, paused: false } }
}
