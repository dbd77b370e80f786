/**
 * A language model that answers conversations. Every call carries the whole prompt; the engine keeps a cache per
 * `Conversation` and evaluates only what differs from the last call, so that appending is cheap and a lost engine
 * process loses nothing.
 */
import type { EngineInfo } from './info.js'

export interface LanguageModel {
  readonly info: EngineInfo
  /** Opens a session's own cache. Cheap; nothing is evaluated yet. Aborting the signal frees it. */
  open(options: { signal: AbortSignal }): Conversation
}

export interface Conversation {
  /**
   * Evaluates the prompt's system instruction and messages into the cache without generating. Yields after every
   * chunk of at most 32 tokens; the engine does not begin the next chunk before the next value is asked for, so the caller decides
   * who gets the processor. Returning early (break) or aborting keeps what was evaluated.
   */
  prefill(prompt: Prompt, signal: AbortSignal): AsyncIterable<PrefillProgress>
  /**
   * Generates one answer of the model after the last message. Yields `prefill` parts while the prompt is still being
   * evaluated, then `text` deltas, then exactly one `end`. Decoding runs at most two tokens ahead of the consumer
   * and stops within 100 ms of an abort. Throws `EngineError`.
   */
  generate(prompt: Prompt, sampling: Sampling, signal: AbortSignal): AsyncIterable<GenerationPart>
  close(): void
}

export interface Prompt {
  /** System instruction; may be empty. */
  readonly system: string
  readonly messages: readonly Message[]
}

export interface Message {
  readonly role: 'user' | 'model'
  readonly text: string
}

export interface Sampling {
  readonly maxOutputTokens?: number
  /** 0 … 2; 0 = greedy. */
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly seed?: number
  readonly presencePenalty?: number
  readonly frequencyPenalty?: number
}

export interface PrefillProgress {
  readonly evaluatedTokens: number
  readonly totalTokens: number
}

export type GenerationPart =
  | ({ readonly type: 'prefill' } & PrefillProgress)
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end'; readonly reason: 'stop' | 'length'; readonly usage: GenerationUsage }

export interface GenerationUsage {
  /** Tokens of the whole prompt, cached or not. */
  readonly promptTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
}
