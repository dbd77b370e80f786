/**
 * Voice activity detection: the probability that someone speaks, per fixed frame of audio. It decides nothing:
 * onset, offset and activity are the core's.
 */
import type { EngineInfo } from './info.js'

/** Samples per score at 16 kHz (32 ms), as Silero needs them. */
export const SPEECH_FRAME_SAMPLES = 512

export interface SpeechDetector {
  readonly info: EngineInfo
  /** Starts one independent detection over one stream of audio. */
  open(options: { signal: AbortSignal }): SpeechDetection
}

/**
 * One stream of audio being scored. Scores arrive in order, one per whole frame of 512 samples; iteration ends
 * after `finish()` once every whole frame was scored, or at abort; it throws `EngineError` when the engine is lost.
 */
export interface SpeechDetection extends AsyncIterable<SpeechScore> {
  /** Appends mono samples at 16 kHz, any number of them. Never waits; what does not fill a frame is kept. */
  push(samples: Float32Array): void
  finish(): void
}

export interface SpeechScore {
  /** Index of the frame's first sample, counted from the first sample pushed. */
  readonly startSample: number
  /** 0 … 1 */
  readonly probability: number
}
