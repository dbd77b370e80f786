/** Hears how a thing is said. What that means, and for whom, is the session core's to say. */
import type { VoiceManner } from '../audio/index.js'
import type { EngineInfo } from './info.js'

export interface ToneReader {
  readonly info: EngineInfo
  /**
   * How the speech sounds. `samples`: mono at 16 kHz, one activity up to now; of more than 12 s the end counts. Where no voice is heard every
   * figure is 0. Throws `EngineError`, or the signal's reason.
   */
  listen(samples: Float32Array, signal: AbortSignal): Promise<VoiceManner>
}
