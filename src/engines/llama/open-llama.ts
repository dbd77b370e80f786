/**
 * Opens a model and its context on a given runtime and makes a language model of them; closes what it opened. Knows
 * nothing of where runtime and weights come from.
 */
import { tmpdir } from 'node:os'
import { basename } from 'node:path'
import { EngineError, type EngineInfo, type LanguageModel } from '../../engine/index.js'
import { createAnswerGrammar } from './answer-grammar.js'
import { createChatFormat } from './chat-format.js'
import { type ConversationParts, openConversation } from './conversation.js'
import { createConversationStates, filesInMemory } from './conversation-states.js'
import { createFunctionSets } from './function-sets.js'
import type { ContextOptions, Llama, LlamaContext, LlamaModel, LlamaModule } from './runtime-types.js'
import { createSequencePool } from './sequence-pool.js'
import { createStateFiles } from './state-files.js'
import { createSystemStates } from './system-states.js'
import { createThreadGovernor } from './thread-governor.js'

/** 24,000 tokens of instructions for a 1.5B model. */
const MAX_SYSTEM_BYTES = 512 * 1024 * 1024

export interface LlamaOptions {
  /** A GGUF file of a chat model that uses ChatML. */
  readonly modelPath: string
  /** The private prefix: `<runtimeDir>/node_modules/node-llama-cpp` is imported. */
  readonly runtimeDir: string
  /** At most; fewer while others need the cores. */
  readonly threads: number
  /** Window of one conversation, prompt and answer together. 21 KiB of memory a token and sequence for the 1.5B default on x64, 28 KiB elsewhere. */
  readonly contextTokens: number
  /** Conversations whose cache is kept at the same time; more may be open. */
  readonly sequences: number
  /** `auto` takes what the runtime finds; absent = false, the CPU. */
  readonly gpu?: false | 'auto'
  /** Parent of the private folder with saved system instructions; absent = the system's temporary folder. */
  readonly stateDir?: string
  /** The same for open conversations; must lie in memory. Absent = /dev/shm, where there is one. */
  readonly memoryDir?: string
  /** What to say about this model; absent = taken from the file name. */
  readonly info?: Partial<Omit<EngineInfo, 'kind'>>
}

/**
 * On a CPU what is attended to is read without flash attention (tokens behind 1,000 to 2,800 others in 20 ms each instead of 30; behind few it makes no
 * difference), and keys are of 8 bits, values bfloat16: a quarter of the memory less.
 * A likelihood differs by as much as where the same tokens are read in two runs instead of one (0.07 and 0.05 in the median, natural logarithms, of 120 texts).
 * Values of half precision would be faster behind many (12 tokens behind 2,600 cost 67 ms more than behind 250, with these 101: medians of 40, in turn), and differ by as
 * much, but to the other side where a second call in one answer is decided.
 */
async function createContext(
  model: LlamaModel,
  { gpu }: Llama,
  options: Omit<ContextOptions, 'flashAttention'>,
): Promise<LlamaContext> {
  const plain = { ...options, flashAttention: gpu !== false }
  if (gpu !== false || process.arch !== 'x64') return model.createContext(plain)
  const small = { experimentalKvCacheKeyType: 'Q8_0', experimentalKvCacheValueType: 'BF16' } as const
  // Heads whose width is no multiple of 32 have no such keys.
  return model.createContext({ ...plain, ...small }).catch(() => model.createContext(plain))
}

/** As `loadLlama`, on a runtime that is already there. */
export async function openLlama(
  runtime: LlamaModule,
  options: LlamaOptions,
): Promise<LanguageModel & { close(): Promise<void> }> {
  const { modelPath, threads, contextTokens, sequences } = options
  const opened: (() => Promise<void>)[] = []
  const closeAll = async () => {
    for (const close of opened.reverse()) await close()
  }
  try {
    const llama: Llama = await runtime.getLlama({
      gpu: options.gpu ?? false,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: 'error',
      maxThreads: threads,
    })
    opened.push(() => llama.dispose())
    const model: LlamaModel = await llama.loadModel({ modelPath })
    opened.push(() => model.dispose())
    const windowTokens = Math.min(contextTokens, model.trainContextSize)
    const format = createChatFormat(model, windowTokens)
    const context: LlamaContext = await createContext(model, llama, {
      contextSize: windowTokens,
      sequences,
      threads,
      batchSize: 512,
      swaFullCache: true,
    })
    opened.push(() => context.dispose())
    const pool = createSequencePool(Array.from({ length: sequences }, () => context.getSequence()))
    opened.push(() => pool.prepared())
    const files = createStateFiles(options.stateDir ?? tmpdir(), MAX_SYSTEM_BYTES)
    opened.push(() => files.close())
    const inMemory = filesInMemory(options.memoryDir)
    opened.push(async () => inMemory?.close())
    const parts: ConversationParts = {
      model,
      format,
      pool,
      states: createSystemStates(files),
      conversationStates: createConversationStates(inMemory),
      functionSets: createFunctionSets(runtime, llama, model),
      answerGrammar: createAnswerGrammar(runtime, llama, model),
      windowTokens,
      counted,
    }
    const governor = createThreadGovernor(threads)
    async function counted<Result>(run: () => Promise<Result>): Promise<Result> {
      llama.maxThreads = governor.begin()
      try {
        return await run()
      } finally {
        governor.end()
      }
    }
    return createModel()

    function createModel(): LanguageModel & { close(): Promise<void> } {
      const name = basename(modelPath).replace(/\.gguf$/i, '')
      const closing = new AbortController()
      return {
        info: {
          id: options.info?.id ?? name,
          kind: 'llm',
          languages: options.info?.languages ?? [],
          description:
            options.info?.description ?? `${name}, embedded, on ${llama.gpu || `${threads} CPU threads`}`,
          foresees: true,
        },
        open({ signal }) {
          if (closing.signal.aborted) throw new EngineError('engine-lost', 'the language model was closed')
          return openConversation(parts, AbortSignal.any([signal, closing.signal]))
        },
        async close() {
          if (closing.signal.aborted) return
          closing.abort(new EngineError('engine-lost', 'the language model was closed'))
          await closeAll()
        },
      }
    }
  } catch (error) {
    await closeAll()
    if (error instanceof EngineError) throw error
    const detail = error instanceof Error ? error.message : String(error)
    throw new EngineError('engine-failed', `the language model ${modelPath} could not be loaded: ${detail}`, {
      cause: error,
    })
  }
}
