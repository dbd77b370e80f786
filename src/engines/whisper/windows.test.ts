import { expect, it } from 'vitest'
import { isAudible, windowEnd } from './windows.js'

const SECOND = 16_000
const loud = (seconds: number) =>
  Float32Array.from({ length: seconds * SECOND }, (_, i) => (i % 7) / 20 - 0.15)
const withPause = (samples: Float32Array, from: number, to: number) =>
  samples.fill(0, from * SECOND, to * SECOND)

it('leaves audio whole that fits', () => {
  expect(windowEnd(loud(28), 28 * SECOND)).toBeUndefined()
})

it('cuts in the middle of the quietest pause of the last third', () => {
  const samples = withPause(withPause(loud(40), 5, 6), 22, 22.5)
  const end = windowEnd(samples, 28 * SECOND)!
  expect(end).toBeGreaterThan(22 * SECOND)
  expect(end).toBeLessThan(22.5 * SECOND)
})

it('cuts at the same place while more comes in', () => {
  const samples = withPause(loud(60), 25, 25.4)
  expect(windowEnd(samples.subarray(0, 29 * SECOND), 28 * SECOND)).toBe(windowEnd(samples, 28 * SECOND))
})

it('cuts within the window where nobody pauses', () => {
  const end = windowEnd(loud(40), 28 * SECOND)!
  expect(end).toBeGreaterThan(18 * SECOND)
  expect(end).toBeLessThanOrEqual(28 * SECOND)
})

it('tells silence from sound', () => {
  expect(isAudible(new Float32Array(0))).toBe(false)
  expect(isAudible(new Float32Array(SECOND).fill(0.0005))).toBe(false)
  expect(isAudible(withPause(loud(2), 0, 1.9))).toBe(true)
})
