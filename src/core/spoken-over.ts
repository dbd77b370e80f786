/**
 * What somebody says while the model speaks: something of their own, a sign of listening ("mm-hm"), nothing but noise, the model's own
 * words out of a loudspeaker, or a short sound that the recogniser has guessed words for. English and Spanish; it knows no sessions.
 */

export type Verdict = 'words' | 'backchannel' | 'noise' | 'echo' | 'unsure'

export interface SpokenOver {
  /** What the model was heard to say lately. */
  readonly played: string
  /** The model has just asked something: "yes" is an answer then. */
  readonly wasAsked: boolean
  /** Length of what was said. */
  readonly speechMs?: number
  /** Mean log-probability of its tokens; absent = the recogniser does not say. */
  readonly sureness?: number
}

/** Signs of listening, each of one or more words. */
const BACKCHANNELS = new Set(
  (
    'yeah|yes|yep|yup|ok|okay|right|alright|all right|sure|i see|got it|uh huh|mm|mhm|mm hm|mm hmm|hmm|hm|ah|oh|aha|wow|cool|nice|great|' +
    'yes sir|exactly|indeed|really|thank you|thanks|good|fine|of course|go on|true|' +
    'sí|si|ajá|aja|vale|claro|ya|bien|bueno|muy bien|entiendo|ya veo|eso|exacto|gracias|perfecto|de acuerdo|venga|anda|ah sí'
  ).split('|'),
)
/** The sounds that recognisers spell in many ways: mm, mhm, hmm, uh-huh, aha, oh. */
const HUM = /^(?:m+|h+m+|m+h+m*|u+h+|h+u+h+|a+h+(?:a+h*)?|o+h+|e+h+|a+j+á|[oau]h)$/
/** A longer one says something of its own. */
const LONGEST_BACKCHANNEL = 4
/** Share of what was heard that the model itself said, from which it is its echo; of a few words, which are misheard more often. */
const ECHO_SHARE = 0.6
const SHORT_ECHO_SHARE = 0.5
const SHORT_ECHO_WORDS = 4
/** An echo goes on for as long as the model speaks: the newest words tell whether somebody speaks as well. */
const NEWEST_WORDS = 8
/**
 * "Mm-hm" has no spelling that a recogniser knows, and it guesses: "MMMT CHEMP", "Loughed", "Same M". Of 15 such sounds the words had
 * −0.51 … −1.12, of 20 sentences that interrupt −0.05 … −0.33. Longer speech is in doubt because of noise.
 */
const UNSURE = -0.85
const UNSURE_MS = 1_200

export function judgeSpeech(text: string, over: SpokenOver): Verdict {
  const { played, wasAsked, speechMs = Number.POSITIVE_INFINITY, sureness = 0 } = over
  const words = wordsOf(text)
  if (words.length === 0) return 'noise'
  if (isEcho(withDigits(words), withDigits(wordsOf(played)))) return 'echo'
  if (isBackchannel(words) && !wasAsked) return 'backchannel'
  return sureness < UNSURE && speechMs < UNSURE_MS ? 'unsure' : 'words'
}

export const countWords = (text: string): number => wordsOf(text).length

function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}']+/gu) ?? []
  )
}

/** Every word belongs to some sign of listening: "yeah, okay", "uh-huh, I see". */
function isBackchannel(words: readonly string[]): boolean {
  if (words.length > LONGEST_BACKCHANNEL) return false
  for (let first = 0; first < words.length; ) {
    const length = [3, 2, 1].find((count) => BACKCHANNELS.has(words.slice(first, first + count).join(' ')))
    const taken = length ?? (HUM.test(words[first] ?? '') ? 1 : 0)
    if (taken === 0) return false
    first += taken
  }
  return true
}

/** "Four" comes back as "4", and "1, 2, 3" as "123": each digit is a word. */
const DIGITS: ReadonlyMap<string, string> = new Map(
  [
    'zero one two three four five six seven eight nine',
    'cero uno dos tres cuatro cinco seis siete ocho nueve',
  ].flatMap((line) => line.split(' ').map((word, digit) => [word, String(digit)] as const)),
)

function withDigits(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => DIGITS.get(word) ?? (/^\p{N}+$/u.test(word) ? [...word] : word))
}

/** Enough of the newest words come in what was played, in that order. A single one could be anybody's. */
function isEcho(words: readonly string[], played: readonly string[]): boolean {
  const heard = words.slice(-NEWEST_WORDS)
  if (heard.length < 2) return false
  const share = heard.length < SHORT_ECHO_WORDS ? SHORT_ECHO_SHARE : ECHO_SHARE
  return commonInOrder(heard, played) / heard.length >= share
}

/** Length of the longest common subsequence. */
function commonInOrder(one: readonly string[], other: readonly string[]): number {
  let row = new Array<number>(other.length + 1).fill(0)
  for (const word of one) {
    const next = [0]
    for (let index = 0; index < other.length; index++) {
      const same = sounds(word, other[index] ?? '')
      next.push(same ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** Equal, or begun alike: an echo is recognised worse than speech, and its last word is often cut off. */
function sounds(heard: string, said: string): boolean {
  if (heard === said) return true
  const length = Math.min(heard.length, said.length)
  return length >= 4 && heard.slice(0, length - 1) === said.slice(0, length - 1)
}
