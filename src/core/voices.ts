/**
 * Whose voice is heard: each activity is compared with the voices that the model has answered in this session, while the user speaks, and at each
 * pause where what was not said to the model is not answered. Here are the figures only; what a voice sounds like never enters the session's state, its records or its snapshots.
 */
import type { Effect } from './effects.js'
import type { ActivityId, SessionEvent } from './events.js'
import { nearestActivity } from './nearness.js'
import type { Session } from './session-state.js'
import type { OpenTurn } from './turn.js'

/** Of one activity. */
export interface HeardVoice {
  readonly activity: ActivityId
  /** Speech that was compared, pauses left out. */
  readonly speechMs: number
  /** To the most alike of the voices that were answered: the cosine, 1 = the same. */
  readonly likeness: number
}

/**
 * Likeness below which a voice is another's, by the speech that was compared: below all of a speaker's own in the practice half of
 * test/models/speaker and in its recordings, whose least were 0.66 of 1 s and of 2 s, and 0.75 of 4 s.
 */
const OTHER_VOICE = { brief: 0.6, long: 0.7 } as const
const BRIEF_MS = 1_000
const LONG_MS = 4_000
/** Log-odds for each hundredth below, beginning with the first; at most so many. */
const FIRST = -0.8
const STEP = -0.1
const MOST = -2.5

/** Log-odds that it is said by one who speaks to the model; 0 = the voice says nothing. */
export function voiceWeight({ likeness, speechMs }: Omit<HeardVoice, 'activity'>): number {
  const share = Math.max(0, Math.min(1, (speechMs - BRIEF_MS) / (LONG_MS - BRIEF_MS)))
  const below = OTHER_VOICE.brief + share * (OTHER_VOICE.long - OTHER_VOICE.brief) - likeness
  return below <= 0 ? 0 : Math.max(MOST, FIRST + 100 * STEP * below)
}

export interface Voices {
  /** Of the activities heard last, the newest last. */
  readonly heard: readonly HeardVoice[]
  /** The activity that goes on: where it was first seen, and where it is compared next while it goes on. */
  readonly early?: {
    readonly activity: ActivityId
    readonly sinceMs: number
    readonly askMs: number
    readonly asked: boolean
  }
  /** There is a voice to compare with. */
  readonly kept?: true
  /** What the user said last was softer than before. */
  readonly softer?: boolean
}

/** Of a turn with others' words in it. */
const MOST_ACTIVITIES = 4

/** Sound after which it is compared while it goes on: less than a second of speech tells little; 3 s make a voice known. */
const EARLY_MS = [1_300, 3_000]
/** Over the model's own speech it is needed sooner: the encoder hears nothing in less than 700 ms, and the decision is waited for until 800. */
const EARLY_OVER_MS = [640, 736, 960, 1_300, 2_600, 3_900]

/** At a pause. Where everything is answered nothing else is done for the answer then, but once: for a first voice to compare with. */
export function askForVoice(
  { voices, addressing, overlap }: Session,
  effects: Effect[],
  activity: ActivityId,
  toMs: number,
): void {
  if (!voices) return
  const isFirst = !voices.kept && !(voices.early?.activity === activity && voices.early.asked)
  if (addressing || overlap || isFirst) effects.push({ type: 'compare-voice', activity, toMs })
}

/** To be called after every score. */
export function compareEarly(
  session: Session,
  { startMs, endMs }: Extract<SessionEvent, { type: 'speech-score' }>,
  effects: Effect[],
): Session {
  const { voices, floor, overlap } = session
  if (!voices || floor.phase !== 'speaking' || floor.pause) return session
  const { activity } = floor
  const begun = voices.early?.activity === activity ? voices.early : undefined
  if (begun && endMs < begun.askMs) return session
  if (begun) effects.push({ type: 'compare-voice', activity, toMs: endMs })
  const sinceMs = begun?.sinceMs ?? startMs
  // Where each pause is asked about as well, once is enough.
  const moments = overlap ? EARLY_OVER_MS : session.addressing ? EARLY_MS.slice(0, 1) : EARLY_MS
  const next = moments.find((ms) => ms > endMs - sinceMs) ?? Number.POSITIVE_INFINITY
  const early = { activity, sinceMs, askMs: sinceMs + next, asked: begun !== undefined }
  return { ...session, voices: { ...voices, early } }
}

export function hearVoice(session: Session, event: Extract<SessionEvent, { type: 'voice' }>): Session {
  const { voices } = session
  if (!voices) return session
  const { activity, speechMs, likeness } = event
  const others = voices.heard.filter((voice) => voice.activity !== activity)
  const heard = [...others, { activity, speechMs, likeness }].slice(-MOST_ACTIVITIES)
  return { ...session, voices: { ...voices, heard } }
}

/** As far as it is known of the turn's nearest part. */
export function voiceOf(session: Session, turn: OpenTurn): HeardVoice | undefined {
  const nearest = nearestActivity(session, turn)
  return session.voices?.heard.find(({ activity }) => activity === nearest)
}

/** It was said to the model: this is a voice that it answers. `sure`: beyond doubt, so that a voice not heard before is one too. */
export function keepVoice(session: Session, turn: OpenTurn, sure: boolean, effects: Effect[]): Session {
  const { voices } = session
  const activity = nearestActivity(session, turn)
  if (!voices || activity === undefined) return session
  effects.push({ type: 'keep-voice', activity, sure })
  return voices.kept ? session : { ...session, voices: { ...voices, kept: true } }
}

/** Each dB that a voice is softer counts as so much less likeness: recordings of one speaker were 0.66 alike and more, televisions at −9 to −13 dB up to 0.69. */
const LIKENESS_OF_DB = 0.01

/**
 * Where everything is answered, a voice has to be so much less like the user's before its words count for nothing: there the client may be a browser, and what its echo
 * canceller left of the user's voice was 0.62 alike at −7.5 dB. Televisions of −10 to −15 dB were 0.38 to 0.59.
 */
const SPARED = 0.08

/** Of an activity that goes on: whether it is plainly none of those that were answered; undefined = not known. */
export function isOtherVoice(
  { voices, config }: Session,
  activity: ActivityId,
  softerDb: number,
): boolean | undefined {
  const heard = voices?.heard.findLast((voice) => voice.activity === activity)
  if (!heard) return undefined
  const { likeness, speechMs } = heard
  const spared = config.proactive ? 0 : SPARED
  return voiceWeight({ likeness: likeness + spared - LIKENESS_OF_DB * softerDb, speechMs }) < 0
}
