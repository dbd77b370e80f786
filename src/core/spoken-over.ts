/**
 * What somebody says while the model speaks: something of their own, a sign of listening ("mm-hm"), nothing but noise, the model's own
 * words out of a loudspeaker, or a short sound that the recogniser has guessed words for. English and Spanish; it knows no sessions.
 */

import { isAssessment } from './assessments.js'
import { sayings } from './nearly-said.js'

export type Verdict = 'words' | 'backchannel' | 'noise' | 'echo' | 'unsure'

export interface SpokenOver {
  /** What the model was heard to say lately. */
  readonly played: string
  /** The model has just asked something: "yes" is an answer then. */
  readonly wasAsked: boolean
  /** No more words will come, unless speech goes on. */
  readonly isWhole?: boolean
  /** Length of what was said. */
  readonly speechMs?: number
  /** Mean log-probability of its tokens; absent = the recogniser does not say. */
  readonly sureness?: number
}

/** Signs of listening, each of one or more words: assent, understanding, surprise, praise. */
const BACKCHANNELS = new Set(
  (
    'yeah|yes|yep|yup|ok|okay|right|alright|all right|sure|i see|got it|uh huh|mm|mhm|mm hm|mm hmm|hmm|hm|ah|oh|aha|wow|cool|nice|great|' +
    'yes sir|exactly|indeed|really|thank you|thanks|good|fine|of course|go on|true|huh|understood|i understand|understand|i get it|gotcha|' +
    "that's true|that is true|that's right|that is right|that's good|that's nice|that's great|makes sense|that makes sense|fair enough|" +
    'good point|interesting|very interesting|how interesting|absolutely|definitely|certainly|totally|correct|perfect|amazing|awesome|' +
    "lovely|excellent|fantastic|brilliant|wonderful|very good|very nice|very well|for sure|oh my|my god|my goodness|let's see|" +
    'sí|si|ajá|aja|vale|claro|ya|bien|bueno|muy bien|entiendo|ya veo|eso|exacto|gracias|perfecto|de acuerdo|venga|anda|ah sí|' +
    'entendido|comprendo|lo entiendo|ya entiendo|lo veo|claro que sí|por supuesto|desde luego|así es|eso es|es verdad|es cierto|cierto|' +
    'tienes razón|correcto|qué bien|qué bueno|interesante|genial|estupendo|fenomenal|fantástico|increíble|vaya|' +
    'muchas gracias|muy interesante|qué interesante|pues sí|pues claro|okey|a ver|qué bonito|qué curioso|bien bien|exactamente|sin duda|totalmente|no me digas|' +
    "that's okay|that's fine|it's okay|no way|no kidding|oh really|you don't say|good to know|sounds good|sounds great|yes indeed|no problem|i'm okay|all i see|i know|i got it|tiene sentido|ya lo veo|lo sé|ya sé|great thanks|okay thanks|yeah thanks|got it thanks"
  ).split('|'),
)
const NEARLY_SIGNS = sayings(BACKCHANNELS)
/** Some come twice, or behind an "oh": all letters of these. */
const SIGNS = sayings(
  [...BACKCHANNELS].flatMap((sign) => [sign, `${sign} ${sign}`, `ah ${sign}`, `oh ${sign}`, `mm ${sign}`]),
)
/** The sounds that recognisers spell in many ways: mm, mhm, hmm, uh-huh, aha, oh. */
const HUM = /^(?:m+|h+m+|m+h+m*|u+h+|h+u+h+|a+h+(?:a+h*)?|o+h+|e+h+|a+j+á|[oau]h)$/
/** A longer one says something of its own. */
const LONGEST_BACKCHANNEL = 4
/** Share of what was heard that the model itself said, from which it is its echo; of the first few words, which are misheard more often. */
const ECHO_SHARE = 0.6
const SHORT_ECHO_SHARE = 0.5
const SHORT_ECHO_WORDS = 4
/** Of what was not understood well. */
const UNSURE_ECHO_WORDS = 6
/** An echo goes on for as long as the model speaks: the newest words tell whether somebody speaks as well. */
const NEWEST_WORDS = 8
/**
 * "Mm-hm" has no spelling that a recogniser knows, and it guesses: "MMMT CHEMP", "Loughed", "Same M". Of 15 such sounds the words had
 * −0.51 … −1.12, of 20 sentences that interrupt −0.05 … −0.33. Longer speech is in doubt because of noise.
 */
const UNSURE = -0.85
const UNSURE_MS = 1_200
/** One or two words that were all: signs of listening were misheard as such with −0.63 ("so well") and less, what was meant had −0.12 … −0.49. */
const BRIEF_WORDS = 2
const BRIEF_MS = 850
const BRIEF_UNSURE = -0.6

export function judgeSpeech(text: string, over: SpokenOver): Verdict {
  const { played, wasAsked, isWhole = false, speechMs = Number.POSITIVE_INFINITY, sureness = 0 } = over
  const words = wordsOf(text)
  if (words.length === 0) return 'noise'
  if (isEcho(withNumbers(words), withNumbers(wordsOf(played)), isWhole, sureness)) return 'echo'
  if (isBackchannel(words) && !wasAsked) return 'backchannel'
  if (isOrdered(words)) return 'words'
  if (isSign(words, sureness < DOUBTFUL) && !wasAsked) return 'backchannel'
  if (speechMs < UNSURE_MS && isOtherScript(text, played)) return 'unsure'
  const isBrief = isWhole && words.length <= BRIEF_WORDS && speechMs < BRIEF_MS
  return sureness < (isBrief ? BRIEF_UNSURE : UNSURE) && speechMs < UNSURE_MS ? 'unsure' : 'words'
}

/** "Sure, sure" is heard as "说是我": in a moment nobody changes from a language of Latin letters to one of others. */
const isOtherScript = (text: string, played: string): boolean =>
  /\p{Script=Latin}/u.test(played) && /\p{L}/u.test(text) && !/\p{Script=Latin}/u.test(text)

/** Words that nobody says to show that they listen: one of them is enough. */
const ORDERS = new Set(
  'stop|wait|no|quiet|enough|pause|para|espera|espere|basta|silencio|cállate|calla|cállese|alto|detente|párate|pare|espérate|espérame'.split(
    '|',
  ),
)
/** As they are misheard: nobody says these alone. */
const MISHEARD_ORDERS = 'weight|waiter|stopped|know|nos|espero|esperar|parra'.split('|')
/** Too many others are a letter away. */
const SHORT_WORD = 5
/** Of one word: a letter besides is forgiven where there are enough. */
const ORDER_SAYINGS = sayings([...ORDERS].filter((word) => word.length > SHORT_WORD))

/** These are one at the end of a few words as well: "okay, stop", "oye, espera". */
const LAST_ORDERS = new Set('stop|wait|enough|quiet|espera|espere|basta|silencio'.split('|'))
const FEW_WORDS = 3

/** It begins with an order, or is one that was misheard. */
const isOrdered = (words: readonly string[]): boolean =>
  ORDERS.has(words[0] ?? '') ||
  (words.length <= FEW_WORDS && LAST_ORDERS.has(words.at(-1) ?? '')) ||
  (words.length === 1 && isMisheardOrder(words[0] ?? ''))

const isMisheardOrder = (word: string): boolean =>
  MISHEARD_ORDERS.includes(word) || ORDER_SAYINGS.has(word, 'most')

/** All of it sounds like a sign of listening, `nearly` where the recogniser was not sure of it. */
const isSign = (words: readonly string[], nearly: boolean): boolean =>
  words.length <= LONGEST_BACKCHANNEL &&
  (SIGNS.has(words.join(' '), 'all') || (nearly && NEARLY_SIGNS.has(words.join(' '), 'most')))

/** Few words that were understood well have more, as a mean of their tokens: "Hold on", "Let us" −0.3 … −0.65, "I say" for "I see" −0.72. */
const DOUBTFUL = -0.4

/** "That is true" begins as "There is two" with −0.62; of three words that were meant most have more. */
const THREE_WORDS_UNSURE = -0.55
/** Only in what is heard first. */
const FIRST_GUESS_MS = 450

export const countWords = (text: string): number => wordsOf(text).length

/** It begins with a word that takes the floor from whoever speaks, and that was understood. */
export const isOrder = (text: string, sureness = 0): boolean => sureness >= UNSURE && isOrdered(wordsOf(text))

/** A few words that end as an order: with "no", "para" or "wait" sentences of all kinds begin ("No se pierda el próximo capítulo"). */
export function isPlainOrder(text: string, sureness?: number): boolean {
  const words = wordsOf(text)
  return words.length <= FEW_WORDS && LAST_ORDERS.has(words.at(-1) ?? '') && isOrder(text, sureness)
}

/** Neither understood well, nor an order, nor a question that is over. */
export function isDoubtful(text: string, sureness = 0, isWhole = false, least = DOUBTFUL): boolean {
  const isQuestion = isWhole && /[?？]/.test(text)
  return sureness < least && !isQuestion && !wordsOf(text).some((word) => ORDERS.has(word))
}

/** It may be the beginning of something else: of one word "right" cannot be told from "write", and two may be misheard. */
export function mayBeBeginning(
  text: string,
  sureness?: number,
  speechMs = Number.POSITIVE_INFINITY,
): boolean {
  const words = wordsOf(text)
  if (words.length < 2) return !isOrdered(words)
  if (words.length > 3 || !isDoubtful(text, sureness)) return false
  return words.length === 2 || (speechMs < FIRST_GUESS_MS && (sureness ?? 0) < THREE_WORDS_UNSURE)
}

function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}']+/gu) ?? []
  )
}

/** Words of one sign; that of a single word may begin a longer one, so the longest first. */
const SIGN_LENGTHS = Array.from({ length: LONGEST_BACKCHANNEL }, (_, index) => LONGEST_BACKCHANNEL - index)

/** Every word belongs to some sign of listening: "yeah, okay", "uh-huh, I see". */
function isBackchannel(words: readonly string[]): boolean {
  if (words.length > LONGEST_BACKCHANNEL) return false
  for (let first = 0; first < words.length; ) {
    const length = SIGN_LENGTHS.find((count) => {
      const sign = words.slice(first, first + count).join(' ')
      return BACKCHANNELS.has(sign) || isAssessment(sign)
    })
    const taken = length ?? (HUM.test(words[first] ?? '') ? 1 : 0)
    if (taken === 0) return false
    first += taken
  }
  return true
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
function isEcho(
  words: readonly string[],
  played: readonly string[],
  isWhole: boolean,
  sureness: number,
): boolean {
  const heard = words.slice(-NEWEST_WORDS)
  if (heard.length < 2) return false
  const isShort = heard.length < (sureness < DOUBTFUL ? UNSURE_ECHO_WORDS : SHORT_ECHO_WORDS)
  if (isShort && heard.some((word) => ORDERS.has(word) && !played.includes(word))) return false
  const share = isShort && !isWhole ? SHORT_ECHO_SHARE : ECHO_SHARE
  return commonInOrder(heard, played, isWhole) / heard.length >= share
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
