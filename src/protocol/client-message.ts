/**
 * What a client can say, after decoding: plain values with defaults applied, independent of the spelling,
 * the base64 alphabet and the number format that were used on the wire. Types only.
 */

/** Times are milliseconds, rates hertz. An absent member means "the client did not say". */
export interface Setup {
  /** Bare id: what follows the last `models/`. */
  readonly model: string
  /** The model as the client sent it, for example `projects/p/locations/l/publishers/google/models/x`. */
  readonly modelPath: string
  readonly modality: 'AUDIO' | 'TEXT'
  /** Text of the system instruction, empty when there is none. */
  readonly system: string
  readonly sampling: Sampling
  readonly voiceName?: string
  /** BCP 47, as sent. */
  readonly languageCode?: string
  readonly activityDetection: ActivityDetection
  /** START_OF_ACTIVITY_INTERRUPTS (the default) against NO_INTERRUPTION. */
  readonly interruptible: boolean
  readonly turnCoverage?: string
  readonly inputTranscription: boolean
  readonly outputTranscription: boolean
  readonly sessionResumptionRequested: boolean
}

export interface Sampling {
  /** 0 to 2. */
  readonly temperature?: number
  /** 0 to 1. */
  readonly topP?: number
  /** At least 1: a client's 0 means "not set" and is left out. */
  readonly topK?: number
  /** At least 1: a client's 0 means "not set" and is left out. */
  readonly maxOutputTokens?: number
  readonly seed?: number
  /** -2 to 2. */
  readonly presencePenalty?: number
  /** -2 to 2. */
  readonly frequencyPenalty?: number
}

export interface ActivityDetection {
  /** False: the client marks activity itself with activityStart and activityEnd. */
  readonly automatic: boolean
  readonly startSensitivity?: Sensitivity
  readonly endSensitivity?: Sensitivity
  readonly prefixPaddingMs?: number
  readonly silenceDurationMs?: number
}

export type Sensitivity = 'HIGH' | 'LOW'

export interface ContentTurn {
  readonly role: 'user' | 'model' | 'system'
  readonly text: string
}

export interface AudioBlob {
  /** PCM16 little-endian, mono. May have an odd length: the last byte then belongs to the next chunk. */
  readonly bytes: Uint8Array
  readonly sampleRateHz: number
}

/** `notices` are sentences about accepted fields that have no effect here: to be logged, never sent. */
export type ClientMessage =
  | { readonly type: 'setup'; readonly setup: Setup; readonly notices: readonly string[] }
  | {
      readonly type: 'client-content'
      readonly turns: readonly ContentTurn[]
      readonly turnComplete: boolean
      readonly notices?: readonly string[]
    }
  | {
      readonly type: 'realtime-input'
      readonly audio?: AudioBlob
      readonly text?: string
      readonly activityStart?: true
      readonly activityEnd?: true
      readonly audioStreamEnd?: true
      readonly notices?: readonly string[]
    }
