import { describe, expect, it } from 'vitest'
import { loadPitchShifter } from '../pitch-shifter.js'
import { LIVE_VOICE_NAMES, LIVE_VOICES } from '../voice-names.js'
import { FREE_NAMES, shapeFor, UNSHIFTED } from '../voice-shapes.js'
import { parsePiperConfig, piperIds } from './voice-config.js'

describe('shapeFor', () => {
  it('tells any two of the 30 names apart by 3 % in pitch and formants', () => {
    for (const [index, name] of LIVE_VOICE_NAMES.entries())
      for (const other of LIVE_VOICE_NAMES.slice(index + 1)) {
        const [one, two] = [shapeFor(name), shapeFor(other)]
        const apart = Math.hypot(Math.log(one.pitch / two.pitch), Math.log(one.formant / two.formant))
        expect(apart, `${name} and ${other}`).toBeGreaterThan(0.03)
      }
  })

  it('gives women a higher pitch than any man, and leaves unknown names as recorded', () => {
    for (const name of LIVE_VOICE_NAMES)
      if (LIVE_VOICES[name] === 'female') expect(shapeFor(name).pitch).toBeGreaterThan(1.35)
      else expect(shapeFor(name).pitch).toBeLessThan(1.35)
    expect(shapeFor(undefined)).toBe(UNSHIFTED)
    expect(shapeFor('nobody')).toBe(UNSHIFTED)
    expect(shapeFor('am_puck')).toBe(UNSHIFTED)
    expect(shapeFor('af_heart')).toBe(shapeFor('zephyr'))
    expect(FREE_NAMES).toContain('Puck')
  })
})

describe('pitch shifter', () => {
  const HZ = 24_000
  const tone = (hz: number) =>
    Float32Array.from({ length: HZ }, (_, index) => 0.5 * Math.sin((2 * Math.PI * hz * index) / HZ))
  /** Rising zero crossings between 0.25 and 0.75 s, per second. */
  const crossingsPerSecond = (samples: Float32Array) => {
    let crossings = 0
    for (let index = HZ / 4; index < (HZ * 3) / 4; index++)
      if (samples[index - 1]! < 0 && samples[index]! >= 0) crossings++
    return crossings * 2
  }

  it('changes the pitch, not the length, and does not remember the last clip', async () => {
    const shifter = await loadPitchShifter()
    const up = shifter.shift(tone(200), HZ, 1.5)
    expect(up).toHaveLength(HZ)
    expect(Math.abs(crossingsPerSecond(up) - 300)).toBeLessThanOrEqual(6)
    shifter.shift(tone(90), HZ, 0.8)
    expect(shifter.shift(tone(200), HZ, 1.5)).toEqual(up)
    expect(shifter.shift(new Float32Array(0), HZ, 1.5)).toHaveLength(0)
  })

  it('puts the sound where it was', async () => {
    const shifter = await loadPitchShifter()
    const clip = new Float32Array(HZ)
    clip.set(tone(200).subarray(0, HZ / 4), HZ / 2)
    const shifted = shifter.shift(clip, HZ, 1.4)
    const energy = (from: number, to: number) =>
      shifted.subarray(from, to).reduce((sum, sample) => sum + sample ** 2, 0)
    const whole = energy(0, HZ)
    expect(energy(HZ * 0.48, HZ * 0.77) / whole).toBeGreaterThan(0.97)
  })

  it('leaves no worklet globals behind', async () => {
    await loadPitchShifter()
    expect('AudioWorkletProcessor' in globalThis).toBe(false)
    expect('sampleRate' in globalThis).toBe(false)
  })
})

const FILE = {
  audio: { sample_rate: 22_050 },
  espeak: { voice: 'en-us' },
  inference: { noise_scale: 0.667, length_scale: 1, noise_w: 0.8 },
  phoneme_id_map: { _: [0], '^': [1], $: [2], ' ': [3], '.': [10], h: [20], a: [14], ɪ: [74] },
}

describe('voice file', () => {
  it('numbers phonemes with pads between, after a run-up', () => {
    const config = parsePiperConfig(JSON.stringify(FILE), 'joe.json')
    const segments = [{ words: [['h', 'aɪ'], ['ʘ'], ['a']], mark: '.' }]
    expect(piperIds(segments, config)).toEqual([
      1, 0, 10, 0, 3, 0, 20, 0, 14, 0, 74, 0, 3, 0, 3, 0, 14, 0, 10, 0, 2,
    ])
  })

  it.each([
    ['no JSON', '{', /joe\.json is not JSON/],
    ['a missing rate', JSON.stringify({ ...FILE, audio: {} }), /audio\.sample_rate/],
    ['many speakers', JSON.stringify({ ...FILE, num_speakers: 4 }), /num_speakers.*one speaker/],
    ['another language', JSON.stringify({ ...FILE, espeak: { voice: 'ka' } }), /espeak\.voice "ka"/],
    [
      'a missing pad',
      JSON.stringify({ ...FILE, phoneme_id_map: { '^': [1], $: [2], ' ': [3] } }),
      /lacks "_"/,
    ],
  ])('names what is wrong: %s', (_, json, message) =>
    expect(() => parsePiperConfig(json, 'joe.json')).toThrow(message),
  )
})
