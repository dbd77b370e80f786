import { describe, expect, it } from 'vitest'
import { voice } from '../testing/voice.js'
import { MANNER_HZ, NO_VOICE, voiceManner } from './voice-manner.js'

describe('voiceManner', () => {
  it.each([80, 120, 200, 320])('finds a pitch of %i Hz', (hz) => {
    expect(voiceManner(voice({ hz })).pitchHz).toBeCloseTo(hz, -0.5)
  })

  it('counts syllables', () => {
    for (const syllables of [5, 8, 11]) {
      const { syllablesPerS } = voiceManner(voice({ syllables }))
      expect(Math.abs(syllablesPerS - syllables / 2)).toBeLessThan(1)
    }
  })

  it('tells a louder voice by its level alone, a brighter one by its spectrum, a livelier one by its span', () => {
    const usual = voiceManner(voice())
    const louder = voiceManner(voice({ gain: 0.6 }))
    expect(louder.loudnessDb - usual.loudnessDb).toBeCloseTo(6, 0)
    expect(louder.brightnessDb).toBeCloseTo(usual.brightnessDb, 1)
    expect(voiceManner(voice({ harmonics: 20 })).brightnessDb).toBeGreaterThan(usual.brightnessDb)
    expect(voiceManner(voice({ glide: 8 })).pitchSpan).toBeGreaterThan(usual.pitchSpan + 4)
  })

  it.each([
    ['nothing', new Float32Array(0)],
    ['silence', new Float32Array(MANNER_HZ)],
    ['too little', voice().subarray(0, 500)],
    ['noise', Float32Array.from({ length: MANNER_HZ }, (_, index) => Math.sin(index ** 2.3) / 3)],
  ])('hears no voice in %s', (_what, samples) => {
    expect(voiceManner(samples)).toEqual(NO_VOICE)
  })

  it('leaves the samples as they are', () => {
    const samples = voice()
    const copy = samples.slice()
    voiceManner(samples)
    expect(samples).toEqual(copy)
  })
})
