/** How loud audio is: levels in linear units and in dBFS, and where sound begins and ends. Samples are floats in ±1. */

/** Root mean square; 0 for no samples. */
export function rms(samples: Float32Array): number {
  if (samples.length === 0) return 0
  let sum = 0
  for (let index = 0; index < samples.length; index++) sum += samples[index]! * samples[index]!
  return Math.sqrt(sum / samples.length)
}

/** Largest absolute value; 0 for no samples. */
export function peak(samples: Float32Array): number {
  let largest = 0
  for (let index = 0; index < samples.length; index++) largest = Math.max(largest, Math.abs(samples[index]!))
  return largest
}

/** A linear level as decibels below full scale: 1 → 0, 0.5 → −6.02, 0 → −Infinity. */
export function toDbfs(linear: number): number {
  return 20 * Math.log10(linear)
}

/** Decibels below full scale as a linear level. */
export function fromDbfs(dbfs: number): number {
  return 10 ** (dbfs / 20)
}

/** Index of the first sample at or above the threshold, −1 when there is none. −50 dBFS is plainly audible speech. */
export function firstAudibleSample(samples: Float32Array, thresholdDbfs = -50): number {
  const threshold = fromDbfs(thresholdDbfs)
  for (let index = 0; index < samples.length; index++) {
    if (Math.abs(samples[index]!) >= threshold) return index
  }
  return -1
}

/** Index of the last sample at or above the threshold, −1 when there is none. */
export function lastAudibleSample(samples: Float32Array, thresholdDbfs = -50): number {
  const threshold = fromDbfs(thresholdDbfs)
  for (let index = samples.length - 1; index >= 0; index--) {
    if (Math.abs(samples[index]!) >= threshold) return index
  }
  return -1
}
