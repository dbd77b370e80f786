/**
 * Holds an answer to a JSON Schema: what the model writes is one value of it, and its end. A grammar is made once for each schema. Knows
 * nothing of conversations.
 */
import { EngineError, type JsonObject } from '../../engine/index.js'
import { valueGrammar } from './argument-grammar.js'
import type {
  Llama,
  LlamaGrammar,
  LlamaGrammarEvaluationState,
  LlamaModel,
  LlamaModule,
} from './runtime-types.js'

const MAX_KEPT = 16

/** What one answer of the schema is held to. Rejects with `EngineError` (`engine-refused`) where it makes no grammar. */
export type AnswerGrammar = (schema: JsonObject) => Promise<LlamaGrammarEvaluationState>

export function createAnswerGrammar(runtime: LlamaModule, llama: Llama, model: LlamaModel): AnswerGrammar {
  const kept = new Map<string, Promise<LlamaGrammar>>()
  return async (schema) => {
    const source = valueGrammar(schema)
    const made = kept.get(source) ?? llama.createGrammar({ grammar: source })
    kept.delete(source)
    kept.set(source, made)
    if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value!)
    const grammar = await made.catch((cause) => {
      throw new EngineError('engine-refused', `the schema of the answer makes no grammar: ${String(cause)}`, {
        cause,
      })
    })
    return new runtime.LlamaGrammarEvaluationState({ model, grammar })
  }
}
