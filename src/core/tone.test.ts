import { describe, expect, it } from 'vitest'
import { RAISED, USUAL } from '../testing/manners.js'
import { answeringManner, type Manner, NEW_SPEAKER, readTone, toneNote, withManner } from './tone.js'
import { wordValence } from './valence.js'

const LOWERED: Manner = {
  ...USUAL,
  pitchHz: 104,
  pitchSpan: 3,
  loudnessDb: -31,
  brightnessDb: -17,
  syllablesPerS: 3,
}
const KNOWN = [USUAL, USUAL, USUAL].reduce(withManner, NEW_SPEAKER)

describe('tone', () => {
  it.each([
    ['as ever', USUAL, 'The train leaves at nine.', 'neutral'],
    ['raised', RAISED, 'The train leaves at nine.', 'excited'],
    ['raised, of something good', RAISED, 'We won, this is wonderful!', 'excited'],
    ['raised, of something bad', RAISED, 'They lost my luggage, this is unacceptable.', 'upset'],
    ['lowered', LOWERED, 'The train leaves at nine.', 'calm'],
    ['lowered, of something bad', LOWERED, 'My dog died.', 'sad'],
    ['too short to tell', { ...RAISED, voicedMs: 200 }, 'Yes!', 'unknown'],
    ['without a voice', { ...USUAL, voicedMs: 0 }, 'psst', 'unknown'],
  ] as const)('%s', (_what, manner, words, name) => {
    expect(readTone(manner, words, 'en', KNOWN).name).toBe(name)
  })

  it('tells less of somebody who was never heard before', () => {
    const first = readTone(RAISED, '', 'en', NEW_SPEAKER)
    const known = readTone(RAISED, '', 'en', KNOWN)
    expect(first.arousal).toBeLessThan(known.arousal)
    expect(first.confidence).toBeLessThan(known.confidence)
  })

  it('is against this speaker’s own way: who is always loud is not excited', () => {
    const loud = [RAISED, RAISED, RAISED].reduce(withManner, NEW_SPEAKER)
    expect(readTone(RAISED, '', 'en', loud).name).toBe('neutral')
    expect(readTone(USUAL, '', 'en', loud).arousal).toBeLessThan(-0.3)
  })

  it('forgets what was long ago', () => {
    const moved = Array.from({ length: 30 }, () => RAISED).reduce(withManner, KNOWN)
    expect(readTone(RAISED, '', 'en', moved).name).toBe('neutral')
  })

  it('is not thrown off by what can’t be measured', () => {
    expect(withManner(KNOWN, { ...USUAL, voicedMs: 0, pitchHz: 0 })).toBe(KNOWN)
  })

  it('is told and answered where it is marked, and only there', () => {
    for (const manner of [USUAL, { ...USUAL, voicedMs: 10 }]) {
      const tone = readTone(manner, '', 'en', KNOWN)
      expect(toneNote(tone, 'en')).toBe('')
      expect(answeringManner(tone)).toBeUndefined()
    }
    const excited = answeringManner(readTone(RAISED, '', 'en', KNOWN))
    const upset = answeringManner(readTone(RAISED, 'This is terrible.', 'en', KNOWN))
    expect(excited!.pace).toBeGreaterThan(1)
    expect(upset!.pace).toBeLessThan(1)
    expect(toneNote(readTone(LOWERED, 'I am sad.', 'en', KNOWN), 'en')).toContain('sad')
    expect(toneNote(readTone(RAISED, 'genial', 'es', KNOWN), 'es')).toContain('entusiasmado')
    expect(toneNote(readTone(RAISED, '', 'fr', KNOWN), 'fr')).toBe('')
  })
})

describe('valence of words', () => {
  it.each([
    ['en', 'I love it, thank you', 1],
    ['en', 'I am not happy', -1],
    ['en', 'no problem', 1],
    ['en', 'it is on the table', 0],
    ['es', 'Qué alegría, hemos ganado', 1],
    ['es', 'He perdido las llaves y estoy muy preocupada', -1],
    ['es', 'no está mal', 1],
    ['fr', 'je suis triste', 0],
    ['en', '', 0],
  ] as const)('%s: %s', (language, text, sign) => {
    expect(Math.sign(wordValence(text, language))).toBe(sign)
  })
})
