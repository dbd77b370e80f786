/** Notices that a decoder has begun to repeat itself, so that it is stopped and the repetitions dropped. Pure. */

/** Longest phrase looked for, in tokens. */
const MAX_PERIOD = 30

/** People do say "no no no", and numbers and whole sentences twice: the shorter the phrase, the more often it must come to be a loop. */
const repetitionsOf = (period: number): number => (period < 4 ? 6 : 3)

/**
 * Tokens at the end of `ids` that only repeat what stands before them; 0 where they don't. `ranOut`: more was said than can be said in the
 * time, so that twice is a loop already.
 */
export function repeatedTail(ids: readonly number[], ranOut: boolean): number {
  for (let period = 1; period <= MAX_PERIOD; period++) {
    const repeated = repeatedCount(ids, period)
    const repetitions = ranOut ? 2 : repetitionsOf(period)
    if (repeated >= period * (repetitions - 1)) return repeated
  }
  return 0
}

/** A sentence of so many tokens, and more, that comes twice is a slip of the decoder where nobody speaks so fast: 15 letters a second are usual, 20 are fast. */
const SENTENCE_TOKENS = 4
const FASTEST_LETTERS_PER_SECOND = 25

/**
 * Tokens at the end of `ids`, a text of so many letters, that say all of it a second time, which cannot have been said in `seconds`; 0 where they don't. Whisper does so with clips that are cut
 * right behind a word.
 */
export function saidAgain(ids: readonly number[], letters: number, seconds: number): number {
  const half = ids.length / 2
  const isTwice = half >= SENTENCE_TOKENS && Number.isInteger(half) && repeatedCount(ids, half) === half
  return isTwice && letters > FASTEST_LETTERS_PER_SECOND * seconds ? half : 0
}

/** Tokens at the end that equal the one `period` places before them. */
function repeatedCount(ids: readonly number[], period: number): number {
  let count = 0
  while (count + period < ids.length && ids[ids.length - 1 - count] === ids[ids.length - 1 - count - period])
    count++
  return count
}
