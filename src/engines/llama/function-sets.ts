/**
 * What deciding on a set of functions needs, made once for each set: the grammar of its calls, and how much the model
 * is held back from calling. Knows nothing of conversations.
 */
import { EngineError, type FunctionDeclaration } from '../../engine/index.js'
import { callGrammar } from './argument-grammar.js'
import { CALL_MARK, NO_FUNCTION, TALK_KINDS } from './function-notation.js'
import type { EvaluateOptions, Llama, LlamaGrammar, LlamaModel, LlamaModule, Token } from './runtime-types.js'

export interface FunctionSet {
  /** Evaluated after the start of an answer: what the model writes then is in the grammar of calls. */
  readonly mark: readonly Token[]
  /** For one answer. */
  evaluateOptions(): EvaluateOptions
}

/**
 * How much the model is held back from calling, in logits: for the kinds of talk at the first token, and for "none" after
 * "request:". A call must win both: the first asks whether the words are a request, the second whether a function fulfils
 * it. Calibrated on test/models/function-calls/tune.jsonl.
 */
const TALK_LOGITS = 1.2
const NONE_LOGITS = 3.7
const MAX_KEPT_SETS = 64

export function createFunctionSets(
  runtime: LlamaModule,
  llama: Llama,
  model: LlamaModel,
): (functions: readonly FunctionDeclaration[]) => Promise<FunctionSet> {
  const mark = model.tokenize(CALL_MARK, false)
  const talk = TALK_KINDS.map((kind) => model.tokenize(` ${kind}`, false)[0]!)
  const none = model.tokenize(` ${NO_FUNCTION}`, false)[0]!
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
        const { TokenBias, LlamaGrammarEvaluationState } = runtime
        const talkBias = TokenBias.for(model)
        for (const kind of talk) talkBias.set(kind, { logit: TALK_LOGITS })
        const noneBias = TokenBias.for(model).set(none, { logit: NONE_LOGITS })
        const neutral = TokenBias.for(model)
        let step = 0
        return {
          temperature: 0,
          topP: 1,
          topK: 1,
          seed: 0,
          yieldEogToken: true,
          grammarEvaluationState: new LlamaGrammarEvaluationState({ model, grammar }),
          // " request" and ":" come before the first name.
          tokenBias: () => [talkBias, noneBias, noneBias][step++] ?? neutral,
        }
      },
    }
  }
}
