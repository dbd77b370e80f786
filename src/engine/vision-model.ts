/**
 * A model that sees. What it sees in one picture becomes facts with a confidence each, which a language model that is blind can be
 * told; a model that answers about pictures itself is asked in the language model's place.
 */
import type { EngineInfo } from './info.js'
import type { LanguageModel } from './language-model.js'

export interface VisionModel {
  readonly info: EngineInfo
  /** Opens a session's own view: what has changed is told against the picture that it looked at before. Aborting the signal frees it. */
  open(options: { signal: AbortSignal }): View
  /** Answers conversations whose messages hold pictures. Absent = the language model is told what `look` saw, in words. */
  readonly languageModel?: LanguageModel
}

export interface View {
  /**
   * Looks at one picture. Yields `progress` after every step, of at most about 0.5 s of computing, then exactly one `sight`; the
   * next step does not begin before the next value is asked for, so the caller decides who gets the processor. Throws `EngineError`:
   * `engine-refused` for bytes that are no whole JPEG, PNG or WebP picture. One look at a time.
   */
  look(picture: Picture, options: LookOptions, signal: AbortSignal): AsyncIterable<LookPart>
  close(): void
}

export interface Picture {
  /** A whole JPEG, PNG or WebP file. */
  readonly bytes: Uint8Array
  /** `image/jpeg`, `image/png` or `image/webp`. */
  readonly mimeType: string
}

export interface LookOptions {
  /** How closely: small print costs time. */
  readonly detail: 'low' | 'medium' | 'high'
}

export type LookPart = { readonly type: 'progress' } | { readonly type: 'sight'; readonly sight: Sight }

export interface Sight {
  /** 0 = the same as the picture before, 1 = nothing of it is left; 1 for the first. */
  readonly change: number
  /** Text in reading order, then what else there is. */
  readonly facts: readonly Fact[]
}

export interface Fact {
  /** `thing`: what it shows, with its article; `face`: one each, and where it looks; `motion`: what changed last. */
  readonly kind: 'text' | 'face' | 'thing' | 'colours' | 'brightness' | 'motion'
  /** Read text is as it stands there, everything else English words. */
  readonly text: string
  /** 0 … 1 */
  readonly confidence: number
  /** Where, in fractions of the picture; absent = everywhere. */
  readonly box?: Box
}

export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}
