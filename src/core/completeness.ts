/**
 * What the words say about whether their speaker has finished: marks at the end, words that hardly ever are the last, numbers that are
 * being dictated. English and Spanish; of other languages only the marks count. Pure text; it knows nothing of time.
 */

import { isBegun, isWholeAnswer } from './trailing-clauses.js'

/** `open`: nothing speaks for an end, nothing against it. `doubtful`: ends with a word or a clause that seldom is the last.
 * `number`: more digits will probably follow. */
export type Completeness = 'question' | 'sentence' | 'open' | 'doubtful' | 'unfinished' | 'number'

const list = (words: string) => new Set(words.split(' '))

/** After one of these something must follow, whatever mark a recogniser puts there. */
const NEVER_LAST = list(
  'a an the and but or nor because although whether if my your our their its every of than ' +
    'um uh er erm uhm ' +
    'y e o u ni pero sino porque aunque que el la los las un una unos unas de del al con por para sin sobre entre ' +
    'hasta desde mi tu su mis tus sus nuestro nuestra nuestros nuestras cuando donde muy eh em este mmm pues',
)
/** These may be the last word of a sentence ("What is it for?"), but seldom are. */
const SELDOM_LAST = list(
  'to for with from at by in on about into as while when where which who that so like then also just very really more ' +
    'i we he she they is are was were am be been can could will would should have has had do does did not ' +
    "i'm i've i'd i'll we're it's that's there's don't doesn't can't " +
    'es son está están era fue he ha han hay no se me te lo le en a como si más también yo él ella nosotros ellos',
)
const NUMBER_WORDS = list(
  'zero oh one two three four five six seven eight nine double triple ' +
    'cero uno dos tres cuatro cinco seis siete ocho nueve doble triple',
)
const NUMBER_TOPIC =
  /\b(number|phone|mobile|code|pin|zip|card|account|order|serial|reference|número|teléfono|móvil|código|tarjeta|cuenta|pedido)\b/i
/** A telephone number is complete with about so many digits; a code or a card may have more. */
const COMPLETE_DIGITS = 9
/** Digits that are dictated rather than said in passing, where no number was spoken of. */
const DICTATED_TOKENS = 3

/** Of a whole turn as the recogniser wrote it. */
export function completeness(text: string): Completeness {
  const trimmed = text.trim()
  if (trimmed === '') return 'open'
  if (isDictated(trimmed)) return 'number'
  if (/(\.\.\.|…|,|-|–|—|:|;)["'”’)]*$/.test(trimmed)) return 'unfinished'
  const mark = trimmed.match(/[.?!。？！]["'”’)]*$/)?.[0]
  const last = lastWord(trimmed)
  if (mark?.match(/[?？]/)) return CUT_QUESTION.test(withoutMarks(trimmed)) ? 'doubtful' : 'question'
  if (NEVER_LAST.has(last)) return 'unfinished'
  const sentence = lastSentence(trimmed)
  if (isWholeAnswer(sentence)) return mark ? 'sentence' : 'open'
  if (SELDOM_LAST.has(last)) return mark ? 'doubtful' : 'unfinished'
  if (isBegun(sentence)) return 'doubtful'
  return mark ? 'sentence' : 'open'
}

/** A recogniser puts the mark of a question where one was begun: "Can you tell me where the?" */
const CUT_QUESTION =
  /\S+ \S+ (?:a|an|the|my|your|our|their|its|between|el|la|los|las|un|una|unos|unas|del|al|tu|su|mis|tus|sus|entre)$/

const withoutMarks = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[^\p{L}\p{N}]+$/u, '')

/** Its words, without the marks around them. */
function lastSentence(text: string): string {
  const whole = withoutMarks(text)
  return whole.slice(whole.search(/[^.?!¿¡…]*$/)).trim()
}

function lastWord(text: string): string {
  return (
    text
      .toLowerCase()
      .match(/[\p{L}\p{N}'’]+(?=[^\p{L}\p{N}]*$)/u)?.[0]
      .replace('’', "'") ?? ''
  )
}

/** Whether the text ends in digits that are given one after the other. */
function isDictated(text: string): boolean {
  if (/[?？]["'”’)]*$/.test(text)) return false
  const tokens = text.toLowerCase().match(/[\p{L}\p{N}'’+]+/gu) ?? []
  let digits = 0
  let first = tokens.length
  while (first > 0) {
    const token = tokens[first - 1] ?? ''
    const count = /^\+?\d+$/.test(token) ? token.replace('+', '').length : NUMBER_WORDS.has(token) ? 1 : 0
    if (count === 0) break
    digits += count
    first--
  }
  if (digits === 0 || digits >= COMPLETE_DIGITS) return false
  if (tokens.length - first >= DICTATED_TOKENS) return true
  return digits >= 2 && NUMBER_TOPIC.test(text)
}
