/** What was sent in pieces, as the microphone hears it again. */
import { expect, it } from 'vitest'
import { createRandom } from '../bench/random.js'
import { createPlayedSpeech } from './played-speech.js'

const random = createRandom(9)
/** 60 ms at 24 kHz. */
const pieces = Array.from({ length: 40 }, () => Float32Array.from({ length: 1_440 }, () => random() - 0.5))

/** At 16 kHz, two samples for three, as a microphone near the loudspeaker hears these pieces. */
function heard(from: number, to: number): Float32Array {
  const samples = pieces.slice(from, to).flatMap((piece) => [...piece])
  return Float32Array.from({ length: (samples.length * 2) / 3 }, (_, index) => {
    const at = 1.5 * index
    const before = samples[Math.floor(at)]!
    return 0.1 * (before + (at % 1) * ((samples[Math.floor(at) + 1] ?? before) - before))
  })
}

it('is known again as late as a second after it was sent to be heard, across the gap of a pause', () => {
  const played = createPlayedSpeech(() => 0)
  for (const [index, piece] of pieces.entries()) played.note(piece, 60 * index + (index >= 20 ? 500 : 0))
  // Pieces 25 to 30 lie between 2.0 and 2.4 s.
  expect(played.shareOf(heard(25, 31), 2_360)).toBeGreaterThan(0.6)
  expect(played.shareOf(heard(25, 31), 3_200)).toBeGreaterThan(0.6)
  expect(played.shareOf(heard(25, 31), 2_000)).toBeLessThan(0.4)
})

it('is nothing before anything was sent, and of what was sent long ago', () => {
  const played = createPlayedSpeech(() => 0)
  expect(played.shareOf(heard(0, 6), 400)).toBe(0)
  for (const [index, piece] of pieces.entries()) played.note(piece, 60 * index)
  expect(played.shareOf(heard(30, 36), 20_000)).toBe(0)
})
