import { expect, it } from 'vitest'
import { voice } from '../../testing/voice.js'
import { BANDS, speechWindows } from './windows.js'

const SECOND = 16_000
const rowMean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length
const between = (...parts: Float32Array[]) => {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
const silence = (seconds: number) => new Float32Array(seconds * SECOND)

it.each([
  ['nothing', new Float32Array(0)],
  ['silence', silence(3)],
  ['half a second', voice({ seconds: 1 }).subarray(0, SECOND / 2)],
])('has no windows for %s', (_what, samples) => {
  expect(speechWindows(samples, 700)).toMatchObject({ windows: 0 })
  expect(speechWindows(samples, 700).speechMs).toBeLessThan(700)
})

it('is the same at every level', () => {
  const one = speechWindows(voice({ gain: 0.3 }), 700)
  const other = speechWindows(voice({ gain: 0.01 }), 700)
  expect(other.speechMs).toBe(one.speechMs)
  expect(
    one.values.every(
      (value, index) => Math.abs(value - other.values[index]!) < 1e-4 * rowMean(one.values) + 1e-3 * value,
    ),
  ).toBe(true)
})

it('leaves pauses out', () => {
  const alone = speechWindows(voice({ seconds: 1 }), 700)
  const apart = speechWindows(between(silence(1), voice({ seconds: 1 }), silence(2)), 700)
  expect(apart.speechMs).toBe(alone.speechMs)
  // Some frames around speech are kept.
  expect(apart.frames - alone.frames).toBeGreaterThanOrEqual(0)
  expect(apart.frames - alone.frames).toBeLessThanOrEqual(20)
})

it('cuts long speech into windows of 1.6 s that overlap, the last ending with it, and hears 6 s', () => {
  const speech = voice({ seconds: 4, syllables: 16 })
  const { frames, windows, values } = speechWindows(speech, 700)
  expect(frames).toBe(160)
  expect(windows).toBe(4)
  expect(values.length).toBe(frames * windows * BANDS)
  expect(speechWindows(voice({ seconds: 12, syllables: 48 }), 700).windows).toBe(7)
})
