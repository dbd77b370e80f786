/**
 * Power in mel bands: 25 ms Hann windows every 10 ms at 16 kHz, triangles of equal area on Slaney's scale. Shared by the engines that hear
 * through them; knows none of them, and takes no logarithm.
 */
import { createComplexSignal, TRANSFORM_SIZE, transform } from './fourier.js'

export const MEL_HOP_SAMPLES = 160

const HALF_WINDOW = TRANSFORM_SIZE / 2
const BINS = HALF_WINDOW + 1
/** Spacing of the bins at 16 kHz. */
const BIN_HZ = 40
const TOP_HZ = 8000

const hann = Float64Array.from(
  { length: TRANSFORM_SIZE },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / TRANSFORM_SIZE),
)

/** Frames that touch one of so many samples. */
export const framesTouching = (samples: number): number =>
  Math.ceil((samples + HALF_WINDOW) / MEL_HOP_SAMPLES)

/**
 * Calls `each` for the first `frames` frames of `samples` (±1) in order; the powers it gets are overwritten by the next. Before the first
 * sample the signal is mirrored, after the last it is silent.
 */
export function createMelPowers(
  bands: number,
): (samples: Float32Array, frames: number, each: (frame: number, powers: Float64Array) => void) => void {
  const filters = melFilters(bands)
  const signal = createComplexSignal()
  const scratch = createComplexSignal()
  const powers = [new Float64Array(BINS), new Float64Array(BINS)] as const
  const banded = new Float64Array(bands)

  return (samples, frames, each) => {
    // Two real windows are one complex signal: half of the transforms.
    for (let frame = 0; frame < frames; frame += 2) {
      cut(samples, frame, signal.real)
      cut(samples, frame + 1, signal.imaginary)
      transform(signal, scratch)
      separatePowers(signal.real, signal.imaginary, powers)
      for (let which = 0; which < 2 && frame + which < frames; which++) {
        const power = powers[which]!
        for (let band = 0; band < bands; band++) {
          const { first, weights } = filters[band]!
          let sum = 0
          for (let k = 0; k < weights.length; k++) sum += weights[k]! * power[first + k]!
          banded[band] = sum
        }
        each(frame + which, banded)
      }
    }
  }
}

/** The window centred on a frame. Before the first sample the signal is mirrored, after the last it is silent. */
function cut(samples: Float32Array, frame: number, window: Float64Array): void {
  const start = frame * MEL_HOP_SAMPLES - HALF_WINDOW
  if (start >= 0 && start + TRANSFORM_SIZE <= samples.length) {
    for (let i = 0; i < TRANSFORM_SIZE; i++) window[i] = samples[start + i]! * hann[i]!
    return
  }
  for (let i = 0; i < TRANSFORM_SIZE; i++) window[i] = (samples[Math.abs(start + i)] ?? 0) * hann[i]!
}

/** The power spectra of the two real signals that were transformed as one. */
function separatePowers(
  real: Float64Array,
  imaginary: Float64Array,
  powers: readonly [Float64Array, Float64Array],
): void {
  const [first, second] = powers
  for (let k = 0; k < BINS; k++) {
    const mirror = k === 0 ? 0 : TRANSFORM_SIZE - k
    const aR = real[k]! + real[mirror]!
    const aI = imaginary[k]! - imaginary[mirror]!
    const bR = imaginary[k]! + imaginary[mirror]!
    const bI = real[mirror]! - real[k]!
    first[k] = (aR * aR + aI * aI) / 4
    second[k] = (bR * bR + bI * bI) / 4
  }
}

interface MelFilter {
  readonly first: number
  readonly weights: Float64Array
}

/** Triangles of equal area, evenly spaced on Slaney's mel scale: linear to 1 kHz (15 mel), logarithmic above. */
function melFilters(bands: number): MelFilter[] {
  const logStep = Math.log(6.4) / 27
  const toMel = (hz: number) => (hz < 1000 ? (3 * hz) / 200 : 15 + Math.log(hz / 1000) / logStep)
  const toHz = (mel: number) => (mel < 15 ? (200 * mel) / 3 : 1000 * Math.exp(logStep * (mel - 15)))
  const corner = (index: number) => toHz((toMel(TOP_HZ) * index) / (bands + 1))
  return Array.from({ length: bands }, (_, band) => {
    const low = corner(band)
    const middle = corner(band + 1)
    const high = corner(band + 2)
    const first = Math.min(BINS - 1, Math.ceil(low / BIN_HZ))
    const last = Math.min(BINS - 1, Math.floor(high / BIN_HZ))
    const weights = Float64Array.from({ length: last - first + 1 }, (_, k) => {
      const hz = (first + k) * BIN_HZ
      const rise = (hz - low) / (middle - low)
      const fall = (high - hz) / (high - middle)
      return (Math.max(0, Math.min(rise, fall)) * 2) / (high - low)
    })
    return { first, weights }
  })
}
