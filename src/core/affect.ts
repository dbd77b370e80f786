/**
 * Affective dialogue within a session: what is known of the speaker's way, how the turn sounds, the mood across turns, and what all that
 * makes of an answer. What is not known when an answer begins does not change it: nothing waits for a tone.
 */
import type { Effect } from './effects.js'
import type { ActivityId, SessionEvent } from './events.js'
import type { Session } from './session-state.js'
import {
  answeringManner,
  type Manner,
  markedTone,
  NEW_SPEAKER,
  readTone,
  type SpeakerManner,
  type SpeakingManner,
  type Tone,
  toneNote,
  withManner,
} from './tone.js'
import type { OpenTurn } from './turn.js'

export interface Affect {
  /** As known before the activity heard last. */
  readonly speaker: SpeakerManner
  readonly last?: { readonly activity: ActivityId; readonly manner: Manner }
  /** Moves slowly from turn to turn; 0 = nothing was noticed. */
  readonly mood: { readonly arousal: number; readonly valence: number }
}

export const NEW_AFFECT: Affect = { speaker: NEW_SPEAKER, mood: { arousal: 0, valence: 0 } }

/** A question as the model is given it, and how its answer is spoken. */
export interface HeardQuestion {
  readonly text: string
  readonly tone?: Tone
  readonly manner?: SpeakingManner
}

/** Share of the turn that is answered in the mood after it. */
const MOOD_STEP = 0.4
/** A mood this strong is answered even where a turn sounds neutral. */
const MOOD_MARKED = 0.35

export function askForManner(session: Session, effects: Effect[], activity: ActivityId, toMs: number): void {
  if (session.affect || session.addressing) effects.push({ type: 'read-manner', activity, toMs })
}

export function hearManner(session: Session, event: Extract<SessionEvent, { type: 'manner' }>): Session {
  const { affect } = session
  if (!affect) return session
  const { activity, manner } = event
  const { last } = affect
  // The same activity is heard again whenever it pauses: it counts once, as it sounded in the end.
  const speaker =
    last && last.activity !== activity ? withManner(affect.speaker, last.manner) : affect.speaker
  return { ...session, affect: { ...affect, speaker, last: { activity, manner } } }
}

/** `text` as it is put to the model if the turn ends now. */
export function heardQuestion(
  { affect }: Session,
  turn: OpenTurn,
  text: string,
  language: string,
): HeardQuestion {
  const tone = affect && turnTone(affect, turn, text, language)
  if (!affect || !tone) return { text }
  const note = toneNote(tone, language)
  const manner = answeringManner(tone) ?? answeringManner(moodTone(withMood(affect, tone)))
  return { text: note === '' ? text : `${note} ${text}`, tone, ...(manner && { manner }) }
}

/** The mood after a turn that sounded so. */
export function settleMood(session: Session, { tone }: HeardQuestion): Session {
  const { affect } = session
  return affect && tone ? { ...session, affect: withMood(affect, tone) } : session
}

function turnTone(affect: Affect, turn: OpenTurn, text: string, language: string): Tone | undefined {
  const { last, speaker } = affect
  if (!last || !turn.parts.some((part) => part.kind === 'activity' && part.id === last.activity)) {
    return undefined
  }
  return readTone(last.manner, text, language, speaker)
}

function withMood(affect: Affect, tone: Tone): Affect {
  if (tone.name === 'unknown') return affect
  const { arousal, valence } = affect.mood
  return {
    ...affect,
    mood: {
      arousal: arousal + MOOD_STEP * (tone.arousal - arousal),
      valence: valence + MOOD_STEP * (tone.valence - valence),
    },
  }
}

/** What the mood amounts to, where it is marked. */
function moodTone({ mood }: Affect): Tone {
  const isBad = mood.valence <= -MOOD_MARKED
  const name = isBad || mood.arousal >= MOOD_MARKED ? markedTone(mood.arousal, isBad) : 'neutral'
  return { name, ...mood, confidence: 1 }
}
