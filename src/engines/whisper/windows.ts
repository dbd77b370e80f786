/** Where long audio is cut into windows that are recognised one by one, and whether there is anything to hear. Pure. */

/** 20 ms. */
const FRAME_SAMPLES = 320
/** A pause between phrases: 300 ms. */
const PAUSE_FRAMES = 15
/** The cut is looked for in the last third of the longest window. */
const EARLIEST_CUT = 2 / 3

/** −60 dBFS: the loudest 20 ms of the quietest recorded speech lie 25 dB above it. */
const AUDIBLE_POWER = 1e-6

/**
 * Sample at which to end the first window of `samples`: the middle of the quietest 300 ms before `maxSamples`. undefined where all of it
 * fits. Depends on the first `maxSamples` only, so that the cut stays where it is while more comes in.
 */
export function windowEnd(samples: Float32Array, maxSamples: number): number | undefined {
  if (samples.length <= maxSamples) return undefined
  const powers = framePowers(samples.subarray(0, maxSamples))
  let quietest = Math.floor(powers.length * EARLIEST_CUT)
  let lowest = Number.POSITIVE_INFINITY
  for (let start = quietest; start + PAUSE_FRAMES <= powers.length; start++) {
    let sum = 0
    for (let frame = start; frame < start + PAUSE_FRAMES; frame++) sum += powers[frame]!
    // The latest of equals: fewer windows.
    if (sum <= lowest) {
      lowest = sum
      quietest = start
    }
  }
  return (quietest + PAUSE_FRAMES / 2) * FRAME_SAMPLES
}

/** False where the loudest 20 ms are quieter than any speech. */
export function isAudible(samples: Float32Array): boolean {
  return framePowers(samples).some((power) => power >= AUDIBLE_POWER)
}

function framePowers(samples: Float32Array): Float64Array {
  const powers = new Float64Array(Math.ceil(samples.length / FRAME_SAMPLES))
  for (let frame = 0; frame < powers.length; frame++) {
    const end = Math.min(samples.length, (frame + 1) * FRAME_SAMPLES)
    let sum = 0
    for (let index = frame * FRAME_SAMPLES; index < end; index++) sum += samples[index]! * samples[index]!
    powers[frame] = sum / FRAME_SAMPLES
  }
  return powers
}
