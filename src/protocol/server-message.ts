/**
 * What the server says, in the shape that goes over the wire: camelCase, one union member and one logical
 * event per message, one part per modelTurn (several clients read only the first). Knows no session.
 */

import type { JsonObject } from './client-message.js'
import { type Usage, type UsageMetadata, usageMetadata } from './usage.js'

export type ServerPart =
  | { readonly text: string; readonly thought?: true }
  | { readonly inlineData: { readonly mimeType: string; readonly data: string } }

export interface Transcription {
  readonly text: string
  readonly finished?: boolean
  readonly languageCode?: string
}

export interface ServerContent {
  readonly modelTurn?: { readonly role: 'model'; readonly parts: readonly [ServerPart] }
  readonly inputTranscription?: Transcription
  readonly interimInputTranscription?: Transcription
  readonly outputTranscription?: Transcription
  readonly generationComplete?: true
  readonly interrupted?: true
  readonly turnComplete?: true
  /** Beside turnComplete: the model is silent on purpose. */
  readonly waitingForInput?: true
  /** Beside turnComplete, from models that tell: whether results of functions are still to come. */
  readonly interactionStatus?: 'IN_PROGRESS' | 'IDLE'
}

export interface FunctionCall {
  readonly id: string
  readonly name: string
  readonly args: JsonObject
}

export type VoiceActivity = 'ACTIVITY_START' | 'ACTIVITY_END'

/** Exactly one member names the event; `usageMetadata` may stand beside it. */
export type ServerMessage =
  | { readonly setupComplete: { readonly sessionId?: string } }
  | { readonly serverContent: ServerContent; readonly usageMetadata?: UsageMetadata }
  | { readonly toolCall: { readonly functionCalls: readonly FunctionCall[] } }
  | { readonly toolCallCancellation: { readonly ids: readonly string[] } }
  /** The kind by both names: clients read one or the other. */
  | {
      readonly voiceActivity: {
        readonly type: VoiceActivity
        readonly voiceActivityType: VoiceActivity
        readonly audioOffset: `${number}s`
      }
    }
  /** Whole seconds and an `s`: one client drops anything else. */
  | { readonly goAway: { readonly timeLeft: `${number}s` } }
  | { readonly sessionResumptionUpdate: SessionResumptionUpdate }

export interface SessionResumptionUpdate {
  readonly newHandle?: string
  readonly resumable: boolean
  /** A 64-bit number as text: one client reads nothing else. */
  readonly lastConsumedClientMessageIndex?: string
}

/** The exact spelling matters: clients compare it, or its `audio/pcm` prefix. */
export const OUTPUT_AUDIO_MIME_TYPE = 'audio/pcm;rate=24000'

export function setupCompleteMessage(sessionId: string): ServerMessage {
  return { setupComplete: { sessionId } }
}

/** `base64`: standard alphabet, padded, of PCM16 little-endian mono at 24,000 Hz; stay below 1 MiB per message. */
export function audioMessage(base64: string): ServerMessage {
  return modelTurn({ inlineData: { mimeType: OUTPUT_AUDIO_MIME_TYPE, data: base64 } })
}

export function textMessage(text: string): ServerMessage {
  return modelTurn({ text })
}

/** A delta: clients concatenate, so it carries its own leading space. */
export function inputTranscriptionMessage(text: string): ServerMessage {
  return { serverContent: { inputTranscription: { text } } }
}

/** A preview while the user speaks; each one replaces the one before. */
export function interimTranscriptionMessage(text: string): ServerMessage {
  return { serverContent: { interimInputTranscription: { text } } }
}

/** A delta: clients concatenate, so it carries its own leading space. */
export function outputTranscriptionMessage(text: string): ServerMessage {
  return { serverContent: { outputTranscription: { text } } }
}

export function generationCompleteMessage(): ServerMessage {
  return { serverContent: { generationComplete: true } }
}

export function interruptedMessage(): ServerMessage {
  return { serverContent: { interrupted: true } }
}

export function turnCompleteMessage(usage: Usage): ServerMessage {
  return { serverContent: { turnComplete: true }, usageMetadata: usageMetadata(usage) }
}

/** The turn is over, and the model is silent on purpose. */
export function waitingForInputMessage(usage: Usage): ServerMessage {
  return { serverContent: { turnComplete: true, waitingForInput: true }, usageMetadata: usageMetadata(usage) }
}

export function toolCallMessage(functionCalls: readonly FunctionCall[]): ServerMessage {
  return { toolCall: { functionCalls } }
}

export function toolCallCancellationMessage(ids: readonly string[]): ServerMessage {
  return { toolCallCancellation: { ids } }
}

/** `audioMs`: position in the session's audio. */
export function voiceActivityMessage(type: VoiceActivity, audioMs: number): ServerMessage {
  const audioOffset = `${Math.max(0, Math.floor(audioMs / 1000))}s` as const
  return { voiceActivity: { type, voiceActivityType: type, audioOffset } }
}

export function goAwayMessage(timeLeftSeconds: number): ServerMessage {
  return { goAway: { timeLeft: `${Math.max(0, Math.round(timeLeftSeconds))}s` } }
}

/** `consumedIndex`: the last client message that the saved state holds; `setup` is 0. */
export function sessionResumptionUpdateMessage(
  state:
    | { readonly resumable: true; readonly newHandle: string; readonly consumedIndex?: number }
    | { readonly resumable: false },
): ServerMessage {
  if (!state.resumable) return { sessionResumptionUpdate: { resumable: false } }
  const { newHandle, consumedIndex } = state
  const index = consumedIndex !== undefined && { lastConsumedClientMessageIndex: String(consumedIndex) }
  return { sessionResumptionUpdate: { newHandle, resumable: true, ...index } }
}

export function encodeServerMessage(message: ServerMessage): string {
  return JSON.stringify(message)
}

function modelTurn(part: ServerPart): ServerMessage {
  return { serverContent: { modelTurn: { role: 'model', parts: [part] } } }
}
