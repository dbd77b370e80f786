import { expect, test } from 'vitest'
import { createLoudspeaker } from './loudspeaker.js'

test('a microphone hears what sounds at that moment, resampled and quieter, and nothing after a flush', () => {
  const speaker = createLoudspeaker(24_000)
  speaker.receive(1_000, new Float32Array(24_000).fill(0.5))
  const hear = (fromMs: number) => {
    const frame = new Float32Array(320)
    speaker.mixInto(frame, 16_000, fromMs, 0.1)
    return frame
  }
  expect(hear(900)).toEqual(new Float32Array(320))
  expect(hear(1_100)[0]).toBeCloseTo(0.05, 5)
  expect(hear(1_990)[0]).toBeCloseTo(0.05, 5)
  expect(hear(1_990).at(-1)).toBe(0)
  speaker.clear(1_500)
  expect(hear(1_480)[0]).toBeCloseTo(0.05, 5)
  expect(hear(1_520)).toEqual(new Float32Array(320))
  expect(speaker.endMs).toBe(1_500)
})
