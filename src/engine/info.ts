/** How engines present themselves, and the set of them that a server runs on. */
import type { LanguageModel } from './language-model.js'
import type { Recognizer } from './recognizer.js'
import type { SpeakerEncoder } from './speaker-encoder.js'
import type { SpeechDetector } from './speech-detector.js'
import type { Synthesizer } from './synthesizer.js'
import type { ToneReader } from './tone-reader.js'
import type { TurnDetector } from './turn-detector.js'
import type { VisionModel } from './vision-model.js'

/** What every engine says about itself. Shown at start, in `models list` and in the turn timeline. */
export interface EngineInfo {
  /** Stable name, e.g. `whisper-base-int8`, `openai:gpt-x`, `scripted`. */
  readonly id: string
  readonly kind: EngineKind
  /** BCP-47 primary subtags that the engine was measured or documented for; empty = any. */
  readonly languages: readonly string[]
  /** One sentence for people: what it is and why it may have been chosen. */
  readonly description: string
  /** Of a recogniser: may be asked again and again while somebody speaks, since it costs a little of this machine's time only. */
  readonly partials?: boolean
  /** Of a language model: takes the user's speech itself. */
  readonly hears?: boolean
  /** Of a language model: its yes or no on whom words are meant for counts; absent = it is known to be chance. */
  readonly judges?: boolean
  /** Of a language model: tells how likely a user's words are. */
  readonly foresees?: boolean
  /** Of a language model: speaks its answers itself where it is asked to. */
  readonly speaks?: boolean
}

export type EngineKind = 'vad' | 'turn' | 'tone' | 'speaker' | 'asr' | 'llm' | 'tts' | 'vision'

/** One load for every kind: a complete set of engines that a server runs on. */
export interface EngineSet {
  readonly vad: SpeechDetector
  /** Absent = the end of a turn is told by silence and words alone. */
  readonly turn?: TurnDetector
  /** Absent = how a thing is said changes nothing. */
  readonly tone?: ToneReader
  /** Absent = voices are told apart by pitch and level alone. */
  readonly speaker?: SpeakerEncoder
  readonly asr: Recognizer
  readonly llm: LanguageModel
  /** What answers in its place for a client that names one of these models. */
  readonly profiles?: ReadonlyMap<string, LanguageModel>
  readonly tts: Synthesizer
  /** Absent = pictures are not seen. */
  readonly vision?: VisionModel
}
