import { expect, it } from 'vitest'
import { createLogMel } from './log-mel.js'

const RATE = 16_000
const logMel = createLogMel(80)
const tone = (hz: number, samples: number) =>
  Float32Array.from({ length: samples }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / RATE))

function loudestBand(values: Float32Array, frames: number, frame: number): number {
  let best = 0
  for (let band = 1; band < 80; band++)
    if (values[band * frames + frame]! > values[best * frames + frame]!) best = band
  return best
}

it('gives a frame per 10 ms, also for the silence that follows', () => {
  const { values, frames } = logMel(tone(440, 8000), RATE)
  expect(frames).toBe(100)
  expect(values.length).toBe(80 * 100)
})

// Bands are 37.24 Hz apart up to 1 kHz: band n is centred on (n + 1) times that.
it.each([
  [300, 7],
  [1000, 26],
])('puts %i Hz into band %i', (hz, band) => {
  const { values, frames } = logMel(tone(hz, RATE), RATE)
  expect(Math.abs(loudestBand(values, frames, 50) - band)).toBeLessThanOrEqual(1)
})

it('keeps 80 dB below the loudest value, scaled as the model expects', () => {
  const { values, frames } = logMel(tone(440, 8000), RATE)
  const loudest = Math.max(...values)
  expect(Math.min(...values)).toBeCloseTo(loudest - 2, 5)
  expect(values[79 * frames + 90]).toBeCloseTo(loudest - 2, 5)
})

it('is the same for audio that ends in silence and audio that is padded with it', () => {
  const speech = tone(500, 5000)
  const padded = new Float32Array(RATE)
  padded.set(speech)
  const short = logMel(speech, RATE).values
  const long = logMel(padded, RATE).values
  expect(short.length).toBe(long.length)
  expect(short.every((value, index) => Math.abs(value - long[index]!) < 1e-6)).toBe(true)
})

it('makes silence of nothing', () => {
  expect(new Set(logMel(new Float32Array(0), RATE).values)).toEqual(new Set([-1.5]))
})
