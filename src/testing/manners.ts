/** How somebody sounds: as ever, and with a raised voice. */
import type { Manner } from '../core/index.js'

export const USUAL: Manner = {
  voicedMs: 1_500,
  pitchHz: 120,
  pitchSpan: 6,
  loudnessDb: -24,
  brightnessDb: -14,
  syllablesPerS: 4,
}

export const RAISED: Manner = {
  ...USUAL,
  pitchHz: 160,
  pitchSpan: 10,
  loudnessDb: -16,
  brightnessDb: -10,
  syllablesPerS: 5.2,
}
