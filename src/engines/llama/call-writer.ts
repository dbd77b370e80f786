/**
 * The calls of one answer: decided, then written in the grammar of their arguments, and held against what was said. Knows nothing of how
 * sequences are had.
 */
import {
  type FunctionDeclaration,
  type GenerationPart,
  type Message,
  messageText,
} from '../../engine/index.js'
import { createCallReader } from './call-reader.js'
import { REQUEST } from './function-notation.js'
import type { FunctionSets } from './function-sets.js'
import type { EvaluateOptions, LlamaModel, Token } from './runtime-types.js'
import { createTokenTextDecoder } from './text-decoder.js'
import type { Score } from './token-choice.js'

export interface CallWriterParts {
  readonly model: LlamaModel
  readonly functionSets: FunctionSets
  readonly functions: readonly FunctionDeclaration[]
  /** One of them is called in any case. */
  readonly mustCall: boolean
  readonly messages: readonly Message[]
  readonly maxTokens: number
  readonly score: Score
  /** What the model writes after the prompt and these tokens. */
  decode(tokens: readonly Token[], options: EvaluateOptions): AsyncIterable<Token>
}

/** Arguments come from the last few messages: "And the bathroom too." */
const SAID_MESSAGES = 6

/** Yields calls; returns how many tokens they took. */
export async function* writeCalls(
  parts: CallWriterParts,
): AsyncGenerator<Extract<GenerationPart, { type: 'call' }>, number> {
  const { model, functionSets, functions, mustCall, messages, maxTokens, score, decode } = parts
  const words = messageText(messages.at(-1)!)
  const [first, ...others] = functions
  if (!first) return 0
  const name = mustCall
    ? await functionSets.choose([first, ...others], words, score)
    : (await functionSets.decide(functions, words, score)).name
  if (name === undefined) return 0
  const options = await functionSets.evaluateOptions(functions, name)
  const said = mustCall ? undefined : messages.slice(-SAID_MESSAGES).map(messageText).join('\n')
  const written = [REQUEST, ` ${name}`]
  const start = [...functionSets.opening(words), ...written.flatMap((text) => model.tokenize(text, false))]
  const reader = createCallReader(functions, said)
  const text = createTokenTextDecoder(model)
  reader.push(written.join(''))
  let tokens = 0
  for await (const token of decode(start, options)) {
    yield* reader.push(text.push(token))
    if (++tokens >= maxTokens || reader.ended()) break
  }
  return tokens
}
