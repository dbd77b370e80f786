/**
 * The recent past of one audio stream, addressed by absolute sample position (0 = first sample ever appended). Used
 * to look back, e.g. for the moments before speech was detected. Bounded: the oldest samples make way.
 */

export interface SampleQueue {
  /** Position of the oldest sample still held; equals `end` when empty. */
  readonly start: number
  /** Position after the newest sample = number of samples ever appended. */
  readonly end: number
  append(samples: Float32Array): void
  /** A copy of the samples at [from, to), cut to what is held; empty where nothing is. */
  read(from: number, to?: number): Float32Array
  /** Lets go of everything before the position. */
  dropBefore(position: number): void
}

const INITIAL_SAMPLES = 4096

/** Throws `RangeError` unless `maxSamples` is a whole number ≥ 1. Memory grows with use, up to the bound. */
export function createSampleQueue(options: { readonly maxSamples: number }): SampleQueue {
  const { maxSamples } = options
  if (!Number.isInteger(maxSamples) || maxSamples < 1) {
    throw new RangeError(`maxSamples must be a whole number ≥ 1, not ${maxSamples}`)
  }
  // The sample at position p lies at p modulo the ring's length.
  let ring = new Float32Array(Math.min(INITIAL_SAMPLES, maxSamples))
  let start = 0
  let end = 0

  function copyOut(from: number, to: number): Float32Array {
    const length = to - from
    const offset = from % ring.length
    const untilWrap = ring.length - offset
    if (length <= untilWrap) return ring.slice(offset, offset + length)
    const output = new Float32Array(length)
    output.set(ring.subarray(offset))
    output.set(ring.subarray(0, output.length - untilWrap), untilWrap)
    return output
  }

  function copyIn(samples: Float32Array, position: number): void {
    const offset = position % ring.length
    const untilWrap = ring.length - offset
    if (samples.length <= untilWrap) {
      ring.set(samples, offset)
      return
    }
    ring.set(samples.subarray(0, untilWrap), offset)
    ring.set(samples.subarray(untilWrap), 0)
  }

  return {
    get start() {
      return start
    },
    get end() {
      return end
    },
    append(samples) {
      const kept = samples.length > maxSamples ? samples.subarray(samples.length - maxSamples) : samples
      const needed = Math.min(maxSamples, end - start + samples.length)
      if (needed > ring.length) {
        const held = copyOut(start, end)
        ring = new Float32Array(Math.min(maxSamples, Math.max(needed, ring.length * 2)))
        copyIn(held, start)
      }
      end += samples.length
      copyIn(kept, end - kept.length)
      start = Math.max(start, end - maxSamples)
    },
    read(from, to = end) {
      const first = Math.max(start, from)
      const last = Math.min(end, to)
      return first < last ? copyOut(first, last) : new Float32Array(0)
    },
    dropBefore(position) {
      start = Math.max(start, Math.min(end, position))
    },
  }
}
