/**
 * Which language a window of speech is taken for, by the likelihood that the model gives each: the one that was spoken before unless another
 * is likely enough. A word or two tell the model little, and a wrong language makes a translation or nonsense of plain words. Pure.
 *
 * Measured with Whisper base in int8 on synthetic speech in five languages (test/models/languages): of whole sentences the spoken language was
 * the likeliest in all, with 0.8 and more in all but one (0.62); of one to three words it was in 17 of 24, and the wrong ones had at most 0.72.
 */

/** From here on another language is believed at once. */
const CERTAIN = 0.8
/** From here on the words decide between it and the language before. */
const POSSIBLE = 0.4

export interface Likelihood {
  readonly language: string
  /** Share among all languages, 0 … 1. */
  readonly probability: number
}

/** One = that is it. Two = the words must tell: it is the one whose words the model is surer of. The one before leads. */
export function candidateLanguages(
  likeliest: Likelihood,
  before: string,
): readonly [string] | readonly [before: string, other: string] {
  const { language, probability } = likeliest
  if (language === before || probability < POSSIBLE) return [before]
  return probability >= CERTAIN ? [language] : [before, language]
}
