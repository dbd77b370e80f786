/**
 * A sign of listening that was understood over the model's speech, and whether what is heard of the same sound a moment later is that sign still. It knows guesses at
 * words only; what follows from them is the overlap's.
 */
import type { SessionEvent } from './events.js'
import { countWords, isDoubtful, UNSURE } from './spoken-over.js'

/** One guess at the words. */
export type Heard = Pick<Extract<SessionEvent, { type: 'words' }>, 'text' | 'audioMs' | 'sureness' | 'lead'>

export interface Assent {
  readonly words: number
  /** Of the surest guess at one. */
  readonly sureness: number
  /** What was heard by then. */
  readonly audioMs: number
}

/** From one guess to the next are 256 ms, and 64 of silence end it: an answer of several words behind a sign is longer. */
const LITTLE_MS = 350
/** A guess at more is believed where it is so much surer than the one at the sign. */
const SURER = 0.05

/**
 * A sign of listening that was understood is heard as something else a moment later ("right" as "writer", "I see" as "I see him"): at most a word more, in doubt, or no surer
 * than the sign was where little was said in between.
 */
export function isAssentStill(assent: Assent | undefined, heard: Heard, isWhole: boolean): boolean {
  const { text, audioMs, sureness } = heard
  if (assent === undefined || countWords(text) > assent.words + 1) return false
  if (isDoubtful(text, sureness, isWhole)) return true
  if (sureness === undefined || audioMs - assent.audioMs > LITTLE_MS) return false
  return isDoubtful(text, sureness, isWhole, assent.sureness + SURER)
}

/** A guess that is hardly one tells nothing of the next. */
export function withAssent(
  assent: Assent | undefined,
  { text, audioMs, sureness = 0 }: Heard,
): Assent | undefined {
  if (sureness < UNSURE) return assent
  return { words: countWords(text), sureness: Math.max(sureness, assent?.sureness ?? sureness), audioMs }
}
