/**
 * Whether a function is called, and which one; then the grammar its arguments are written in, made once for each set of functions.
 * Knows nothing of conversations.
 */
import { EngineError, type FunctionDeclaration } from '../../engine/index.js'
import { callGrammar } from './argument-grammar.js'
import { CALL_MARK, NO_FUNCTION, REQUEST, TALK_KINDS } from './function-notation.js'
import type { EvaluateOptions, Llama, LlamaGrammar, LlamaModel, LlamaModule, Token } from './runtime-types.js'
import { spokenValues } from './spoken-values.js'
import { chooseText, type Score } from './token-choice.js'

export interface FunctionSets {
  /** The function to call first, if any, and how sure that is. `words`: the user's last ones. */
  decide(functions: readonly FunctionDeclaration[], words: string, score: Score): Promise<Decision>
  /**
   * The function that fits best, where one is to be called in any case: by the votes of `decide`, since the likeliest name alone is that
   * of a common function. A lead counts for one function and against the other, therefore by half.
   */
  choose(
    functions: readonly [FunctionDeclaration, ...FunctionDeclaration[]],
    words: string,
    score: Score,
  ): Promise<string>
  /** What comes before ` request:` where it is decided and written: the user's words once more, as in the examples of the guide. */
  opening(words: string): readonly Token[]
  /** For what follows the name of the first function. */
  evaluateOptions(functions: readonly FunctionDeclaration[], first: string): Promise<EvaluateOptions>
}

export interface Decision {
  readonly name?: string
  /** Leads in logits, for calibration: a request before talk, the best function before none, and yes before no where it was asked. */
  readonly leads: { readonly request: number; readonly fulfils: number; readonly wanted?: number }
}

/**
 * A call is decided by three votes together, each unsure alone: are the words a request, does a function fulfil it, and, asked in
 * other words with nothing but the function's description, does the user want that now? Weights of a logistic regression over
 * test/models/function-calls/practice.jsonl, with attention as open-llama.ts sets it on a CPU: the leads move with its rounding.
 * `none` lies between the two kinds of the hardest ones.
 */
const WEIGHTS = { request: 0.52, fulfils: 0.36, wanted: 1.02, none: -2.72 } as const
/** The third vote costs most, and is asked only where it can decide. It seldom goes further than this. */
const MOST_WANTED = 3
/** Longer words are quoted from their end: each token costs the user some 15 ms of waiting. */
const MAX_QUOTED_CHARACTERS = 160
const MAX_DESCRIPTION_CHARACTERS = 120
const MAX_KEPT_GRAMMARS = 64

export function createFunctionSets(runtime: LlamaModule, llama: Llama, model: LlamaModel): FunctionSets {
  const talk = TALK_KINDS.map((kind) => ` ${kind}`)
  const kept = new Map<string, Promise<LlamaGrammar>>()

  function grammarOf(functions: readonly FunctionDeclaration[], first: string): Promise<LlamaGrammar> {
    const source = callGrammar(functions, first)
    const known = kept.get(source)
    kept.delete(source)
    const grammar = known ?? llama.createGrammar({ grammar: source })
    kept.set(source, grammar)
    if (kept.size > MAX_KEPT_GRAMMARS) kept.delete(kept.keys().next().value!)
    return grammar
  }

  const opening = (words: string) => model.tokenize(`${quote(words)} ${CALL_MARK}`, false)
  const continuations = (functions: readonly Pick<FunctionDeclaration, 'name'>[]) =>
    functions.map(({ name }) => [name, ` ${name} {`] as const)
  const textOf = ([, text]: readonly [string, string]) => text

  async function wantedMargin(words: string, description: string, score: Score): Promise<number> {
    const question = model.tokenize(`${quote(words)} ${wantedQuestion(description)}`, false)
    return (await chooseText(model, score, question, [['yes', ' yes']], [' no'])).margin
  }

  return {
    opening,
    async choose([first, ...others], words, score) {
      const start = [...opening(words), ...model.tokenize(REQUEST, false)]
      let best = { name: first.name, votes: Number.NEGATIVE_INFINITY }
      for (const { name, description } of others.length === 0 ? [] : [first, ...others]) {
        const rivals = [first, ...others].filter((rival) => rival.name !== name)
        const texts = continuations([{ name }])
        const { margin } = await chooseText(model, score, start, texts, continuations(rivals).map(textOf))
        const wanted = await wantedMargin(words, description, score)
        const votes = (WEIGHTS.fulfils / 2) * margin + WEIGHTS.wanted * wanted
        if (votes > best.votes) best = { name, votes }
      }
      return best.name
    },
    async decide(functions, words, score) {
      const mark = opening(words)
      const { margin: request } = await chooseText(model, score, mark, [['request', REQUEST]], talk)
      const afterRequest = [...mark, ...model.tokenize(REQUEST, false)]
      const { name, margin: fulfils } = await chooseText(
        model,
        score,
        afterRequest,
        continuations(functions),
        [` ${NO_FUNCTION}`],
      )
      const lead = WEIGHTS.none + WEIGHTS.request * request + WEIGHTS.fulfils * fulfils
      const voted = { request, fulfils }
      if (Math.abs(lead) > WEIGHTS.wanted * MOST_WANTED)
        return { leads: voted, ...(lead > 0 ? { name } : {}) }
      const { description = '' } = functions.find((one) => one.name === name) ?? {}
      const wanted = await wantedMargin(words, description, score)
      const isWanted = lead + WEIGHTS.wanted * wanted > 0
      return { leads: { ...voted, wanted }, ...(isWanted ? { name } : {}) }
    },
    async evaluateOptions(functions, first) {
      const grammar = await grammarOf(functions, first).catch((error) => {
        throw new EngineError('engine-refused', `the declared functions make no grammar: ${String(error)}`, {
          cause: error,
        })
      })
      return {
        temperature: 0,
        topP: 1,
        topK: 1,
        seed: 0,
        yieldEogToken: true,
        grammarEvaluationState: new runtime.LlamaGrammarEvaluationState({ model, grammar }),
      }
    },
  }
}

/** In the form of the guide's examples. */
function quote(words: string): string {
  const start =
    words.length <= MAX_QUOTED_CHARACTERS ? 0 : words.indexOf(' ', words.length - MAX_QUOTED_CHARACTERS) + 1
  const quoted = words.slice(start)
  const values = spokenValues(quoted)
  return `"${quoted}"${values.length === 0 ? '' : ` (${values.join(', ')})`}`
}

function wantedQuestion(description: string): string {
  return `(Does the user want me to do this now: "${description.slice(0, MAX_DESCRIPTION_CHARACTERS)}"? Answer:`
}
