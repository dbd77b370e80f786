import { describe, expect, it } from 'vitest'
import { WINDOW_SAMPLES, windowOf } from './window.js'

const ramp = (length: number) => Float32Array.from({ length }, (_, index) => Math.sin(index / 7) + 0.5)
const mean = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample, 0) / samples.length

describe('the window of Smart Turn', () => {
  it('has zero mean and unit variance, silence included', () => {
    const window = windowOf(ramp(32_000)).subarray(0, WINDOW_SAMPLES)
    expect(mean(window)).toBeCloseTo(0, 4)
    expect(mean(window.map((sample) => sample * sample))).toBeCloseTo(1, 3)
  })

  it('ends with what was heard last, and is silent before', () => {
    const window = windowOf(ramp(100))
    const before = window[0]
    expect(window.subarray(0, WINDOW_SAMPLES - 100).every((sample) => sample === before)).toBe(true)
    expect(window[WINDOW_SAMPLES - 1]).not.toBe(before)
    const long = ramp(WINDOW_SAMPLES + 5_000)
    expect(windowOf(long)).toEqual(windowOf(long.subarray(5_000)))
  })

  it('is mirrored at its end', () => {
    const window = windowOf(ramp(WINDOW_SAMPLES))
    for (const back of [1, 50, 200])
      expect(window[WINDOW_SAMPLES - 1 + back]).toBe(window[WINDOW_SAMPLES - 1 - back])
  })

  it('of silence is silence', () => {
    expect(windowOf(new Float32Array(16_000)).every((sample) => sample === 0)).toBe(true)
  })
})
