/**
 * A speech-to-speech model behind a server that speaks the OpenAI Realtime protocol: it hears the user and speaks its answers itself, or
 * writes them where no voice is asked for. When a turn ends is not its to decide: the server's own turn detection is off.
 */
import type { LanguageModel } from '../../engine/index.js'
import type { OpenAiOptions } from './http.js'
import { openRealtimeConversation } from './realtime-conversation.js'
import { createRealtimeEndpoint } from './realtime-link.js'

export interface OpenAiRealtimeOptions extends OpenAiOptions {
  /** A voice by the server's own name; absent = the server's default. */
  readonly voice?: string
}

/**
 * A connection for each conversation, opened with its first prompt and again when it was lost. `prefill` tells the server what is known and
 * yields nothing. Of the sampling it takes `maxOutputTokens`. Throws as the language model does.
 */
export function createOpenAiRealtimeModel(options: OpenAiRealtimeOptions): LanguageModel {
  const endpoint = createRealtimeEndpoint(options)
  return {
    info: {
      id: `openai-realtime:${options.model}`,
      kind: 'llm',
      languages: [],
      description: `${options.model} at ${new URL(endpoint.url).host}, speech to speech`,
      hears: true,
      speaks: true,
    },
    open: ({ signal, voice }) =>
      openRealtimeConversation({
        endpoint,
        spoken: voice !== undefined,
        voice: options.voice,
        lifetime: signal,
      }),
  }
}
