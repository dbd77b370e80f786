/**
 * What every synthesised clause goes through before it is played: silence cut from its edges, a natural pause put
 * after it, soft cuts and a peak limiter. Knows nothing of texts or models; the caller says how long the pause is.
 */
import { fromDbfs, peak, rms } from '../audio/index.js'

/** Loudness is judged in windows of 5 ms. */
const WINDOW_MS = 5
/** Speech is what lies above this, or above 45 dB below the clause's loudest window where that is more. */
const SILENCE_DBFS = -52
const SILENCE_BELOW_LOUDEST_DB = 45
/** Put before the first sound, its own recording as far as there is one: an onset without silence sounds like a stop. */
const KEEP_BEFORE_MS = 25
/** Kept after the last sound at least, so that soft consonants are not clipped. */
const KEEP_AFTER_MS = 30
const FADE_IN_MS = 5
const FADE_OUT_MS = 15

/** Ceiling of the limiter, −0.3 dBFS: resampling afterwards may overshoot a little. */
export const PEAK_CEILING = 0.966

/** Pause after a clause, by the punctuation mark that ended it. */
export function pauseAfterMs(mark: string): number {
  if (mark === '') return 60
  return '.!?…'.includes(mark) ? 250 : 100
}

/**
 * Cuts the silent edges, fades the cuts and ends with `pauseMs` of silence in all (the recording's own tail first,
 * then zeros). Silence alone gives an empty array.
 */
export function trimClause(samples: Float32Array, sampleRateHz: number, pauseMs: number): Float32Array {
  const toSamples = (ms: number) => Math.round((ms * sampleRateHz) / 1000)
  const windowSamples = toSamples(WINDOW_MS)
  const levels: number[] = []
  for (let start = 0; start < samples.length; start += windowSamples)
    levels.push(rms(samples.subarray(start, start + windowSamples)))
  const loudest = levels.reduce((most, level) => Math.max(most, level), 0)
  const threshold = Math.max(fromDbfs(SILENCE_DBFS), loudest * fromDbfs(-SILENCE_BELOW_LOUDEST_DB))
  const isLoud = (level: number | undefined) => level !== undefined && level >= threshold
  // A single window is a click: one in the silence behind a sentence kept half a second of it.
  const isSound = (level: number, at: number) =>
    isLoud(level) && (isLoud(levels[at - 1]) || isLoud(levels[at + 1]))
  const first = levels.findIndex(isSound)
  if (first < 0) return new Float32Array(0)
  const last = levels.findLastIndex(isSound)

  const soundEnd = Math.min(samples.length, (last + 1) * windowSamples)
  const start = first * windowSamples - toSamples(KEEP_BEFORE_MS)
  const missing = Math.max(0, -start)
  const tailSamples = toSamples(Math.max(pauseMs, KEEP_AFTER_MS))
  const recorded = samples.subarray(Math.max(0, start), soundEnd + tailSamples)
  const clause = new Float32Array(soundEnd - start + tailSamples)
  clause.set(recorded, missing)
  const end = missing + recorded.length
  fade(clause.subarray(missing, end), toSamples(FADE_IN_MS), toSamples(FADE_OUT_MS))
  return clause
}

/** Raised-cosine fades at both ends, in place. */
function fade(samples: Float32Array, inSamples: number, outSamples: number): void {
  const gain = (step: number, of: number) => 0.5 - 0.5 * Math.cos((Math.PI * step) / of)
  const last = samples.length - 1
  for (let step = 0; step < Math.min(inSamples, samples.length); step++)
    samples[step] = samples[step]! * gain(step, inSamples)
  for (let step = 0; step < Math.min(outSamples, samples.length); step++)
    samples[last - step] = samples[last - step]! * gain(step, outSamples)
}

/** Blocks of the limiter: its gain is held 3 ms around a peak and moves in straight lines between blocks of 1 ms. */
const LIMITER_BLOCK_MS = 1
const LIMITER_HOLD_BLOCKS = 3

/** Turns down what would exceed the ceiling, looking ahead so that nothing clips; in place, same length. */
export function limitPeaks(samples: Float32Array, sampleRateHz: number): Float32Array {
  if (peak(samples) <= PEAK_CEILING) return samples
  const blockSamples = Math.round((LIMITER_BLOCK_MS * sampleRateHz) / 1000)
  const needed: number[] = []
  for (let start = 0; start < samples.length; start += blockSamples)
    needed.push(Math.min(1, PEAK_CEILING / peak(samples.subarray(start, start + blockSamples))))
  const held = needed.map((_, block) =>
    Math.min(...needed.slice(Math.max(0, block - LIMITER_HOLD_BLOCKS), block + LIMITER_HOLD_BLOCKS + 1)),
  )
  const gainAtEdge = (edge: number) =>
    Math.min(held[Math.max(0, edge - 1)]!, held[Math.min(held.length - 1, edge)]!)
  for (let index = 0; index < samples.length; index++) {
    const block = Math.floor(index / blockSamples)
    const along = (index - block * blockSamples) / blockSamples
    samples[index] = samples[index]! * (gainAtEdge(block) * (1 - along) + gainAtEdge(block + 1) * along)
  }
  return samples
}
