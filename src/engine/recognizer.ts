/**
 * Speech recognition of one activity (one stretch of user speech). The interface fits recognisers that only work on
 * whole clips (Whisper) as well as streaming ones.
 */
import type { EngineInfo } from './info.js'

export interface Recognizer {
  readonly info: EngineInfo
  open(options: RecognitionOptions): Recognition
}

export interface RecognitionOptions {
  readonly signal: AbortSignal
  /** BCP-47 tag the speaker is expected to use; absent = let the engine find out. */
  readonly language?: string
  /** Where no one language is expected: those that it may be. Engines that can't choose among some find it out. */
  readonly languages?: readonly string[]
  /** Spoken last in this conversation: where the language is found out and the speech leaves doubt, it still is. Absent = English. */
  readonly languageBefore?: string
  /** What is likely to be said in a moment; anything else may be. Engines that can't weigh it hear as ever. */
  readonly likely?: readonly string[]
  /** What the words are compared with (`Transcript.lead`): one of these, or several in a row. */
  readonly rivals?: readonly string[]
  /** The same for all activities of one conversation; absent = unknown. Only engines that tell turns apart need it. */
  readonly session?: string
}

export interface Recognition {
  /** Appends mono samples at 16 kHz. Never waits. */
  push(samples: Float32Array): void
  /**
   * The transcript of everything pushed so far. Recognition goes on: more may be pushed and settled again; nothing
   * pushed in between = the same answer, at no cost. Rejects with `EngineError`, or with the reason of its own signal or the
   * recognition's. `wanted`: aborted where this answer is not wanted any more; the recognition itself goes on.
   */
  settle(wanted?: AbortSignal): Promise<Transcript>
  /** Lets go of the audio. Pending `settle()` calls still answer. */
  close(): void
}

export interface Transcript {
  /** Trimmed; empty where no words were heard (silence, noise). */
  readonly text: string
  /** Detected or given language, primary subtag (`en`, `es`). */
  readonly language: string
  /** Mean log-probability per token, 0 … −∞, where the engine has one. */
  readonly averageLogProbability?: number
  /**
   * How much likelier these words are than any row of `rivals`, natural logarithms, 0 … 8: of the whole, not a token. Absent where there were none, or the engine
   * can't tell, or the speech is longer than a few of them take.
   */
  readonly lead?: number
}
