import { beforeAll, describe, expect, it } from 'vitest'
import { ESPEAK_VOICES, espeakVoiceFor, loadPhonemizer, type Phonemizer, splitAtMarks } from './espeak.js'

describe('splitAtMarks', () => {
  it.each([
    ['Hello, are you there?', ['Hello|,', 'are you there|?']],
    ['It is 3.14, or 12,500; at 3:45.', ['It is 3.14|,', 'or 12,500|;', 'at 3:45|.']],
    ['She said "yes." Then left', ['She said yes|.', 'Then left|']],
    ['Wait... what?!', ['Wait|…', 'what|?']],
    ['One (or two) more', ['One|,', 'or two|,', 'more|']],
    ['No – never', ['No|—', 'never|']],
    ['¿Dónde está?', ['Dónde está|?']],
    ['well-known', ['well-known|']],
    ['...', []],
    ['', []],
  ])('%s', (text, expected) => {
    expect(splitAtMarks(text).map(({ spoken, mark }) => `${spoken.replace(/\s+/g, ' ')}|${mark}`)).toEqual(
      expected,
    )
  })
})

describe('espeakVoiceFor', () => {
  it.each([
    ['en', 'gmw/en-US'],
    ['en-US', 'gmw/en-US'],
    ['en-GB', 'gmw/en'],
    ['es-ES', 'roa/es'],
    ['es-MX', 'roa/es-419'],
    ['es-US', 'roa/es-419'],
    ['pt-BR', 'roa/pt-BR'],
    ['fr_CA', 'roa/fr'],
    ['hi-IN', 'inc/hi'],
    ['ja-JP', undefined],
    ['de', undefined],
  ])('%s → %s', (tag, voice) => expect(espeakVoiceFor(tag)).toBe(voice))
})

describe('phonemize', () => {
  let phonemizer: Phonemizer
  beforeAll(async () => {
    phonemizer = await loadPhonemizer()
  })
  const spelled = (text: string, voice: (typeof ESPEAK_VOICES)[keyof typeof ESPEAK_VOICES]) =>
    phonemizer
      .phonemize(text, voice)
      .map(({ words, mark }) => words.map((word) => word.join('')).join(' ') + mark)

  it('gives units, with diphthongs and affricates whole', () => {
    expect(phonemizer.phonemize('Choose cake', ESPEAK_VOICES['en-us'])[0]!.words).toEqual([
      ['tʃ', 'ˈuː', 'z'],
      ['k', 'ˈeɪ', 'k'],
    ])
  })

  it('tells American from British English, Castilian from American Spanish', () => {
    expect(spelled('bird car', ESPEAK_VOICES['en-us'])).toEqual(['bˈɜːd kˈɑːɹ'])
    expect(spelled('bird car', ESPEAK_VOICES['en-gb'])).toEqual(['bˈɜːd kˈɑː'])
    expect(spelled('cielo', ESPEAK_VOICES.es)).toEqual(['θjˈelo'])
    expect(spelled('cielo', ESPEAK_VOICES['es-419'])).toEqual(['sjˈelo'])
  })

  it('reads numbers in the language of the voice and keeps the marks', () => {
    expect(spelled('42, yes.', ESPEAK_VOICES['en-us'])).toEqual(['fˈɔːɹɾi tˈuː,', 'jˈɛs.'])
    expect(spelled('12', ESPEAK_VOICES['es-419'])).toEqual(['dˈose'])
  })

  it('gives nothing for punctuation alone', () => {
    expect(phonemizer.phonemize('... !? —', ESPEAK_VOICES['en-us'])).toEqual([])
  })

  it('is the same for the same text after other voices spoke', () => {
    const before = spelled('Good morning', ESPEAK_VOICES['en-us'])
    spelled('Bonjour', ESPEAK_VOICES.fr)
    expect(spelled('Good morning', ESPEAK_VOICES['en-us'])).toEqual(before)
  })
})
