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
  readonly turnCoverage?: TurnCoverage
  /** Absent = no transcripts. */
  readonly inputTranscription?: TranscriptionRequest
  readonly outputTranscription?: TranscriptionRequest
  /** Functions of the client that the model may call, in the order of declaration. */
  readonly functions: readonly FunctionDeclaration[]
  /** What an ephemeral token says, whatever became of it in a session that goes on; absent = nothing. */
  readonly fixed?: { readonly system: boolean; readonly functions: boolean }
  /** Which of them the model may or must call; absent = it decides. */
  readonly functionCalling?: FunctionCalling
  /** Present = the client wants resumption handles. */
  readonly sessionResumption?: SessionResumption
  readonly contextWindowCompression?: ContextWindowCompression
  /** The client wants voiceActivity messages. */
  readonly explicitVadSignal: boolean
  /** The first clientContent, up to turnComplete, is history and is not answered. */
  readonly initialHistory: boolean
  readonly proactivity: { readonly audio: boolean; readonly video: boolean }
  readonly affectiveDialog: boolean
  readonly mediaResolution?: 'LOW' | 'MEDIUM' | 'HIGH'
  readonly thinking?: ThinkingRequest
}

export type TurnCoverage =
  | 'TURN_INCLUDES_ONLY_ACTIVITY'
  | 'TURN_INCLUDES_ALL_INPUT'
  | 'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO'

export interface TranscriptionRequest {
  /** BCP 47, what the speaker is expected to use; empty = any. */
  readonly languageCodes: readonly string[]
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue
}

export interface FunctionDeclaration {
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments, an object, with lower-case types; absent = no arguments. */
  readonly parameters?: JsonObject
  /** Absent = what the model's generation does. */
  readonly behavior?: FunctionBehavior
}

/** BLOCKING: the model waits for the result. NON_BLOCKING: the conversation goes on meanwhile. */
export type FunctionBehavior = 'BLOCKING' | 'NON_BLOCKING'

/** `output` is any JSON value, `error` says that the function failed. */
export type FunctionResult = { readonly output: JsonValue } | { readonly error: JsonValue }

/** SILENT: the model takes note. WHEN_IDLE: it says so when it has finished. INTERRUPT: it says so at once. */
export type Scheduling = 'SILENT' | 'WHEN_IDLE' | 'INTERRUPT'

/** What a client's function gave back. Without an id it belongs to the oldest open call, of that name if it has one. */
export interface ToolResult {
  readonly id?: string
  readonly name?: string
  readonly result: FunctionResult
  readonly scheduling?: Scheduling
  /** More results of the same call follow. */
  readonly willContinue: boolean
}

export interface FunctionCalling {
  readonly mode: 'AUTO' | 'ANY' | 'NONE' | 'VALIDATED'
  /** Empty = all. */
  readonly allowedNames: readonly string[]
}

export interface SessionResumption {
  /** Absent = a new session. */
  readonly handle?: string
  /** Updates carry the index of the last client message that the saved state holds. */
  readonly transparent: boolean
}

/** Token counts are the service's; an absent one is the server's to choose. */
export interface ContextWindowCompression {
  readonly triggerTokens?: number
  readonly slidingWindow?: { readonly targetTokens?: number }
}

export interface ThinkingRequest {
  readonly includeThoughts: boolean
  /** 0 = off, -1 = the model decides. */
  readonly budgetTokens?: number
  readonly level?: 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'XHIGH'
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

/** A piece of conversation that the client gives as it is; calls and results come from an earlier session. */
export type ContentTurn =
  | { readonly role: 'user' | 'model'; readonly text: string }
  | { readonly role: 'picture'; readonly picture: PictureBlob }
  /** Replaces the system instruction. */
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'call'; readonly id: string; readonly name: string; readonly args: JsonObject }
  | { readonly role: 'result'; readonly id: string; readonly name: string; readonly result: FunctionResult }

export interface AudioBlob {
  /** PCM16 little-endian, mono. May have an odd length: the last byte then belongs to the next chunk. */
  readonly bytes: Uint8Array
  readonly sampleRateHz: number
}

export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp'

/** One still picture, by its first bytes what its type says. */
export interface PictureBlob {
  readonly bytes: Uint8Array
  readonly mimeType: PictureType
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
      /** The last one, where a message holds several. */
      readonly picture?: PictureBlob
      readonly text?: string
      readonly activityStart?: true
      readonly activityEnd?: true
      readonly audioStreamEnd?: true
      readonly notices?: readonly string[]
    }
  | {
      readonly type: 'tool-response'
      readonly results: readonly ToolResult[]
      readonly notices?: readonly string[]
    }
  /** Only what is there changes. */
  | {
      readonly type: 'context-update'
      readonly system?: string
      readonly functions?: readonly FunctionDeclaration[]
      readonly notices?: readonly string[]
    }
