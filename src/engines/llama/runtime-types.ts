/**
 * The part of node-llama-cpp 3.22 that this engine uses, as plain structural types: the runtime lives in a private
 * prefix of the product's home and is no dependency, so its own types are not at hand. Knows nothing of prompts.
 */

export type Token = number

export interface LlamaModule {
  getLlama(options: {
    gpu: false | 'auto'
    build: 'never'
    skipDownload: true
    progressLogs: false
    logLevel: 'error'
    maxThreads: number
  }): Promise<Llama>
  readonly LlamaGrammarEvaluationState: new (options: {
    model: LlamaModel
    grammar: LlamaGrammar
  }) => LlamaGrammarEvaluationState
}

/** What a grammar has been told so far; one for each answer. */
export type LlamaGrammarEvaluationState = object
export type LlamaGrammar = object

export interface Llama {
  readonly gpu: false | string
  /** Obeyed by the next run. */
  maxThreads: number
  loadModel(options: { modelPath: string }): Promise<LlamaModel>
  /** GBNF. */
  createGrammar(options: { grammar: string }): Promise<LlamaGrammar>
  dispose(): Promise<void>
}

export interface LlamaModel {
  readonly trainContextSize: number
  /** With `specialTokens` false, text that looks like a template token becomes ordinary tokens. */
  tokenize(text: string, specialTokens: boolean): Token[]
  /** Incomplete UTF-8 at the end comes back as U+FFFD; template tokens come back empty. */
  detokenize(tokens: readonly Token[], specialTokens: false, lastTokens: readonly Token[]): string
  isEogToken(token: Token): boolean
  isSpecialToken(token: Token): boolean
  createContext(options: ContextOptions): Promise<LlamaContext>
  dispose(): Promise<void>
}

export interface ContextOptions {
  /** Per sequence. */
  contextSize: number
  sequences: number
  threads: number
  batchSize: number
  /** Keeps every prefix reusable on models with sliding-window attention. */
  swaFullCache: true
  flashAttention: boolean
  /** Of cached keys and values; absent = half precision. */
  experimentalKvCacheKeyType?: 'Q8_0'
  experimentalKvCacheValueType?: 'BF16'
}

export interface LlamaContext {
  readonly contextSize: number
  getSequence(): LlamaSequence
  dispose(): Promise<void>
}

export interface LlamaSequence {
  readonly nextTokenIndex: number
  readonly contextTokens: readonly Token[]
  compareContextTokens(tokens: readonly Token[]): { firstDifferentIndex: number }
  /** Later tokens move up into the gap; their cached keys are rotated to the new positions. */
  eraseContextTokenRanges(ranges: readonly { start: number; end: number }[]): Promise<void>
  evaluateWithoutGeneratingNewTokens(tokens: readonly Token[]): Promise<void>
  evaluate(tokens: readonly Token[], options: EvaluateOptions): AsyncGenerator<Token, void, void>
  /** Evaluates all of it; where an item asks for it, its place in the answer has the logits of what may follow. */
  controlledEvaluate(
    tokens: readonly (Token | readonly [Token, { generateNext: NextLogits | NextToken }])[],
  ): Promise<readonly ({ next: Next } | undefined)[]>
  saveStateToFile(path: string): Promise<{ fileSize: number }>
  loadStateFromFile(path: string, risk: { acceptRisk: true }): Promise<void>
}

export interface NextLogits {
  /** `includeSelected`: at temperature 0 the likeliest one. */
  logits: { filter: { tokens: readonly Token[]; includeSelected?: true } }
  /** Sum of exp(logit − the likeliest's logit) over all tokens. */
  totalLogitWeight?: true
  options: { temperature: 0 }
}

/** The token that follows, chosen as `evaluate` does. */
export interface NextToken {
  token: true
  options: Omit<EvaluateOptions, 'yieldEogToken' | 'grammarEvaluationState'>
}

export interface Next {
  logits?: ReadonlyMap<Token, number>
  totalLogitWeight?: number
  token?: Token | null
}

export interface EvaluateOptions {
  temperature: number
  topP: number
  topK: number
  seed: number
  yieldEogToken: true
  grammarEvaluationState?: LlamaGrammarEvaluationState
  repeatPenalty?: {
    punishTokens: () => readonly Token[]
    maxPunishTokens: number
    /** Divides the likelihood of those tokens; 1 = none. */
    penalty: number
    frequencyPenalty: number
    presencePenalty: number
  }
}
