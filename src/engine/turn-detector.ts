/** Tells from the sound of speech whether its speaker has finished: one vote among others, never a decision. */
import type { EngineInfo } from './info.js'

export interface TurnDetector {
  readonly info: EngineInfo
  /**
   * Probability 0 … 1 that the turn is complete. `samples`: mono at 16 kHz, the turn's speech up to now with the silence
   * behind it; of more than 8 s the end counts. Throws `EngineError`, or the signal's reason.
   */
  score(samples: Float32Array, signal: AbortSignal): Promise<number>
}
