/** Cuts a stream of samples into frames of a fixed length. Knows nothing of rates or what the frames are for. */

export interface Framer {
  /** Returns every frame completed by these samples, oldest first, each its own copy; the rest waits. */
  push(samples: Float32Array): Float32Array[]
  /** Samples waiting for their frame to fill. */
  readonly pendingSamples: number
}

/** Throws `RangeError` unless `frameSamples` is a whole number ≥ 1. */
export function createFramer(frameSamples: number): Framer {
  if (!Number.isInteger(frameSamples) || frameSamples < 1) {
    throw new RangeError(`frameSamples must be a whole number ≥ 1, not ${frameSamples}`)
  }
  let frame = new Float32Array(frameSamples)
  let filled = 0
  return {
    push(samples) {
      const frames: Float32Array[] = []
      let taken = 0
      while (taken < samples.length) {
        const count = Math.min(frameSamples - filled, samples.length - taken)
        frame.set(count === samples.length ? samples : samples.subarray(taken, taken + count), filled)
        filled += count
        taken += count
        if (filled === frameSamples) {
          frames.push(frame)
          frame = new Float32Array(frameSamples)
          filled = 0
        }
      }
      return frames
    },
    get pendingSamples() {
      return filled
    },
  }
}
