/**
 * Log-mel frames as Whisper was trained on them: the logarithm of the power in mel bands, the loudest 80 dB. 1.5 ms per second of audio.
 * Shared by the engines that hear as Whisper does; knows none of them.
 */
import { createMelPowers, framesTouching, MEL_HOP_SAMPLES } from './mel-powers.js'

export { MEL_HOP_SAMPLES }

/** Power below this counts as this: −100 dB. */
const FLOOR = 1e-10
const LOG_FLOOR = -10
/** Range kept below the loudest value, in powers of ten. */
const RANGE = 8

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
  const melPowers = createMelPowers(bands)

  return (samples, totalSamples) => {
    const frames = Math.floor(totalSamples / MEL_HOP_SAMPLES)
    const values = new Float32Array(bands * frames).fill(LOG_FLOOR)
    const heardFrames = Math.min(frames, framesTouching(samples.length))
    let loudest = LOG_FLOOR
    melPowers(samples, heardFrames, (frame, powers) => {
      for (let band = 0; band < bands; band++) {
        const power = powers[band]!
        const value = Math.log10(power > FLOOR ? power : FLOOR)
        if (value > loudest) loudest = value
        values[band * frames + frame] = value
      }
    })
    const lowest = loudest - RANGE
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!
      values[index] = ((value > lowest ? value : lowest) + 4) / 4
    }
    return { values, frames }
  }
}
