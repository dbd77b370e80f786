/**
 * A sign of listening that was understood over the model's speech, and whether what is heard of the same sound a moment later is that sign still. It knows guesses at
 * words only; what follows from them is the overlap's.
 */
import type { SessionEvent } from './events.js'
import { countWords, isDoubtful } from './spoken-over.js'

/** One guess at the words. */
export type Heard = Pick<Extract<SessionEvent, { type: 'words' }>, 'text' | 'audioMs' | 'sureness'>

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

/** A sign of listening that was understood is heard as something else a moment later ("right" as "writer", "I see" as "I see him"). */
export function isAssentStill(assent: Assent | undefined, heard: Heard, isWhole: boolean): boolean {
  return isNear(assent, heard) && isDoubtful(heard.text, heard.sureness, isWhole)
}

/** The same where it is no surer than the sign was, and little was said in between: of what goes on the next guess tells. */
export function isNoSurerThanAssent(assent: Assent | undefined, heard: Heard, isWhole: boolean): boolean {
  const { text, audioMs, sureness } = heard
  if (!isNear(assent, heard) || sureness === undefined || audioMs - assent.audioMs > LITTLE_MS) return false
  return isDoubtful(text, sureness, isWhole, assent.sureness + SURER)
}

/** At most a word more. */
const isNear = (assent: Assent | undefined, { text }: Heard): assent is Assent =>
  assent !== undefined && countWords(text) <= assent.words + 1

export const withAssent = (assent: Assent | undefined, { text, audioMs, sureness = 0 }: Heard): Assent => ({
  words: countWords(text),
  sureness: Math.max(sureness, assent?.sureness ?? sureness),
  audioMs,
})
