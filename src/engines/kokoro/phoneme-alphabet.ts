/**
 * The alphabet that Kokoro-82M was trained on: its token numbers (from the model's public config) and how eSpeak's
 * IPA units are written in it. Only data and a string mapping; it knows no text and no model.
 */
import { ESPEAK_VOICES, type EspeakVoice } from '../espeak.js'

/** Runs of consecutive numbers, from the first on; the numbers in between are unused. */
const TOKEN_RUNS: readonly (readonly [first: number, symbols: string])[] = [
  [1, ';:,.!?'],
  [9, '—…"()“” \u0303ʣʥʦʨᵝ\uAB67AI'],
  [31, 'O'],
  [33, 'Q'],
  [35, 'ST'],
  [39, 'W'],
  [41, 'Yᵊabcdef'],
  [50, 'hijklmnopqrstuvwxyzɑɐɒæ'],
  [75, 'βɔɕç'],
  [80, 'ɖðʤə'],
  [85, 'ɚɛɜ'],
  [90, 'ɟ'],
  [92, 'ɡ'],
  [99, 'ɥ'],
  [101, 'ɨɪʝ'],
  [110, 'ɯɰŋɳɲɴø'],
  [118, 'ɸθœ'],
  [123, 'ɹ'],
  [125, 'ɾɻ'],
  [128, 'ʁɽʂʃʈʧ'],
  [135, 'ʊʋ'],
  [138, 'ʌɣɤ'],
  [142, 'χ'],
  [143, 'ʎ'],
  [147, 'ʒʔ'],
  [156, 'ˈˌː'],
  [162, 'ʰ'],
  [164, 'ʲ'],
  [169, '↓'],
  [171, '→↗↘'],
  [177, 'ᵻ'],
]

export const KOKORO_TOKENS: ReadonlyMap<string, number> = new Map(
  TOKEN_RUNS.flatMap(([first, symbols]) =>
    [...symbols].map((symbol, offset) => [symbol, first + offset] as const),
  ),
)

type Rewrite = readonly [from: RegExp, to: string]

/** Diphthongs and affricates are single letters in every language of the model. */
const JOINED: readonly Rewrite[] = [
  [/aɪ/g, 'I'],
  [/aʊ/g, 'W'],
  [/eɪ/g, 'A'],
  [/oʊ/g, 'O'],
  [/əʊ/g, 'Q'],
  [/ɔɪ/g, 'Y'],
  [/tʃ/g, 'ʧ'],
  [/dʒ/g, 'ʤ'],
  [/ts/g, 'ʦ'],
  [/dz/g, 'ʣ'],
  [/g/g, 'ɡ'],
  [/[-^.]/g, ''],
]

const ENGLISH: readonly Rewrite[] = [
  [/^(ˈ|ˌ)?əl$/, '$1ᵊl'],
  [/(.)\u0329/g, 'ᵊ$1'],
  [/ʔ/g, 't'],
  [/ɚ/g, 'əɹ'],
  [/r/g, 'ɹ'],
  [/[xç]/g, 'k'],
  [/ɬ/g, 'l'],
  [/ɐ/g, 'ə'],
  [/[\u0303ʲ]/g, ''],
  [/e(?!ə)/g, 'A'],
]

const AMERICAN: readonly Rewrite[] = [
  [/ɜːɹ?/g, 'ɜɹ'],
  [/ɪə/g, 'iə'],
  [/ː/g, ''],
  [/o/g, 'ɔ'],
  [/ɾ/g, 'T'],
]

const BRITISH: readonly Rewrite[] = [
  [/eə/g, 'ɛː'],
  [/iə/g, 'ɪə'],
  [/o/g, 'ɔ'],
]

function rewritesFor(voice: EspeakVoice): readonly Rewrite[] {
  if (voice === ESPEAK_VOICES['en-us']) return [...JOINED, ...ENGLISH, ...AMERICAN]
  if (voice === ESPEAK_VOICES['en-gb']) return [...JOINED, ...ENGLISH, ...BRITISH]
  return JOINED
}

/** A word's units in Kokoro's letters; what the model has no letter for is left out. */
export function kokoroSpelling(word: readonly string[], voice: EspeakVoice): string {
  const rewrites = rewritesFor(voice)
  const letters = word.map((unit) =>
    rewrites.reduce(
      (spelled, [from, to]) => spelled.replace(from, to),
      unit.normalize('NFD').replace('c\u0327', 'ç'),
    ),
  )
  return [...letters.join('')].filter((letter) => KOKORO_TOKENS.has(letter)).join('')
}
