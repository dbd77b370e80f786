/**
 * What deciding on a set of functions needs, made once for each set: the grammar of its calls, and how much the model
 * is held back from calling. Knows nothing of conversations.
 */
import { EngineError, type FunctionDeclaration } from '../../engine/index.js'
import { callGrammar } from './argument-grammar.js'
import { CALL_MARK, TALK_KINDS } from './function-notation.js'
import type { EvaluateOptions, Llama, LlamaGrammar, LlamaModel, LlamaModule, Token } from './runtime-types.js'

export interface FunctionSet {
  /** Evaluated after the start of an answer: what the model writes then is in the grammar of calls. */
  readonly mark: readonly Token[]
  /** For one answer. */
  evaluateOptions(): EvaluateOptions
}

/** Added to the kinds of talk at the first token. Calibrated on test/models/function-calls/tune.jsonl. */
const RESTRAINT_LOGITS = 1
const MAX_KEPT_SETS = 64

export function createFunctionSets(
  runtime: LlamaModule,
  llama: Llama,
  model: LlamaModel,
): (functions: readonly FunctionDeclaration[]) => Promise<FunctionSet> {
  const mark = model.tokenize(CALL_MARK, false)
  const talk = TALK_KINDS.map((kind) => model.tokenize(` ${kind}`, false)[0]!)
  const kept = new Map<string, Promise<LlamaGrammar>>()

  function grammarOf(functions: readonly FunctionDeclaration[]): Promise<LlamaGrammar> {
    const source = callGrammar(functions)
    const known = kept.get(source)
    kept.delete(source)
    const grammar = known ?? llama.createGrammar({ grammar: source })
    kept.set(source, grammar)
    if (kept.size > MAX_KEPT_SETS) kept.delete(kept.keys().next().value!)
    return grammar
  }

  return async (functions) => {
    const grammar = await grammarOf(functions).catch((error) => {
      throw new EngineError('engine-refused', `the declared functions make no grammar: ${String(error)}`, {
        cause: error,
      })
    })
    return {
      mark,
      evaluateOptions() {
        let isFirst = true
        const restraint = runtime.TokenBias.for(model)
        for (const kind of talk) restraint.set(kind, { logit: RESTRAINT_LOGITS })
        const neutral = runtime.TokenBias.for(model)
        return {
          temperature: 0,
          topP: 1,
          topK: 1,
          seed: 0,
          yieldEogToken: true,
          grammarEvaluationState: new runtime.LlamaGrammarEvaluationState({ model, grammar }),
          tokenBias: () => {
            const bias = isFirst ? restraint : neutral
            isFirst = false
            return bias
          },
        }
      },
    }
  }
}
