/** What a client may ask for in `setup`, as it goes over the wire (camelCase), and the address it connects to. */

import { matchLivePath } from '../protocol/index.js'

/** `setup` without its model. Members that are absent keep the server's defaults. */
export interface LiveConfig {
  readonly generationConfig?: {
    /** One of the two; the server's default is AUDIO. */
    readonly responseModalities?: readonly ['AUDIO'] | readonly ['TEXT']
    readonly temperature?: number
    readonly topP?: number
    readonly topK?: number
    readonly maxOutputTokens?: number
    readonly seed?: number
    readonly presencePenalty?: number
    readonly frequencyPenalty?: number
    readonly speechConfig?: {
      readonly voiceConfig?: { readonly prebuiltVoiceConfig: { readonly voiceName: string } }
      /** BCP 47. */
      readonly languageCode?: string
    }
  }
  readonly systemInstruction?: { readonly parts: readonly { readonly text: string }[] }
  readonly realtimeInputConfig?: {
    readonly automaticActivityDetection?: {
      /** True: the client marks activity itself. */
      readonly disabled?: boolean
      readonly startOfSpeechSensitivity?: 'START_SENSITIVITY_HIGH' | 'START_SENSITIVITY_LOW'
      readonly endOfSpeechSensitivity?: 'END_SENSITIVITY_HIGH' | 'END_SENSITIVITY_LOW'
      readonly prefixPaddingMs?: number
      readonly silenceDurationMs?: number
    }
    readonly activityHandling?: 'START_OF_ACTIVITY_INTERRUPTS' | 'NO_INTERRUPTION'
    readonly turnCoverage?:
      | 'TURN_INCLUDES_ONLY_ACTIVITY'
      | 'TURN_INCLUDES_ALL_INPUT'
      | 'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO'
  }
  /** Tools as the API defines them, e.g. `[{ functionDeclarations: [{ name, description, parameters }] }]`. */
  readonly tools?: readonly Readonly<Record<string, unknown>>[]
  /** Models that can: not to answer what is said to somebody else; to speak when what was wished for is seen. */
  readonly proactivity?: { readonly proactiveAudio?: boolean; readonly proactiveVideo?: boolean }
  /** Presence asks for handles to resume with; a handle resumes. `connectResuming` does both by itself. */
  readonly sessionResumption?: { readonly handle?: string }
  /** Presence turns the transcripts on. */
  readonly inputAudioTranscription?: Readonly<Record<string, never>>
  readonly outputAudioTranscription?: Readonly<Record<string, never>>
}

const DEVELOPER_PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'

/**
 * The WebSocket address of a server given as `http(s)://` or `ws(s)://`; a path is kept as a prefix, or as it is where
 * it already names the Live API. The key goes into the query, since browsers cannot set headers.
 * Throws `TypeError` where `url` is no such URL.
 */
export function liveUrl(url: string, apiKey?: string): string {
  const address = new URL(url)
  if (!/^(https?|wss?):$/.test(address.protocol)) {
    throw new TypeError(`url must start with http://, https://, ws:// or wss://, not ${address.protocol}//`)
  }
  address.protocol = address.protocol.replace('http', 'ws')
  if ((matchLivePath(address.pathname)?.api ?? 'root') === 'root') {
    address.pathname = address.pathname.replace(/\/+$/, '') + DEVELOPER_PATH
  }
  if (apiKey !== undefined) address.searchParams.set('key', apiKey)
  return address.href
}
