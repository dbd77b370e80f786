/** A spoken question as the benchmark streams it: 16 kHz mono, with the moment at which the speaker falls silent. */

import { lastAudibleSample, peak, readWav, resample, toDbfs } from '../audio/index.js'

export const QUESTION_HZ = 16_000

export interface Question {
  readonly name: string
  /** ±1, at QUESTION_HZ. */
  readonly samples: Float32Array
  /** End of the last voiced sample, from the start of the recording. */
  readonly speechEndMs: number
}

/** Speech counts as ended where the level stays this far below the recording's peak: under it lie room and breath. */
const BELOW_PEAK_DB = 35

/** Reads a WAV file of any rate. Throws with the name where it is no WAV file or holds no sound. */
export function readQuestion(name: string, bytes: Uint8Array): Question {
  let samples: Float32Array
  try {
    const wav = readWav(bytes)
    samples = resample(wav.samples, wav.sampleRateHz, QUESTION_HZ)
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`)
  }
  const loudest = peak(samples)
  if (loudest === 0) throw new Error(`${name}: the recording is silent`)
  const last = lastAudibleSample(samples, toDbfs(loudest) - BELOW_PEAK_DB)
  return { name, samples, speechEndMs: ((last + 1) / QUESTION_HZ) * 1000 }
}
