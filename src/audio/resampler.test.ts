/** Measures the resampler against ideal sines, and checks that it is a pure function of the whole stream. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rms, toDbfs } from './level.js'
import { createResampler, resample } from './resampler.js'

const RATES_TO_ENGINES: [number, number][] = [
  [8000, 16_000],
  [11_025, 16_000],
  [16_000, 24_000],
  [22_050, 16_000],
  [22_050, 24_000],
  [24_000, 16_000],
  [32_000, 16_000],
  [44_100, 16_000],
  [44_101, 16_000],
  [48_000, 16_000],
  [96_000, 24_000],
  [192_000, 16_000],
  [191_999, 16_000],
  [16_000, 44_100],
]

function sine(hz: number, rateHz: number, count: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, index) => 0.5 * Math.sin((2 * Math.PI * hz * index) / rateHz),
  )
}

/** Signal-to-error ratio against the ideal sine, the filter's edges left out. */
function signalToNoiseDb(actual: Float32Array, hz: number, rateHz: number, edgeSamples: number): number {
  const ideal = sine(hz, rateHz, actual.length)
  const error = actual.map((value, index) => value - ideal[index]!)
  const inner = (samples: Float32Array) => samples.subarray(edgeSamples, samples.length - edgeSamples)
  return toDbfs(rms(inner(ideal))) - toDbfs(rms(inner(error)))
}

describe('resample', () => {
  it.each(RATES_TO_ENGINES)(
    '%i → %i Hz keeps 440, 1000 and 3000 Hz at ≥ 85 dB, without delay',
    (fromHz, toHz) => {
      for (const hz of [440, 1000, 3000]) {
        const output = resample(sine(hz, fromHz, Math.round(fromHz * 0.2)), fromHz, toHz)
        const edge = Math.ceil(40 * Math.max(1, toHz / fromHz))
        expect(signalToNoiseDb(output, hz, toHz, edge)).toBeGreaterThan(85)
      }
    },
  )

  it.each([
    [24_000, 16_000, 8_100],
    [48_000, 16_000, 8_100],
    [44_100, 16_000, 12_345],
    [48_000, 24_000, 20_000],
    [44_101, 16_000, 9_000],
    [192_000, 16_000, 60_000],
  ])('%i → %i Hz leaves less than −85 dB of a %i Hz tone that would fold back', (fromHz, toHz, hz) => {
    const output = resample(sine(hz, fromHz, fromHz / 5), fromHz, toHz)
    const inner = output.subarray(100, output.length - 100)
    expect(toDbfs(rms(inner)) - toDbfs(0.5 / Math.SQRT2)).toBeLessThan(-85)
  })

  it('going up leaves no mirror image: 3 kHz at 8 kHz does not appear at 5 kHz', () => {
    const output = resample(sine(3000, 8000, 1600), 8000, 16_000)
    expect(signalToNoiseDb(output, 3000, 16_000, 80)).toBeGreaterThan(85)
  })

  it('is flat up to 80 % of the lower Nyquist frequency', () => {
    for (const hz of [100, 2000, 5000, 6400]) {
      const output = resample(sine(hz, 48_000, 9600), 48_000, 16_000)
      const gainDb = toDbfs(rms(output.subarray(100, 3100))) - toDbfs(0.5 / Math.SQRT2)
      expect(Math.abs(gainDb)).toBeLessThan(0.05)
    }
  })

  it('keeps a constant exactly constant', () => {
    const output = resample(new Float32Array(4410).fill(0.25), 44_100, 16_000)
    for (const value of output.subarray(50, output.length - 50)) expect(value).toBeCloseTo(0.25, 6)
  })
})

describe('createResampler', () => {
  it('passes equal rates through, uncopied', () => {
    const samples = sine(440, 16_000, 100)
    const resampler = createResampler(16_000, 16_000)
    expect(resampler.push(samples)).toBe(samples)
    expect(resampler.flush()).toHaveLength(0)
  })

  it('gives the same samples and the exact length however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RATES_TO_ENGINES),
        fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 12 }),
        ([fromHz, toHz], sizes) => {
          const total = sizes.reduce((sum, size) => sum + size, 0)
          const input = sine(777, fromHz, total)
          const resampler = createResampler(fromHz, toHz)
          const streamed: number[] = []
          let taken = 0
          for (const size of sizes) {
            streamed.push(...resampler.push(input.subarray(taken, (taken += size))))
          }
          streamed.push(...resampler.flush())
          expect(streamed).toHaveLength(Math.ceil((total * toHz) / fromHz))
          expect(Float32Array.from(streamed)).toEqual(resample(input, fromHz, toHz))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('streams with little delay: at most 33 samples of the lower rate are held back', () => {
    const resampler = createResampler(48_000, 16_000)
    const output = resampler.push(new Float32Array(4800))
    expect(1600 - output.length).toBeLessThanOrEqual(33)
  })

  it('accepts an empty stream', () => {
    const resampler = createResampler(44_100, 16_000)
    expect(resampler.push(new Float32Array(0))).toHaveLength(0)
    expect(resampler.flush()).toHaveLength(0)
  })

  it.each([0, -1, 1.5, Number.NaN, 400_000])('refuses a rate of %d', (rate) => {
    expect(() => createResampler(rate, 16_000)).toThrow('fromHz must be a whole number of Hz')
    expect(() => createResampler(16_000, rate)).toThrow('toHz must be a whole number of Hz')
  })
})
