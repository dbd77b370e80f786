/**
 * Whose voice is heard: each activity is compared with the voices that the model has answered in this session, while the user speaks and at each
 * pause. Here are the figures only; what a voice sounds like never enters the session's state, its records or its snapshots.
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
  /** The activity that goes on: where it was first seen, and whether it was compared meanwhile. */
  readonly early?: { readonly activity: ActivityId; readonly sinceMs: number; readonly asked: boolean }
}

/** Of a turn with others' words in it. */
const MOST_ACTIVITIES = 4

/** Sound after which it is compared while it goes on: less than a second of speech tells little. */
const EARLY_MS = 1_300

export function askForVoice(session: Session, effects: Effect[], activity: ActivityId, toMs: number): void {
  if (session.voices) effects.push({ type: 'compare-voice', activity, toMs })
}

/** To be called after every score. */
export function compareEarly(
  session: Session,
  { startMs, endMs }: Extract<SessionEvent, { type: 'speech-score' }>,
  effects: Effect[],
): Session {
  const { voices, floor } = session
  if (!voices || floor.phase !== 'speaking' || floor.pause) return session
  const { activity } = floor
  const { early } = voices
  if (early?.activity !== activity)
    return { ...session, voices: { ...voices, early: { activity, sinceMs: startMs, asked: false } } }
  if (early.asked || endMs - early.sinceMs < EARLY_MS) return session
  askForVoice(session, effects, activity, endMs)
  return { ...session, voices: { ...voices, early: { ...early, asked: true } } }
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
export function keepVoice(session: Session, turn: OpenTurn, sure: boolean, effects: Effect[]): void {
  const activity = nearestActivity(session, turn)
  if (session.voices && activity !== undefined) effects.push({ type: 'keep-voice', activity, sure })
}
