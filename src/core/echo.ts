/**
 * Whether what is heard is the model's own speech out of a loudspeaker, by its words. Pure; it knows no sessions.
 */
import { withoutAccents } from './whole-words.js'

/** Share of what was heard that the model itself said, from which it is its echo; of the first few words, which are misheard more often. */
const ECHO_SHARE = 0.6
const SHORT_ECHO_SHARE = 0.5
const SHORT_ECHO_WORDS = 4
/** Of what was not understood well. */
const UNSURE_ECHO_WORDS = 6
/** An echo goes on for as long as the model speaks: the newest words tell whether somebody speaks as well. */
const NEWEST_WORDS = 8
/** From so many words on it can be nothing but an echo; fewer are in many sentences of a user's as well ("how much", of a model that had said "much"). */
export const PLAIN_ECHO_WORDS = 4

/** In a row, where it does not sound like the model: "will the pharmacy on the …" has four words of any answer, and no three behind one another. */
const UNLIKE_RUN_WORDS = 3

interface EchoOptions {
  /** No more words will come, unless speech goes on. */
  readonly isWhole: boolean
  /** It was not understood well. */
  readonly isUnsure: boolean
  /** Words that take the floor: few words with one are an echo only where the model has said it. */
  readonly orders: ReadonlySet<string>
  /** It was compared with what was played and is another sound: of the model's, at most what a client's echo cancellation has left. */
  readonly isUnlike: boolean
}

/** A digit, or the name of a number. */
const NUMBER = new RegExp(
  `^(?:\\p{N}+|${[
    'zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen',
    '(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece',
    'catorce|quince|dieci\\p{L}+|veint[ei]\\p{L}*|(?:trei|cuare|cincue|sese|sete|oche|nove)nta|cien|cientos?|\\p{L}+cientos|quinientos|mil|millón|millones',
  ].join('|')})$`,
  'u',
)

/** "Four" comes back as "4", and "six thousand six hundred" as "6,600" or "6 6 100": of numbers it only counts that there is one. */
const withNumbers = (words: readonly string[]): readonly string[] =>
  words
    .map((word) => (NUMBER.test(word) ? '#' : word))
    .filter((word, index, all) => word !== '#' || all[index - 1] !== '#')

/**
 * Enough of the newest words come in what was played, in that order. A single one could be anybody's, and of two one is in any answer: "hang on" is an
 * echo only as long as more may come.
 */
export function isEcho(
  words: readonly string[],
  played: readonly string[],
  { isWhole, isUnsure, orders, isUnlike }: EchoOptions,
): boolean {
  const said = withNumbers(played)
  const heard = withNumbers(words).slice(-NEWEST_WORDS)
  if (heard.length < 2) return false
  const isShort = heard.length < (isUnsure ? UNSURE_ECHO_WORDS : SHORT_ECHO_WORDS)
  if (isShort && heard.some((word) => orders.has(word) && !said.includes(word))) return false
  const share = isShort && !isWhole ? SHORT_ECHO_SHARE : ECHO_SHARE
  // "Las pastas" comes back as "Lás pastas".
  const [mine, models] = [heard.map(withoutAccents), said.map(withoutAccents)]
  if (isUnlike && longestRun(mine, models, isWhole) < Math.min(heard.length, UNLIKE_RUN_WORDS)) return false
  return commonInOrder(mine, models, isWhole) / heard.length >= share
}

/** Words behind one another in both. */
function longestRun(heard: readonly string[], said: readonly string[], isWhole: boolean): number {
  let longest = 0
  let row = new Array<number>(said.length + 1).fill(0)
  for (const [place, word] of heard.entries()) {
    const isCut = !isWhole && place === heard.length - 1
    row = [0, ...said.map((other, index) => (sounds(word, other, isCut) ? (row[index] ?? 0) + 1 : 0))]
    longest = Math.max(longest, ...row)
  }
  return longest
}

/** Length of the longest common subsequence. */
function commonInOrder(heard: readonly string[], said: readonly string[], isWhole: boolean): number {
  let row = new Array<number>(said.length + 1).fill(0)
  for (const [place, word] of heard.entries()) {
    const isCut = !isWhole && place === heard.length - 1
    const next = [0]
    for (const [index, other] of said.entries()) {
      const same = sounds(word, other, isCut)
      next.push(same ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** Letters that two words have in common at least where they are taken for the same, and of one that is cut off. */
const SAME_LETTERS = 4
const CUT_LETTERS = 2

/** Equal, or begun alike: an echo is recognised worse than speech ("wanting" for "wanted"), and its last word is often cut off ("be" for "become"). */
function sounds(heard: string, said: string, isCut: boolean): boolean {
  if (heard === said) return true
  if (isCut && heard.length >= CUT_LETTERS && said.startsWith(heard)) return true
  const shorter = Math.min(heard.length, said.length)
  let same = 0
  while (same < shorter && heard[same] === said[same]) same++
  const isEnough = same >= Math.min(SAME_LETTERS, shorter - 1)
  return shorter >= SAME_LETTERS && isEnough && same >= Math.max(heard.length, said.length) / 2
}
