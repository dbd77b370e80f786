/**
 * What somebody says while the model speaks: something of their own, a sign of listening ("mm-hm"), nothing but noise, the model's own
 * words out of a loudspeaker, or a short sound that the recogniser has guessed words for. English and Spanish; it knows no sessions.
 */

import { isEcho, PLAIN_ECHO_WORDS } from './echo.js'
import { rowsOf, sayings } from './nearly-said.js'
import { callsOverSpeech, signsOfListening, spokenSigns } from './sayings.js'
import { SIGN_WEIGHTS } from './sign-weights.js'
import { textOdds } from './text-odds.js'

export type Verdict = 'words' | 'backchannel' | 'noise' | 'echo' | 'unsure'

export interface SpokenOver {
  /** What the model was heard to say lately. */
  readonly played: string
  /** The model has just asked something: "yes" is an answer then. */
  readonly wasAsked: boolean
  /** The model was heard back before in this session: from the first words on they may be its own. Absent = it was. */
  readonly echoes?: boolean
  /** Its sound was compared with the model's and is another. */
  readonly isUnlike?: boolean
  /** No more words will come, unless speech goes on. */
  readonly isWhole?: boolean
  /** Length of what was said. */
  readonly speechMs?: number
  /** Mean log-probability of its tokens; absent = the recogniser does not say. */
  readonly sureness?: number
  /** How much likelier they are than signs of listening, natural logarithms; absent = the recogniser does not say. */
  readonly lead?: number
  /** That is spoken in the session; absent = one that the odds are fitted to. */
  readonly language?: string
}

const NEARLY_SIGNS = sayings(signsOfListening)
/** "Sí, sí, claro", misheard: of five letters one is another. */
const isRowOfSigns = rowsOf(signsOfListening, 5)
/** All letters of these. */
const SIGNS = sayings(spokenSigns)
/** The sounds that recognisers spell in many ways: mm, mhm, hmm, uh-huh, aha, oh. */
const HUM = /^(?:m+|h+m+|m+h+m*|u+h+|h+u+h+|u+m+|a+h+(?:a+h*)?|o+h+|e+h+|a+j+á|[oau]h)$/
const oddsOfSign = textOdds(SIGN_WEIGHTS)
/** Whose sayings the odds are fitted to: those of others lie anywhere ("Sei still" 5.5, "Arrêtez" 3.4), and in other letters have nothing to do with them. */
const FITTED_LANGUAGES = new Set(['en', 'es'])
/** "Yeso" for "¿y eso?" sounds like "ya, eso", and has −4.3, "Y él dice bien" −2.1; "Asia Bali" for "ah, ya, vale" has −1.9. */
const ROW_ODDS = -2
/** Of 3,375 sayings of a word or two that take the floor one single word as long sounds like a row of signs, "incorrect": its odds tell nothing then ("Acladoclado" for "ah, claro, claro", −4.7). */
const ROW_IN_A_WORD_LETTERS = 8
/** Neither a sign, nor open, nor plainly none. */
const UNKNOWN_ODDS = -2
/** Of several sentences the one that is least like one tells. */
function signOdds(text: string, language: string | undefined): number {
  if (!isFitted(text, language)) return UNKNOWN_ODDS
  return Math.min(...text.split(/(?<=[.!?…])\s+(?=\S)/).map((sentence) => oddsOfSign(sentence)))
}
/** The odds say something of it. */
const isFitted = (text: string, language = 'en'): boolean =>
  FITTED_LANGUAGES.has(language.slice(0, 2)) && !isInOtherLetters(text)
/** Odds from which words are a sign of listening: of 273 in the first four sets of interruptions 271 have more, and of 400 other sayings none. */
const SIGN_ODDS = 1
/** However ill understood: "Uy que pena me da" has 7.7. Of 330 barge-ins as they were heard none has more than 2. */
const PLAIN_SIGN_ODDS = 4
/** Of what the odds say, the share that counts beside the lead; more of it says no more. */
const ODDS_SHARE = 0.5
const MOST_ODDS = 4
/** Words that are over. Drawn on the eleventh set (over-11): of 80 signs 14 had more at their end, of 110 barge-ins 3 less. */
const APART = 3
/** Words of which more may come: of the same 80 signs none had more after 0.55 to 1.3 s, of 110 barge-ins half. */
const PLAINLY_APART = 6

/** How far what was heard is from signs of listening, by sound and by spelling; undefined where one of them is not known. */
function distanceFromSigns(
  text: string,
  { lead, language }: Pick<SpokenOver, 'lead' | 'language'>,
): number | undefined {
  if (lead === undefined || !isFitted(text, language)) return undefined
  const odds = signOdds(text, language)
  return lead - ODDS_SHARE * Math.max(-MOST_ODDS, Math.min(MOST_ODDS, odds))
}

/** Neither spelt as a sign of listening nor of its sound. Of what is unfinished the sound is like no sign that is finished: what may become one is left out. */
export function isApartFromSigns(
  text: string,
  over: Pick<SpokenOver, 'lead' | 'language' | 'isWhole'>,
): boolean {
  const distance = distanceFromSigns(text, over)
  const words = wordsOf(text)
  if (distance === undefined || isHum(words) || isSign(words, false)) return false
  return over.isWhole ? distance >= APART : distance > PLAINLY_APART && !SIGN_BEGINNINGS.has(words.join(' '))
}

/** Of the sound of one, and no spelling that nobody would give one ("Call Mama", −12). */
function isNearSigns(text: string, over: Pick<SpokenOver, 'lead' | 'language'>): boolean {
  return distanceFromSigns(text, over) !== undefined && !isFarFromSign(text, over.language)
}

const isHum = (words: readonly string[]): boolean => words.every((word) => HUM.test(word))

/** From here on words may become a sign yet, as long as more of them come. */
const OPEN_ODDS = -1.5
/** "You don't" say, "no me" digas. */
const SIGN_BEGINNINGS = new Set(
  signsOfListening.flatMap((sign) => {
    const words = wordsOf(sign)
    return words.slice(2).map((_, index) => words.slice(0, index + 2).join(' '))
  }),
)
/** What signs of listening are made of. */
const SIGN_WORDS = new Set(
  [
    ...spokenSigns,
    'how fascinating|no worries|that figures|righty ho|cómo mola|eso parece|fíjate tú|faltaría más',
  ].flatMap(wordsOf),
)
/** Of the letters: of 480 signs as they were heard, two that were understood well had less ("are you poor?" for "oh, you poor thing"). */
const SIGN_SHARE = 0.4
/** Of what was said, by letters, in words that signs are made of. */
function shareOfSigns(words: readonly string[]): number {
  const letters = (some: readonly string[]) => some.reduce((sum, { length }) => sum + length, 0)
  return letters(words.filter((word) => SIGN_WORDS.has(word) || HUM.test(word))) / letters(words)
}
/** Longer ones were hardly among what the odds were fitted to. */
const LONGEST_SIGN = 8
/** By sound only what is as short. */
const LONGEST_BACKCHANNEL = 4
/**
 * "Mm-hm" has no spelling that a recogniser knows, and it guesses: "MMMT CHEMP", "Loughed", "Same M". Of 15 such sounds the words had
 * −0.51 … −1.12, of 20 sentences that interrupt −0.05 … −0.33. Longer speech is in doubt because of noise.
 */
export const UNSURE = -0.85
const UNSURE_MS = 1_200
/** One or two words that were all: signs of listening were misheard as such with −0.63 ("so well") and less, what was meant had −0.12 … −0.49. */
const BRIEF_WORDS = 2
const BRIEF_MS = 850
const BRIEF_UNSURE = -0.6
/** Unless nobody would say them so: "Conquiene" for "¿con quién?" has odds of −6, "Chiton" −4.5; what signs were misheard as, "Clados" and "Soul wall", −3.3 and −3.2. */
const PLAINLY_NONE = -3.5

export function judgeSpeech(text: string, over: SpokenOver): Verdict {
  const {
    played,
    wasAsked,
    echoes = true,
    isUnlike = false,
    isWhole = false,
    speechMs = Number.POSITIVE_INFINITY,
    sureness = 0,
    language,
  } = over
  const words = wordsOf(text)
  if (words.length === 0) return 'noise'
  const isUnsure = sureness < DOUBTFUL
  // Of two words that were understood one is in any answer ("hold it"): half of them make no echo where none was heard before.
  const isHeardWell = isWhole || (!echoes && !isUnsure)
  if (isEcho(words, wordsOf(played), { isWhole: isHeardWell, isUnsure, orders: ORDERS, isUnlike }))
    return isWhole || echoes || words.length >= PLAIN_ECHO_WORDS ? 'echo' : 'unsure'
  const isApart = isApartFromSigns(text, over)
  if (!wasAsked && !isApart && isKnownSign(text, words, over.sureness, language)) return 'backchannel'
  if (isApart || isOrdered(words) || isCall(words, sureness)) return 'words'
  if (!wasAsked && isWhole && isNearSigns(text, over)) return 'backchannel'
  if (!wasAsked && (isSign(words, isUnsure) || (isUnsure && soundsLikeSigns(text, words, language))))
    return 'backchannel'
  if (speechMs < UNSURE_MS && isOtherScript(text, played)) return 'unsure'
  const isPlain = signOdds(text, language) < PLAINLY_NONE
  // "Puedes" for "para": of 280 signs of listening none was guessed to be such a word in doubt.
  if (isWhole && isPlain && (words.length === 1 || isShortQuestion(text, words))) return 'words'
  const isBrief = isWhole && words.length <= BRIEF_WORDS && speechMs < BRIEF_MS && !isPlain
  return sureness < (isBrief ? BRIEF_UNSURE : UNSURE) && speechMs < UNSURE_MS ? 'unsure' : 'words'
}

/** "A que hora?" has −0.94 a token; what a sign of listening is guessed to be is no question, or a longer one ("¿Se es el mismo?"). */
const isShortQuestion = (text: string, words: readonly string[]): boolean =>
  words.length <= FEW_WORDS && /[?？]/.test(text)

/** "Sure, sure" is heard as "说是我": in a moment nobody changes from a language of Latin letters to one of others. */
const isOtherScript = (text: string, played: string): boolean =>
  /\p{Script=Latin}/u.test(played) && isInOtherLetters(text)

const isInOtherLetters = (text: string): boolean => /\p{L}/u.test(text) && !/\p{Script=Latin}/u.test(text)

/** Words that nobody says to show that they listen: one of them is enough. */
const ORDERS = new Set(
  'stop|wait|no|quiet|enough|pause|para|espera|espere|basta|silencio|cállate|calla|cállese|alto|detente|párate|pare|espérate|espérame'.split(
    '|',
  ),
)
/** These are one at the end of a few words as well: "okay, stop", "oye, espera". */
const LAST_ORDERS = new Set('stop|wait|enough|quiet|espera|espere|basta|silencio'.split('|'))
const FEW_WORDS = 3

/** Of several words: of 780 signs of listening two were heard as one ("How long" for "How lovely"). */
const CALLS = new Set(
  callsOverSpeech
    .map(wordsOf)
    .filter(({ length }) => length > 1)
    .map((words) => words.join(' ')),
)
/** Understood, and all of it spelt as what takes the floor ("hang on"). */
const isCall = (words: readonly string[], sureness: number): boolean =>
  sureness >= UNSURE && CALLS.has(words.join(' '))

/** It begins with an order, or is a few words that end as one. */
const isOrdered = (words: readonly string[]): boolean =>
  ORDERS.has(words[0] ?? '') || (words.length <= FEW_WORDS && LAST_ORDERS.has(words.at(-1) ?? ''))

/** All of it sounds like a sign of listening, `nearly` where the recogniser was not sure of it. */
function isSign(words: readonly string[], nearly: boolean): boolean {
  if (words.length > LONGEST_BACKCHANNEL) return false
  const said = words.join(' ')
  return SIGNS.has(said, 'all') || (nearly && NEARLY_SIGNS.has(said, 'most'))
}

/** To be asked of words in doubt. */
function soundsLikeSigns(text: string, words: readonly string[], language: string | undefined): boolean {
  // "Si eso ya lo he…" sounds like "sí, eso, ya, lo sé": of more words there is a row for nearly all.
  if (words.length > LONGEST_BACKCHANNEL || !isFitted(text, language)) return false
  const isWord = words.length === 1 && words[0]!.length >= ROW_IN_A_WORD_LETTERS
  if (isWord && /^incorrect/.test(words[0]!)) return false
  return (isWord || signOdds(text, language) > ROW_ODDS) && isRowOfSigns(text)
}

/** Few words that were understood well have more, as a mean of their tokens: "Hold on", "Let us" −0.3 … −0.65, "I say" for "I see" −0.72. */
const DOUBTFUL = -0.4

/** "That is true" begins as "There is two", "Ah, okay, I see" as "Are you okay?": a sign of listening of more is over by then. */
const BEGUN_WORDS = 4
const BEGUN_MS = 1_000

export const countWords = (text: string): number => wordsOf(text).length

/** It begins with a word that takes the floor from whoever speaks, and that was understood. */
export const isOrder = (text: string, sureness = 0): boolean => sureness >= UNSURE && isOrdered(wordsOf(text))

/** A few words that end as an order: with "no", "para" or "wait" sentences of all kinds begin ("No se pierda el próximo capítulo"). */
export function isPlainOrder(text: string, sureness?: number): boolean {
  const words = wordsOf(text)
  return words.length <= FEW_WORDS && LAST_ORDERS.has(words.at(-1) ?? '') && isOrder(text, sureness)
}

/** Spelt as one. */
export const isSpeltSign = (text: string): boolean => isSign(wordsOf(text), false)

/** Nobody who listens says anything like it: "Call Mama" has odds of −12. */
const FAR_FROM_SIGN = -6
export const isFarFromSign = oddsBelow(FAR_FROM_SIGN)

/** The odds say that it is no sign of listening, nor may become one. */
export const isHardlySign = oddsBelow(OPEN_ODDS)

function oddsBelow(most: number): (text: string, language: string | undefined) => boolean {
  return (text, language) => isFitted(text, language) && signOdds(text, language) < most
}

/** Neither understood well, nor an order, nor a question that is over. */
export function isDoubtful(text: string, sureness = 0, isWhole = false, least = DOUBTFUL): boolean {
  const isQuestion = isWhole && /[?？]/.test(text)
  return sureness < least && !isQuestion && !wordsOf(text).some((word) => ORDERS.has(word))
}

/** It may be the beginning of something else: of one word "right" cannot be told from "write", and two may be misheard. */
export function mayBeBeginning(text: string, over: Omit<SpokenOver, 'played'>): boolean {
  const { wasAsked, sureness, speechMs = Number.POSITIVE_INFINITY, language } = over
  const words = wordsOf(text)
  if (isApartFromSigns(text, over) || isCall(words, sureness ?? 0)) return false
  if (words.length < 2) return !isOrdered(words)
  // "Yes, go on" answers what was asked.
  if (!wasAsked && (SIGN_BEGINNINGS.has(words.join(' ')) || signOdds(text, language) > OPEN_ODDS)) return true
  return words.length <= BEGUN_WORDS && speechMs < BEGUN_MS && isDoubtful(text, sureness)
}

function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}']+/gu) ?? []
  )
}

/** Of more words in doubt some are none that anybody has said. */
function isKnownSign(
  text: string,
  words: readonly string[],
  sureness: number | undefined,
  language: string | undefined,
): boolean {
  if (isHum(words)) return true
  if (words.length > LONGEST_SIGN) return false
  const odds = signOdds(text, language)
  // Words that were understood well are spelt as they are: "third grade" and "sigue internado" have odds of 2.9 and 1.8, and hardly a word that signs are made of.
  const isSpelt = words.length > 1 && sureness !== undefined && sureness >= DOUBTFUL
  if (isSpelt && odds <= PLAIN_SIGN_ODDS && shareOfSigns(words) < SIGN_SHARE) return false
  return (
    odds > PLAIN_SIGN_ODDS ||
    (odds > SIGN_ODDS && (words.length < LONGEST_BACKCHANNEL || (sureness ?? 0) >= DOUBTFUL))
  )
}
