/** A spoken question as the benchmark streams it: 16 kHz mono, with the moment at which the speaker falls silent. */

import { readWav, resample, rms, toDbfs } from '../audio/index.js'
import { percentile } from './percentiles.js'

export const QUESTION_HZ = 16_000

export interface Question {
  readonly name: string
  /** ±1, at QUESTION_HZ. */
  readonly samples: Float32Array
  /** End of the last voiced frame, from the start of the recording. */
  readonly speechEndMs: number
}

/** Reads a WAV file of any rate. Throws with the name where it is no WAV file or holds no sound. */
export function readQuestion(name: string, bytes: Uint8Array): Question {
  try {
    const wav = readWav(bytes)
    const samples = resample(wav.samples, wav.sampleRateHz, QUESTION_HZ)
    return { name, samples, speechEndMs: findSpeechEndMs(samples) }
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`)
  }
}

const FRAME_MS = 10
const FRAME_SAMPLES = (QUESTION_HZ * FRAME_MS) / 1000
/** Shorter sounds are clicks: a recorder that is switched off, lips. */
const SHORTEST_SOUND_FRAMES = 4

/**
 * Where the level falls to 30 dB below the loud parts for good; in a noisy recording to 10 dB above its noise, but
 * never less than 20 dB below the loud parts. Exact to a frame on a recording in room noise whose end is known. Throws
 * where there is no sound.
 */
export function findSpeechEndMs(samples: Float32Array): number {
  const levels: number[] = []
  for (let start = 0; start + FRAME_SAMPLES <= samples.length; start += FRAME_SAMPLES) {
    levels.push(Math.max(-120, toDbfs(rms(samples.subarray(start, start + FRAME_SAMPLES)))))
  }
  const ascending = [...levels].sort((a, b) => a - b)
  if (ascending.length === 0 || ascending.at(-1) === -120) throw new Error('the recording is silent')
  const loud = percentile(ascending, 95)
  const noise = percentile(ascending, 10)
  const threshold = Math.min(loud - 20, Math.max(loud - 30, noise + 10))
  let end = levels.length
  let run = 0
  for (let index = levels.length - 1; index >= 0; index--) {
    run = levels[index]! >= threshold ? run + 1 : 0
    if (run === 1) end = index + 1
    if (run === SHORTEST_SOUND_FRAMES) return end * FRAME_MS
  }
  return end * FRAME_MS
}
