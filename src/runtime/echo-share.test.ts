/** Noise in syllables stands for speech: what is measured is whether two signals are one, not what they say. */
import { expect, it } from 'vitest'
import { createRandom } from '../bench/random.js'
import { createEchoShare, ECHO_HZ } from './echo-share.js'

const share = createEchoShare()
const ms = (count: number) => Math.round((count * ECHO_HZ) / 1_000)

/** A low-passed noise that swells and fades. */
function speech(seed: number, lengthMs: number): Float32Array {
  const random = createRandom(seed)
  let low = 0
  let loudness = 0
  let wanted = 1
  return Float32Array.from({ length: ms(lengthMs) }, (_, index) => {
    if (index % ms(60) === 0) wanted = random()
    loudness += 0.01 * (wanted - loudness)
    low += 0.4 * (random() - 0.5 - low)
    return loudness * low
  })
}

const mixed = (...parts: readonly (readonly [samples: Float32Array, gain: number])[]): Float32Array =>
  Float32Array.from(parts[0]![0], (_, index) =>
    parts.reduce((sum, [samples, gain]) => sum + gain * samples[index]!, 0),
  )

/** The end of what was played, so much later, off a wall as well. */
function heardBack(played: Float32Array, delayMs: number, lengthMs = 400): Float32Array {
  const from = (laterMs: number) => {
    const end = played.length - ms(laterMs)
    return played.subarray(end - ms(lengthMs), end)
  }
  return mixed([from(delayMs), 0.2], [from(delayMs + 7), -0.06], [from(delayMs + 23), 0.04])
}

it.each([0, 60, 333, 980])('is nearly all of an echo that comes %d ms later', (delayMs) => {
  const played = speech(1, 1_450)
  expect(share(heardBack(played, delayMs), played)).toBeGreaterThan(0.75)
})

it.each([2, 3, 4, 5, 6])('is little of somebody else (%d)', (seed) => {
  expect(share(speech(seed, 400), speech(1, 1_400))).toBeLessThan(0.35)
})

it('is less than half of somebody who speaks over an echo', () => {
  const played = speech(1, 1_450)
  expect(share(mixed([speech(2, 400), 0.4], [heardBack(played, 150), 1]), played)).toBeLessThan(0.5)
})

it('is nothing where nothing is played, or nothing heard', () => {
  expect(share(speech(1, 400), new Float32Array(ms(1_400)))).toBe(0)
  expect(share(new Float32Array(ms(400)), speech(1, 1_400))).toBe(0)
})
