/**
 * Token counts as the service counts them: text by the model's own tokens, audio at 25 tokens a second in and out
 * (protocol reference §6.7, a figure quoted by client code).
 */
import type { Usage } from '../protocol/index.js'
import type { Clause } from './playout.js'
import type { Session, Spent } from './session-state.js'

const AUDIO_TOKENS_PER_SECOND = 25

export function usageOf(session: Session, spent: Spent, clauses: readonly Clause[]): Usage {
  const spokenMs = clauses.reduce((sum, clause) => sum + clause.audioMs, 0)
  const response =
    session.config.modality === 'AUDIO' ? { AUDIO: audioTokens(spokenMs) } : { TEXT: spent.outputTokens }
  const prompt = { TEXT: spent.promptTokens }
  return {
    promptTokens: session.userAudioMs > 0 ? { ...prompt, AUDIO: audioTokens(session.userAudioMs) } : prompt,
    responseTokens: response,
  }
}

function audioTokens(ms: number): number {
  return Math.ceil((ms / 1000) * AUDIO_TOKENS_PER_SECOND)
}
