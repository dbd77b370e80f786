/**
 * Time to the first audio of a text turn under system instructions of a given size, in a first session and in a second
 * one with the same instruction: what prefilling costs, and what the server saves for the next session.
 */

import { pcm16ToFloat } from '../audio/index.js'
import { audioOf, type ConnectOptions, connectLive } from '../client/index.js'
import { createPlayback } from './playback.js'

export interface SystemPromptResult {
  readonly requestedTokens: number
  /** As the server counted the whole prompt; undefined where it does not say. */
  readonly promptTokens: number | undefined
  /** From sending the text, right after setupComplete, to the first audible sample. */
  readonly firstSessionMs: number
  readonly secondSessionMs: number
}

const SENTENCES = [
  'You are the friendly receptionist of a small hotel by the sea.',
  'Guests may check in from three in the afternoon and check out until eleven.',
  'Breakfast is served from seven to ten, on Sundays until half past eleven.',
  'Always answer in one or two short sentences and never invent a price.',
  'If somebody asks for the manager, offer to take a message for her.',
]
/** Tokens per sentence above, about, for the tokenisers in use; the true count is reported beside it. */
const TOKENS_PER_SENTENCE = 15

/** Numbered and marked with `nonce`, so that no two runs share a prefix that a server might have saved. */
export function systemText(tokens: number, nonce: string): string {
  const count = Math.max(1, Math.round(tokens / (TOKENS_PER_SENTENCE + 3)))
  const rules = Array.from(
    { length: count },
    (_, index) => `${index + 1}. ${SENTENCES[index % SENTENCES.length]}`,
  )
  return `House rules, edition ${nonce}. ${rules.join(' ')}`
}

/** Rejects where a session fails, ends early or answers without a sound. */
export async function measureSystemPrompt(
  connect: ConnectOptions,
  requestedTokens: number,
  nonce: string,
  signal: AbortSignal,
): Promise<SystemPromptResult> {
  const text = systemText(requestedTokens, nonce)
  const first = await firstAudio(connect, text, signal)
  const second = await firstAudio(connect, text, signal)
  return {
    requestedTokens,
    promptTokens: first.promptTokens,
    firstSessionMs: first.audibleMs,
    secondSessionMs: second.audibleMs,
  }
}

async function firstAudio(
  connect: ConnectOptions,
  text: string,
  signal: AbortSignal,
): Promise<{ audibleMs: number; promptTokens: number | undefined }> {
  const config = { ...connect.config, systemInstruction: { parts: [{ text }] } }
  const client = await connectLive({ ...connect, config, signal })
  try {
    const startMs = performance.now()
    const playback = createPlayback(24_000)
    client.sendText('Hello, when is breakfast?')
    for await (const message of client) {
      const audio = audioOf(message)
      if (audio !== undefined) playback.receive(performance.now(), pcm16ToFloat(audio.pcm16))
      if (!('serverContent' in message) || !message.serverContent.turnComplete) continue
      if (playback.firstAudibleMs === undefined) throw new Error('the answer had no audible sample')
      const promptTokens = message.usageMetadata?.promptTokenCount
      return { audibleMs: playback.firstAudibleMs - startMs, promptTokens }
    }
    signal.throwIfAborted()
    throw new Error('the session ended before the answer')
  } finally {
    await client.close()
  }
}
