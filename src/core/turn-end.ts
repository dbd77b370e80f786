/**
 * Whether the words so far are all that will be said: the rules of `completeness`, and what the language model expects behind them, which knows far more
 * of sentences. Of 10,700 ends of turns that were written to be hard, without their marks (test/models/floor/fit-ends.ts), the rules hold 46 % of what stops in the middle and 13 % of
 * what is over; of 3,430 of them the model's view alone holds 92 and 11 % below `DOUBTFUL`, 88 and 8 % below 0. Pure; it knows nothing of time.
 */
import { type Completeness, completeness } from './completeness.js'

/** What may follow the words, whatever mark stands there: natural logarithms of probabilities. */
export interface Foreseen {
  /** The end of a sentence. */
  readonly ends: number
  /** Three dots. */
  readonly trailsOff: number
}

/** In others nothing was measured. */
const FITTED_LANGUAGES = new Set(['en', 'es'])
/** Of `endCues`, and their sum without any: test/models/floor/fit-ends.ts. */
const WORTH: readonly number[] = [1.14, -0.48, -2.2]
const BIAS = 4.9

/** Odds (their natural logarithm) below which something is missing, below which more may come, and above which nothing is missing, whatever the rules say. */
const UNFINISHED = -4
const DOUBTFUL = 0.5
const OVER = 2

/** `language`: of the words; `foreseen`: absent where no language model has read them. */
export function wordsEnd(text: string, language: string, foreseen: Foreseen | undefined): Completeness {
  const rule = completeness(text)
  if (!foreseen || rule === 'number' || !FITTED_LANGUAGES.has(language.slice(0, 2))) return rule
  const odds = endCues(text, foreseen).reduce((sum, cue, index) => sum + cue * WORTH[index]!, BIAS)
  if (odds < UNFINISHED) return 'unfinished'
  if (odds < DOUBTFUL) return rule === 'unfinished' ? rule : 'doubtful'
  if (rule === 'question' || rule === 'sentence') return rule
  if (odds < OVER) return rule === 'open' ? rule : 'doubtful'
  return 'sentence'
}

/** More words than so many are all the same. */
const MOST_WORDS = 20

/** What speaks for an end. Behind few words the model expects one less: "Who is it?", "Come in." */
export function endCues(text: string, { ends, trailsOff }: Foreseen): readonly number[] {
  return [ends, trailsOff, Math.log(Math.min(text.match(/[\p{L}\p{N}'’]+/gu)?.length ?? 1, MOST_WORDS))]
}
