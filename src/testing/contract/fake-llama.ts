/**
 * A stand-in for node-llama-cpp that needs no weights: words are tokens (what is not ASCII is one token a byte), the
 * answer follows from the words it has seen; under a grammar it calls what the user's words spell out: `call NAME {…}`. It checks what the real one would punish: two runs at once on a
 * sequence, positions that do not fit, more tokens than the window holds.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { CALL_MARK } from '../../engines/llama/function-notation.js'
import type {
  EvaluateOptions,
  LlamaModel,
  LlamaModule,
  LlamaSequence,
  Token,
} from '../../engines/llama/runtime-types.js'

export interface NativeRun {
  readonly sequence: number
  readonly kind: 'evaluate' | 'decode' | 'save' | 'load'
  readonly tokens: number
}

export interface FakeLlama extends LlamaModule {
  /** Everything that was run, in order. */
  readonly runs: NativeRun[]
  /** Sequences, for a look at what is in them. */
  readonly sequences: LlamaSequence[]
  /** The next run waits until it is called. */
  holdNextRun(): () => void
  disposed: string[]
}

const TEMPLATE_TOKENS = ['<|im_start|>', '<|im_end|>', '<|fim_middle|>']
const PREFIX_PENALTY = 'penalised '

export function createFakeLlama(
  options: { readonly answer?: string; readonly chatMl?: boolean } = {},
): FakeLlama {
  const pieces: Uint8Array[] = TEMPLATE_TOKENS.map((token) => Buffer.from(token))
  const ids = new Map<string, Token>()
  const runs: NativeRun[] = []
  const sequences: LlamaSequence[] = []
  const disposed: string[] = []
  let hold: Promise<void> | undefined

  function tokenOf(bytes: Uint8Array): Token {
    const key = Buffer.from(bytes).toString('latin1')
    const known = ids.get(key)
    if (known !== undefined) return known
    ids.set(key, pieces.length)
    pieces.push(bytes)
    return pieces.length - 1
  }

  function tokenize(text: string, specialTokens: boolean): Token[] {
    const special = TEMPLATE_TOKENS.indexOf(text)
    if (specialTokens && special >= 0 && options.chatMl !== false) return [special]
    return (text.match(/[^\P{ASCII}\s]+|\s|\P{ASCII}/gu) ?? []).flatMap((piece) =>
      /^\p{ASCII}+$/u.test(piece)
        ? [tokenOf(Buffer.from(piece))]
        : [...Buffer.from(piece)].map((byte) => tokenOf(Buffer.of(byte))),
    )
  }

  function detokenize(tokens: readonly Token[]): string {
    const visible = tokens.filter((token) => token >= TEMPLATE_TOKENS.length)
    return new TextDecoder().decode(Buffer.concat(visible.map((token) => pieces[token]!)))
  }

  async function run(entry: NativeRun): Promise<void> {
    runs.push(entry)
    const held = hold
    hold = undefined
    await held
    await new Promise((resolve) => setImmediate(resolve))
  }

  function createSequence(id: number, contextSize: number): LlamaSequence {
    let context: Token[] = []
    let busy = false
    /** The rest of an answer whose first token was chosen with the prompt. */
    let begun: readonly Token[] | undefined

    async function alone<T>(work: () => Promise<T>): Promise<T> {
      if (busy) throw new Error(`two runs at once on sequence ${id}`)
      busy = true
      try {
        return await work()
      } finally {
        busy = false
      }
    }
    async function append(kind: NativeRun['kind'], tokens: readonly Token[]): Promise<void> {
      if (context.length + tokens.length > contextSize - 1) throw new Error('the window is full')
      if (tokens.length === 0) throw new Error('nothing to evaluate')
      await run({ sequence: id, kind, tokens: tokens.length })
      context = [...context, ...tokens]
    }

    const closed = (text: string): Token[] => [
      ...tokenize(text, false),
      TEMPLATE_TOKENS.indexOf('<|im_end|>'),
    ]
    const closedAnswer = (seen: string, sampling: AnswerOptions) =>
      closed(options.answer ?? answerTo(seen, sampling))

    return {
      get nextTokenIndex() {
        return context.length
      },
      get contextTokens() {
        return context
      },
      compareContextTokens(tokens) {
        let index = 0
        while (index < context.length && index < tokens.length && context[index] === tokens[index]) index++
        return { firstDifferentIndex: index }
      },
      eraseContextTokenRanges: (ranges) =>
        alone(async () => {
          begun = undefined
          for (const { start, end } of ranges) context = [...context.slice(0, start), ...context.slice(end)]
        }),
      evaluateWithoutGeneratingNewTokens: (tokens) => alone(() => append('evaluate', tokens)),
      async *evaluate(tokens, sampling) {
        let next = tokens
        const seen = detokenize([...context, ...tokens])
        const isDeciding = sampling.grammarEvaluationState !== undefined
        const answer = isDeciding ? closed(decisionAfter(seen)) : (begun ?? closedAnswer(seen, sampling))
        begun = undefined
        for (const token of answer) {
          await alone(() => append('decode', next))
          yield token
          next = [token]
        }
      },
      controlledEvaluate: (input) =>
        alone(async () => {
          const tokens = input.map((item) => (typeof item === 'number' ? item : item[0]))
          const seen = detokenize([...context, ...tokens])
          await append('evaluate', tokens)
          return input.map((item) => {
            if (typeof item === 'number') return undefined
            const { generateNext } = item[1]
            if ('token' in generateNext) {
              const [token, ...rest] = closedAnswer(seen, generateNext.options)
              // The real one throws its dice anew in every run.
              if (generateNext.options.temperature === 0) begun = rest
              return { next: { token: token! } }
            }
            const { tokens: wanted } = generateNext.logits.filter
            if (generateNext.totalLogitWeight)
              return {
                next: {
                  logits: new Map(wanted.map((token) => [token, 0])),
                  totalLogitWeight: 2 * wanted.length,
                },
              }
            const [next] = tokenize(decisionAfter(seen), false)
            return { next: { logits: new Map(wanted.map((token) => [token, token === next ? 10 : 0])) } }
          })
        }),
      saveStateToFile: (path) =>
        alone(async () => {
          await run({ sequence: id, kind: 'save', tokens: context.length })
          await writeFile(path, JSON.stringify(context))
          return { fileSize: context.length * 1024 }
        }),
      loadStateFromFile: (path) =>
        alone(async () => {
          context = JSON.parse(await readFile(path, 'utf8')) as Token[]
          await run({ sequence: id, kind: 'load', tokens: context.length })
        }),
    }
  }

  const model: LlamaModel = {
    trainContextSize: 32_768,
    tokenize,
    detokenize,
    isEogToken: (token) => TEMPLATE_TOKENS[token] === '<|im_end|>',
    isSpecialToken: (token) => token < TEMPLATE_TOKENS.length,
    async createContext({ contextSize, sequences: count }) {
      for (let id = 0; id < count; id++) sequences.push(createSequence(id, contextSize))
      const free = [...sequences]
      return {
        contextSize,
        getSequence: () => free.shift()!,
        dispose: async () => void disposed.push('context'),
      }
    },
    dispose: async () => void disposed.push('model'),
  }
  return {
    runs,
    sequences,
    disposed,
    holdNextRun() {
      let letGo: () => void = () => undefined
      hold = new Promise((resolve) => {
        letGo = resolve
      })
      return letGo
    },
    getLlama: async () => ({
      gpu: false,
      maxThreads: 1,
      loadModel: async () => model,
      createGrammar: async ({ grammar }) => ({ grammar }),
      dispose: async () => void disposed.push('llama'),
    }),
    LlamaGrammarEvaluationState: Object as unknown as LlamaModule['LlamaGrammarEvaluationState'],
  }
}

/** What is left to write of the decision that was begun. */
function decisionAfter(seen: string): string {
  return callsIn(seen).slice(seen.length - seen.lastIndexOf(CALL_MARK) - CALL_MARK.length)
}

/** In the order in which the last user message names them. */
function callsIn(seen: string): string {
  const asked = seen.slice(seen.lastIndexOf('user\n'))
  const calls = [...asked.matchAll(/call (\S+ \{[^}]*\})/g)].map(([, call]) => call)
  return calls.length === 0 ? ' chat' : ` request: ${calls.join('; ')}`
}

type AnswerOptions = Pick<EvaluateOptions, 'temperature' | 'seed' | 'repeatPenalty'>

/** Depends on every word so far, so that a wrong cache gives a wrong answer. */
function answerTo(seen: string, sampling: AnswerOptions): string {
  let sum = sampling.temperature > 0 ? sampling.seed % 1009 : 0
  for (const character of seen) sum = (sum * 31 + character.codePointAt(0)!) % 999_983
  const { frequencyPenalty = 0, presencePenalty = 0 } = sampling.repeatPenalty ?? {}
  const penalised = frequencyPenalty === 0 && presencePenalty === 0 ? '' : PREFIX_PENALTY
  return `${penalised}Answer number ${sum} to ${seen.length} characters — voilà 🎉👩‍🚀, and so on and on and on.`
}
