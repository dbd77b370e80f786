/** Tells voices apart: speech in, a direction out; those of one speaker point the same way. Whose voice it is, is the session's to say. */
import type { EngineInfo } from './info.js'

export interface SpeakerEncoder {
  readonly info: EngineInfo
  /**
   * Whose voice it is. `samples`: mono at 16 kHz, one activity up to now; of longer ones the last 6 s of speech count. The level does not matter.
   * Throws `EngineError`, or the signal's reason.
   */
  encode(samples: Float32Array, signal: AbortSignal): Promise<VoicePrint>
}

/** Never written down: it would tell a person again in other recordings. */
export interface VoicePrint {
  /** Speech that it was made of, pauses left out. */
  readonly speechMs: number
  /** Of length 1; empty where there was too little speech to tell anything. */
  readonly direction: Float32Array
}

/** The cosine of the angle between two directions: 1 = alike. */
export function likeness(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)
}
