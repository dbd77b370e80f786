/**
 * How much likelier words belong to one kind of saying than to another (a sign of listening, or something that takes the floor): a logistic regression on their letters and
 * words, fitted to some thousand sayings (test/models/text-weights.ts). English and Spanish. Pure; some microseconds.
 */
import { withoutAccents } from './whole-words.js'

export interface TextWeights {
  /** A signed byte for each place, base64. */
  readonly places: string
  /** What one of it is worth, natural logarithm of the odds. */
  readonly step: number
  /** What is added to their sum. */
  readonly bias: number
}

/** Features share these places: of 40,000 three fall on one, which costs little, and the weights fit in 16 KB. */
export const TEXT_PLACES = 16_384
/** Letters in a row, of one word and its edges. */
const LETTERS = { least: 2, most: 5 }
/** Words in a row, with the beginning and the end as one each. */
const MOST_WORDS = 3
/** More words than so many are all the same. */
const MOST_COUNTED = 8
/** Of longer texts the beginning tells: all of 10,000 words took 25 ms, and a turn is judged after every event. */
const MOST_TEXT = 1_000

/** Natural logarithm of the odds; 0 where both are as likely. */
export function textOdds({ places, step, bias }: TextWeights): (text: string) => number {
  let weights: Int8Array | undefined
  return (text) => {
    weights ??= Int8Array.from(atob(places), (character) => character.charCodeAt(0))
    const features = textPlaces(text)
    let sum = 0
    for (const place of features) sum += weights[place]!
    return bias + (step * sum) / Math.sqrt(features.size)
  }
}

/** Where the features of a text stand. */
export function textPlaces(text: string): ReadonlySet<number> {
  const places = new Set<number>()
  const read = text.slice(0, MOST_TEXT)
  const words =
    withoutAccents(read.toLowerCase().replaceAll('’', "'")).match(/[\p{L}\p{N}']+/gu) ?? ([] as string[])
  for (const word of words) {
    const bounded = `<${word}>`
    for (let length = LETTERS.least; length <= LETTERS.most; length++) {
      for (let first = 0; first + length <= bounded.length; first++)
        places.add(placeOf(bounded.slice(first, first + length)))
    }
  }
  const bounded = ['<', ...words, '>']
  for (let length = 1; length <= MOST_WORDS; length++) {
    for (let first = 0; first + length <= bounded.length; first++)
      places.add(placeOf(` ${bounded.slice(first, first + length).join(' ')}`))
  }
  if (/[?？]/.test(text)) places.add(placeOf('?'))
  places.add(placeOf(`#${Math.min(words.length, MOST_COUNTED)}`))
  return places
}

/** FNV-1a of the UTF-16 units, http://www.isthe.com/chongo/tech/comp/fnv/. */
function placeOf(feature: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < feature.length; index++)
    hash = Math.imul(hash ^ feature.charCodeAt(index), 0x01000193)
  return (hash >>> 0) % TEXT_PLACES
}
