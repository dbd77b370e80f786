import { expect, it } from 'vitest'
import { ESPEAK_VOICES, loadPhonemizer } from '../espeak.js'
import { KOKORO_TOKENS, kokoroSpelling } from './phoneme-alphabet.js'

it('numbers the letters as the model does', () => {
  expect(KOKORO_TOKENS.size).toBe(114)
  for (const [letter, token] of [
    [';', 1],
    [' ', 16],
    ['A', 24],
    ['Y', 41],
    ['z', 68],
    ['æ', 72],
    ['ʤ', 82],
    ['ɹ', 123],
    ['ʧ', 133],
    ['ʒ', 147],
    ['ː', 158],
    ['ᵻ', 177],
  ] as const)
    expect(KOKORO_TOKENS.get(letter)).toBe(token)
  expect(new Set(KOKORO_TOKENS.values()).size).toBe(KOKORO_TOKENS.size)
})

it.each([
  ['en-us', 'Choose a better word, join the little boat now', 'ʧˈuz ə bˈɛTəɹ wˈɜɹd ʤˈYn ðə lˈɪTᵊl bˈOt nˈW'],
  ['en-gb', 'bird car boat there', 'bˈɜːd kˈɑː bˈQt ðˈɛː'],
  ['es', 'mucho cielo', 'mˈuʧo θjˈelo'],
  ['fr', 'bonjour', 'bɔ\u0303ʒˈuʁ'],
] as const)('spells %s: %s', async (voice, text, spelled) => {
  const phonemizer = await loadPhonemizer()
  const words = phonemizer.phonemize(text, ESPEAK_VOICES[voice]).flatMap((segment) => segment.words)
  expect(words.map((word) => kokoroSpelling(word, ESPEAK_VOICES[voice])).join(' ')).toBe(spelled)
})
