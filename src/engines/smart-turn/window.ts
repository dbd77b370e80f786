/**
 * The 8 s that Smart Turn hears: the end of what there is, silence before it, at zero mean and unit variance, as it was trained.
 * Knows nothing of spectra.
 */

export const WINDOW_SAMPLES = 8 * 16_000
/** The last frame's window reaches this far beyond the end, into the mirrored signal. */
const MIRRORED_SAMPLES = 200
/** Keeps pure silence from being divided by nothing. */
const VARIANCE_FLOOR = 1e-7

/** `WINDOW_SAMPLES` and the mirrored samples behind them. */
export function windowOf(samples: Float32Array): Float32Array<ArrayBuffer> {
  const window = new Float32Array(WINDOW_SAMPLES + MIRRORED_SAMPLES)
  const heard = samples.subarray(Math.max(0, samples.length - WINDOW_SAMPLES))
  window.set(heard, WINDOW_SAMPLES - heard.length)
  // The silence before counts as well.
  let sum = 0
  let squares = 0
  for (const sample of heard) {
    sum += sample
    squares += sample * sample
  }
  const mean = sum / WINDOW_SAMPLES
  const variance = squares / WINDOW_SAMPLES - mean * mean
  const scale = 1 / Math.sqrt(variance + VARIANCE_FLOOR)
  for (let index = 0; index < WINDOW_SAMPLES; index++) window[index] = (window[index]! - mean) * scale
  for (let index = 0; index < MIRRORED_SAMPLES; index++) {
    window[WINDOW_SAMPLES + index] = window[WINDOW_SAMPLES - 2 - index]!
  }
  return window
}
