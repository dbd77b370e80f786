/** Speech synthesis, clause by clause. Output is always mono at 24 kHz, edges trimmed, within ±1. */
import type { EngineInfo } from './info.js'

export const SPEECH_OUTPUT_HZ = 24_000

export interface Synthesizer {
  readonly info: EngineInfo
  /**
   * Speaks one clause or sentence of plain text. Yields one or more pieces of audio; a text with nothing to say
   * (punctuation only) yields none. The pieces of one call are meant to be played without a gap; leading silence is at most 40 ms,
   * trailing silence a natural pause (about 100 ms after a comma, 250 ms after a sentence); first and last sample are silent (−50 dBFS), so
   * that nothing clicks where clauses join. Throws `EngineError`.
   */
  speak(text: string, voice: VoiceOptions, signal: AbortSignal): AsyncIterable<Float32Array>
}

export interface VoiceOptions {
  /** One of the 30 names of the Live API (`Aoede`, `Puck` …) or an engine's own (`af_aoede`); unknown or absent = default. */
  readonly name?: string
  /** BCP-47 tag of the text's language; absent = English. */
  readonly language?: string
  /** 1 = normal; 0.7 … 1.3. */
  readonly speed?: number
  /** Above or below the voice's own pitch, −5 … 5; its formants stay. An engine that cannot speaks as ever. */
  readonly pitchSemitones?: number
  /** Louder or softer than ever, −12 … 6; peaks are limited. An engine that cannot speaks as ever. */
  readonly gainDb?: number
}
