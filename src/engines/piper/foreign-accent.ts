/**
 * Lets an English voice speak another language with an accent: phonemes it was never trained on are replaced by the
 * nearest English ones. Better than reading the text by English rules, which nobody would understand. Only data and a
 * string mapping.
 */
import { ESPEAK_VOICES, type EspeakVoice, type PhonemeSegment } from '../espeak.js'

/** IPA letters (decomposed) → letters of American English as eSpeak writes it. Longer keys come first. */
const NEAREST: readonly (readonly [foreign: string, english: string])[] = [
  ['ɐ\u0303ʊ\u0303', 'aʊn'],
  ['ɑ\u0303', 'ɑːn'],
  ['ɐ\u0303', 'ʌn'],
  ['a\u0303', 'ɑːn'],
  ['ɔ\u0303', 'oʊn'],
  ['o\u0303', 'oʊn'],
  ['ɛ\u0303', 'æn'],
  ['e\u0303', 'eɪn'],
  ['œ\u0303', 'ʌn'],
  ['i\u0303', 'iːn'],
  ['u\u0303', 'uːn'],
  ['ə\u0303', 'ən'],
  ['eɪ', 'eɪ'],
  ['aɪ', 'aɪ'],
  ['aʊ', 'aʊ'],
  ['ɔɪ', 'ɔɪ'],
  ['oʊ', 'oʊ'],
  ['eʊ', 'ɛʊ'],
  ['iʊ', 'iʊ'],
  ['dʒ', 'dʒ'],
  ['tʃ', 'tʃ'],
  ['ɑː', 'ɑː'],
  ['aː', 'ɑː'],
  ['eː', 'eɪ'],
  ['iː', 'iː'],
  ['oː', 'oʊ'],
  ['uː', 'uː'],
  ['a', 'ɑː'],
  ['e', 'eɪ'],
  ['i', 'iː'],
  ['o', 'oʊ'],
  ['u', 'uː'],
  ['y', 'uː'],
  ['ø', 'ɜː'],
  ['œ', 'ɜː'],
  ['ɥ', 'w'],
  ['ʁ', 'ɹ'],
  ['r', 'ɹ'],
  ['x', 'h'],
  ['ɣ', 'ɡ'],
  ['β', 'b'],
  ['ʝ', 'j'],
  ['ʎ', 'lj'],
  ['ɲ', 'nj'],
  ['ɟ', 'ɡ'],
  ['c', 'k'],
  ['ɖ', 'd'],
  ['ʈ', 't'],
  ['ɽ', 'ɾ'],
  ['ɳ', 'n'],
  ['ʂ', 'ʃ'],
  ['ʋ', 'v'],
  ['ɦ', 'h'],
  ['ʰ', ''],
  ['ʲ', ''],
  ['ː', ''],
  ['\u0303', 'n'],
]

const PATTERN = new RegExp(NEAREST.map(([foreign]) => foreign).join('|'), 'g')
const BY_FOREIGN = new Map(NEAREST)

/** The segments as an American English voice can say them; only for phonemes of the other languages. */
export function withEnglishAccent(segments: readonly PhonemeSegment[]): PhonemeSegment[] {
  return segments.map(({ words, mark }) => ({
    words: words.map((word) => word.map(accented)),
    mark,
  }))
}

function accented(unit: string): string {
  // Glides of Spanish and Italian ("bien", "bueno") are written as consonants already; vowels lengthen.
  return unit.normalize('NFD').replace(PATTERN, (foreign) => BY_FOREIGN.get(foreign) ?? foreign)
}

/** True for both kinds of English. */
export function isEnglish(voice: EspeakVoice): boolean {
  return voice === ESPEAK_VOICES['en-us'] || voice === ESPEAK_VOICES['en-gb']
}
