/**
 * From sound to what the speaker encoder hears: mel frames of the speech alone, at the level it was trained on, in windows of 1.6 s that overlap by
 * half. Pure arithmetic.
 */
import { createMelPowers, MEL_HOP_SAMPLES } from '../mel-powers.js'

export const BANDS = 40
const FRAME_MS = 10
const WINDOW_FRAMES = 160
const STEP_FRAMES = WINDOW_FRAMES / 2
/** Of longer speech the end counts: more tells little more (test/models/speaker). */
const MOST_FRAMES = 600
/** Frames this far below the loud ones are no speech. */
const SPEECH_RANGE_DB = 30
/** What counts as loud: the share of the frames that are quieter. */
const LOUD_SHARE = 0.9
/** Quieter than this nothing is heard, however quiet the rest. */
const QUIETEST_POWER = 1e-9
/** So many frames before and behind speech are kept: the ends of words. */
const KEPT_AROUND = 8
/** −30 dBFS, to which speech was brought in training. */
const TRAINED_POWER = 1e-3

export interface SpeechWindows {
  readonly speechMs: number
  /** [frames, windows, bands], as the model takes them. */
  readonly values: Float32Array
  readonly frames: number
  readonly windows: number
}

const melPowers = createMelPowers(BANDS)

/** `leastMs`: of less speech there are no windows. */
export function speechWindows(samples: Float32Array, leastMs: number): SpeechWindows {
  const powers = framePowers(samples)
  const loud = [...powers].sort((a, b) => a - b)[Math.floor(LOUD_SHARE * powers.length)] ?? 0
  const floor = Math.max(QUIETEST_POWER, loud * 10 ** (-SPEECH_RANGE_DB / 10))
  const isSpeech = powers.map((power) => (power > floor ? 1 : 0))
  const spoken = isSpeech.reduce((sum, one) => sum + one, 0)
  const speechMs = spoken * FRAME_MS
  if (speechMs < leastMs) return { speechMs, values: new Float32Array(0), frames: 0, windows: 0 }

  const mean = powers.reduce((sum, power, frame) => sum + power * isSpeech[frame]!, 0) / spoken
  const kept = keptFrames(isSpeech).slice(-MOST_FRAMES)
  const rowOf = new Map(kept.map((frame, row) => [frame, row]))
  const mel = new Float32Array(kept.length * BANDS)
  const scale = TRAINED_POWER / mean
  melPowers(samples, powers.length, (frame, bands) => {
    const row = rowOf.get(frame)
    if (row !== undefined)
      for (let band = 0; band < BANDS; band++) mel[row * BANDS + band] = bands[band]! * scale
  })
  return { speechMs, ...cut(mel, kept.length) }
}

/** Mean square of each 10 ms. */
function framePowers(samples: Float32Array): Float64Array {
  return Float64Array.from({ length: Math.floor(samples.length / MEL_HOP_SAMPLES) }, (_, frame) => {
    const start = frame * MEL_HOP_SAMPLES
    let sum = 0
    for (let index = start; index < start + MEL_HOP_SAMPLES; index++) sum += samples[index]! ** 2
    return sum / MEL_HOP_SAMPLES
  })
}

function keptFrames(isSpeech: Float64Array): number[] {
  const kept: number[] = []
  let last = Number.NEGATIVE_INFINITY
  for (const [frame, is] of isSpeech.entries()) {
    if (!is) {
      if (frame - last <= KEPT_AROUND) kept.push(frame)
      continue
    }
    const from = Math.max(0, frame - KEPT_AROUND, (kept.at(-1) ?? -1) + 1)
    for (let before = from; before <= frame; before++) kept.push(before)
    last = frame
  }
  return kept
}

/** The last window ends where the speech ends. */
function cut(mel: Float32Array, total: number): Omit<SpeechWindows, 'speechMs'> {
  const frames = Math.min(WINDOW_FRAMES, total)
  const windows = 1 + Math.ceil((total - frames) / STEP_FRAMES)
  const values = new Float32Array(frames * windows * BANDS)
  for (let window = 0; window < windows; window++) {
    const start = Math.min(window * STEP_FRAMES, total - frames)
    for (let frame = 0; frame < frames; frame++) {
      const row = (start + frame) * BANDS
      values.set(mel.subarray(row, row + BANDS), (frame * windows + window) * BANDS)
    }
  }
  return { values, frames, windows }
}
