/**
 * Log-mel frames as Whisper was trained on them: 25 ms Hann windows every 10 ms, mel bands on Slaney's scale, the loudest 80 dB.
 * 1.5 ms per second of audio. Shared by the engines that hear as Whisper does; knows none of them.
 */
import { createComplexSignal, TRANSFORM_SIZE, transform } from './fourier.js'

export const MEL_HOP_SAMPLES = 160

const HALF_WINDOW = TRANSFORM_SIZE / 2
const BINS = HALF_WINDOW + 1
/** Spacing of the bins at 16 kHz. */
const BIN_HZ = 40
const TOP_HZ = 8000
/** Power below this counts as this: −100 dB. */
const FLOOR = 1e-10
const LOG_FLOOR = -10
/** Range kept below the loudest value, in powers of ten. */
const RANGE = 8

const hann = Float64Array.from(
  { length: TRANSFORM_SIZE },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / TRANSFORM_SIZE),
)

export interface LogMel {
  /** [bands, frames], row major. */
  readonly values: Float32Array
  readonly frames: number
}

/**
 * Frames of `samples` (16 kHz, ±1) followed by silence up to `totalSamples`. Frames that lie in that silence cost
 * nothing.
 */
export function createLogMel(bands: number): (samples: Float32Array, totalSamples: number) => LogMel {
  const filters = melFilters(bands)
  const signal = createComplexSignal()
  const scratch = createComplexSignal()
  const powers = [new Float64Array(BINS), new Float64Array(BINS)] as const

  return (samples, totalSamples) => {
    const frames = Math.floor(totalSamples / MEL_HOP_SAMPLES)
    const values = new Float32Array(bands * frames).fill(LOG_FLOOR)
    // The last window that still touches a sample.
    const heardFrames = Math.min(frames, Math.ceil((samples.length + HALF_WINDOW) / MEL_HOP_SAMPLES))
    let loudest = LOG_FLOOR
    // Two real windows are one complex signal: half of the transforms.
    for (let frame = 0; frame < heardFrames; frame += 2) {
      cut(samples, frame, signal.real)
      cut(samples, frame + 1, signal.imaginary)
      transform(signal, scratch)
      separatePowers(signal.real, signal.imaginary, powers)
      for (let which = 0; which < 2 && frame + which < heardFrames; which++) {
        const power = powers[which]!
        for (let band = 0; band < bands; band++) {
          const { first, weights } = filters[band]!
          let sum = 0
          for (let k = 0; k < weights.length; k++) sum += weights[k]! * power[first + k]!
          const value = Math.log10(sum > FLOOR ? sum : FLOOR)
          if (value > loudest) loudest = value
          values[band * frames + frame + which] = value
        }
      }
    }
    const lowest = loudest - RANGE
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!
      values[index] = ((value > lowest ? value : lowest) + 4) / 4
    }
    return { values, frames }
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
