/** How the next token is chosen, from what the client asks for. Knows nothing of prompts. */
import { randomInt } from 'node:crypto'
import type { Sampling } from '../../engine/index.js'
import type { EvaluateOptions, Token } from './runtime-types.js'

/**
 * A small model that takes the likeliest token can go round in a list for ever ("the Place de la Concorde, the Place de la Bourse, …"
 * up to its token limit). A mild penalty on its last words, the usual default of local servers, leads it out.
 */
const LOOP_TOKENS = 64
const LOOP_PENALTY = 1.1

/**
 * Without a temperature the likeliest token is taken: small models are at their best so. A seed makes sampled
 * answers repeatable; without one they differ.
 */
export function evaluateOptions(sampling: Sampling, produced: readonly Token[]): EvaluateOptions {
  const { temperature = 0, topP = 0.95, topK = 40, presencePenalty = 0, frequencyPenalty = 0 } = sampling
  const options: EvaluateOptions = {
    temperature,
    topP,
    topK,
    // 0xffffffff means "random" to the runtime.
    seed:
      sampling.seed === undefined
        ? randomInt(2 ** 32 - 1)
        : (Math.trunc(sampling.seed) >>> 0) % 0xff_ff_ff_ff,
    yieldEogToken: true,
  }
  // JSON repeats its keys.
  if (sampling.answerSchema && presencePenalty === 0 && frequencyPenalty === 0) return options
  if (presencePenalty === 0 && frequencyPenalty === 0) {
    const recent = () => produced.slice(-LOOP_TOKENS)
    const guard = { penalty: LOOP_PENALTY, frequencyPenalty: 0, presencePenalty: 0 }
    return { ...options, repeatPenalty: { punishTokens: recent, maxPunishTokens: LOOP_TOKENS, ...guard } }
  }
  return {
    ...options,
    repeatPenalty: {
      punishTokens: () => produced,
      maxPunishTokens: 512,
      penalty: 1,
      frequencyPenalty,
      presencePenalty,
    },
  }
}
