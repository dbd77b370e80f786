/**
 * How loud those speak whom the model answers, at their microphone: over the model's own speech what is far softer is a television, or people
 * who talk among themselves. It knows levels only.
 */
import type { Speaking } from './floor.js'
import type { Session } from './session-state.js'

/**
 * Sentences of one speaker were up to 3.6 dB apart, who turns away or leans back loses about 6, and a browser's echo canceller turns the microphone
 * down while the model speaks: at 9 one of two interruptions in Chromium was taken for a television.
 */
const FAR_BELOW_DB = 15
/** Softer than that it may be somebody else further away: then the voice is asked as well. */
const SOFTER_DB = 6
/** How much of what is known the newest activity changes: people move, and so do microphones. */
const NEWEST = 0.5

/** An activity of the user's has ended. What had no words was nobody's voice. */
export function withVoice(session: Session, { loudestDb, pause }: Speaking): Session {
  if (loudestDb === undefined || pause?.words?.text === '') return session
  const { voiceDb = loudestDb, voices } = session
  const next = { ...session, voiceDb: voiceDb + NEWEST * (loudestDb - voiceDb) }
  return voices ? { ...next, voices: { ...voices, softer: softness(loudestDb, voiceDb) > 0 } } : next
}

/** Too soft to be who was answered so far. Where nobody has spoken yet nothing is. */
export const isFarVoice = (loudestDb: number | undefined, voiceDb: number | undefined): boolean =>
  softerDb(loudestDb, voiceDb) > FAR_BELOW_DB

/** By how much it is softer than who was answered so far mostly is, beyond what says nothing. */
export const softness = (loudestDb: number | undefined, voiceDb: number | undefined): number =>
  Math.max(0, softerDb(loudestDb, voiceDb) - SOFTER_DB)

const softerDb = (loudestDb: number | undefined, voiceDb: number | undefined): number =>
  loudestDb === undefined || voiceDb === undefined ? 0 : voiceDb - loudestDb
