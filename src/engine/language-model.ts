/**
 * A language model that answers conversations. Every call carries the whole prompt; the engine keeps a cache per
 * `Conversation` and evaluates only what differs from the last call, so that appending is cheap and a lost engine
 * process loses nothing.
 */
import type { EngineInfo } from './info.js'
import type { VoiceOptions } from './synthesizer.js'
import type { Picture } from './vision-model.js'

export interface LanguageModel {
  readonly info: EngineInfo
  /**
   * Opens a session's own cache. Cheap; nothing is evaluated yet. Aborting the signal frees it. `voice`: the answers are spoken, by a
   * model that speaks; absent = they are written.
   */
  open(options: { signal: AbortSignal; voice?: VoiceOptions }): Conversation
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
   * evaluated, then `text` deltas and `call`s, then exactly one `end`. Decoding runs at most two tokens ahead of the consumer
   * and stops within 100 ms of an abort. Throws `EngineError`.
   */
  generate(prompt: Prompt, sampling: Sampling, signal: AbortSignal): AsyncIterable<GenerationPart>
  /**
   * How much likelier the model's answer is to begin with one of these words than with another. Yields as `prefill` does, then exactly one
   * `weights`: for each word its score in natural logarithms, up to a constant; equal ones where the engine cannot tell.
   * The words must differ from their beginning on.
   */
  weigh(prompt: Prompt, words: readonly string[], signal: AbortSignal): AsyncIterable<WeighingPart>
  /**
   * How likely the prompt's last message, the user's, is after what comes before it. Yields as `prefill` does, then exactly one `weights`
   * with one weight: the natural logarithm for a token, on average. Only of a model that foresees.
   */
  foresee?(prompt: Prompt, signal: AbortSignal): AsyncIterable<WeighingPart>
  /** Of its last spoken answer so much was heard: it forgets the rest. Only of a model that speaks. */
  truncate?(heardMs: number): void
  close(): void
}

export interface Prompt {
  /** System instruction; may be empty. */
  readonly system: string
  /** Functions that the model may call instead of, or before, talking. Absent = none. */
  readonly functions?: readonly FunctionDeclaration[]
  /** True = it calls one of them, whatever was said. */
  readonly mustCall?: boolean
  /** True = the user may go on with the last message: how likely its words end a sentence is told (`ending`), by an embedded model that foresees. */
  readonly mayGoOn?: boolean
  readonly messages: readonly Message[]
}

export type Message =
  /**
   * `pictures`: shown with these words; only for a language model that belongs to a vision model. `speech`: how the words of `text`
   * came; only for one that hears.
   */
  | {
      readonly role: 'user' | 'model'
      readonly text: string
      readonly pictures?: readonly Picture[]
      readonly speech?: Speech
    }
  /** The model called a function. */
  | { readonly role: 'call'; readonly id: string; readonly name: string; readonly args: JsonObject }
  /** What the function gave back: `output` is any JSON value, `error` says that it failed. */
  | { readonly role: 'result'; readonly id: string; readonly name: string; readonly result: FunctionResult }

/** A message as it was said. What recognition took it for is the message's `text`. */
export interface Speech {
  /** Mono at 16 kHz, in the order of speech. The same speech is the same array. */
  readonly recordings: readonly Float32Array[]
  /** What was typed beside it; may be empty. */
  readonly typed: string
}

/** The words of a message; of a call or a result its JSON, for engines without a notation of their own. */
export function messageText(message: Message): string {
  if ('text' in message) return message.text
  return JSON.stringify(message.role === 'call' ? { name: message.name, args: message.args } : message.result)
}

export type FunctionResult = { readonly output: JsonValue } | { readonly error: JsonValue }

export interface FunctionDeclaration {
  readonly name: string
  readonly description: string
  /** JSON Schema (lower-case types) of the arguments, an object; absent = no arguments. */
  readonly parameters?: JsonObject
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue
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
  /** JSON Schema (lower-case types) of the answer, one JSON value; `{}` = any. Absent = free text. */
  readonly answerSchema?: JsonObject
}

export interface PrefillProgress {
  readonly evaluatedTokens: number
  readonly totalTokens: number
}

export type GenerationPart =
  | ({ readonly type: 'prefill' } & PrefillProgress)
  /** Comes before all that is said. */
  | ({ readonly type: 'ending' } & Ending)
  | { readonly type: 'text'; readonly text: string }
  /** Speech at 24 kHz, in a spoken conversation. Its words are the `text` about it. */
  | { readonly type: 'audio'; readonly samples: Float32Array }
  /** The model calls a function; `args` conform to the declared parameters. Several may follow each other. */
  | { readonly type: 'call'; readonly name: string; readonly args: JsonObject }
  | { readonly type: 'end'; readonly reason: 'stop' | 'length'; readonly usage: GenerationUsage }

export type WeighingPart =
  | ({ readonly type: 'prefill' } & PrefillProgress)
  | { readonly type: 'weights'; readonly weights: readonly number[] }

/** What may follow the last message's words, whatever mark stands there: natural logarithms of probabilities. */
export interface Ending {
  /** The end of a sentence. */
  readonly ends: number
  /** Three dots. */
  readonly trailsOff: number
}

export interface GenerationUsage {
  /** Tokens of the whole prompt, cached or not. */
  readonly promptTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
}
