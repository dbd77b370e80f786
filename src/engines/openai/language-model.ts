/**
 * A language model behind `/v1/chat/completions`: vLLM, SGLang, llama.cpp, Ollama, LM Studio, a cloud. The
 * server keeps its own cache of prompts, if any: nothing can be evaluated ahead from here.
 */
import {
  EngineError,
  type GenerationPart,
  type GenerationUsage,
  type JsonObject,
  type LanguageModel,
  messageText,
  type Prompt,
  type Sampling,
  type WeighingPart,
} from '../../engine/index.js'
import { chatMessages, chatTools } from './chat-messages.js'
import {
  createEndpoint,
  type Endpoint,
  errorMessage,
  type OpenAiOptions,
  parseJson,
  RefusedFieldError,
  type Reply,
} from './http.js'
import { serverEvents } from './server-events.js'
import { createToolCalls, type ToolCallDelta } from './tool-calls.js'
import { type WeighedChoice, wordWeights } from './word-weights.js'

/** After the last token only figures are still to come; they are not worth a long wait. */
const USAGE_PATIENCE_MS = 500
/** Fields that some server refuses, and what to send instead; found out once for each engine. */
const REPLACEMENTS: Readonly<Record<string, string | undefined>> = {
  stream_options: undefined,
  top_k: undefined,
  seed: undefined,
  tool_choice: undefined,
  response_format: undefined,
  top_logprobs: undefined,
  logprobs: undefined,
  // Newer OpenAI models know only the longer name.
  max_tokens: 'max_completion_tokens',
}

/** What OpenAI's API gives at most is 20; two words are looked for. */
const TOP_LIKELIHOODS = 10

/**
 * `prefill` yields nothing. How far the server runs ahead of the consumer is the server's choice; an abort closes the
 * connection, on which all known servers stop. Usage figures are the server's, or estimates (4 characters a token)
 * where it sends none. `hears`: the server's model takes audio, and gets the speech instead of its words. Throws `EngineError` (`engine-refused`) for a URL that can't be used.
 */
export function createOpenAiLanguageModel(
  options: OpenAiOptions & { readonly hears?: boolean },
): LanguageModel {
  const { hears = false } = options
  const endpoint = createEndpoint(options, 'chat/completions')
  const refused = new Set<string>()

  async function* generate(
    prompt: Prompt,
    sampling: Sampling,
    signal: AbortSignal,
  ): AsyncGenerator<GenerationPart> {
    const reply = await request(
      endpoint,
      requestBody(endpoint.model, prompt, sampling, hears),
      refused,
      signal,
    )
    try {
      if (reply.contentType.includes('html')) throw notAnApi(endpoint)
      const isWhole = reply.contentType.includes('json')
      yield* isWhole ? wholeAnswer(reply, endpoint, prompt) : streamedAnswer(reply, endpoint, prompt, signal)
    } finally {
      reply.close()
    }
  }

  /** By the likelihoods of the first token where the server tells them, else by what it says. */
  async function* weigh(
    prompt: Prompt,
    words: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<WeighingPart> {
    const sampling = { maxOutputTokens: 1, temperature: 0 }
    const asked = { logprobs: true, top_logprobs: TOP_LIKELIHOODS }
    const body = { ...requestBody(endpoint.model, { ...prompt, functions: [] }, sampling, false), ...asked }
    const reply = await request(endpoint, body, refused, signal)
    try {
      yield { type: 'weights', weights: wordWeights(await firstToken(reply, endpoint), words) }
    } finally {
      reply.close()
    }
  }

  return {
    info: {
      id: `openai:${options.model}`,
      kind: 'llm',
      languages: [],
      description: `${options.model} at ${new URL(endpoint.url).host}`,
      ...(hears && { hears }),
      judges: true,
    },
    open(lifetime) {
      const closed = new AbortController()
      return {
        // biome-ignore lint/correctness/useYield: nothing can be evaluated ahead
        async *prefill(_prompt, signal) {
          signal.throwIfAborted()
        },
        generate: (prompt, sampling, signal) =>
          generate(prompt, sampling, AbortSignal.any([signal, lifetime.signal, closed.signal])),
        weigh: (prompt, words, signal) =>
          weigh(prompt, words, AbortSignal.any([signal, lifetime.signal, closed.signal])),
        close: () =>
          closed.abort(
            new EngineError('engine-failed', 'this conversation with the language model was closed'),
          ),
      }
    },
  }
}

function requestBody(
  model: string,
  prompt: Prompt,
  sampling: Sampling,
  hears: boolean,
): Record<string, unknown> {
  const tools = chatTools(prompt.functions)
  return {
    model,
    messages: chatMessages(prompt, hears),
    // An empty list is an error to several servers.
    ...(tools.length > 0 ? { tools, tool_choice: prompt.mustCall ? 'required' : 'auto' } : {}),
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: sampling.maxOutputTokens,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    seed: sampling.seed,
    presence_penalty: sampling.presencePenalty,
    frequency_penalty: sampling.frequencyPenalty,
    response_format: responseFormat(sampling.answerSchema),
  }
}

function responseFormat(schema: JsonObject | undefined): JsonObject | undefined {
  if (!schema) return undefined
  if (Object.keys(schema).length === 0) return { type: 'json_object' }
  return { type: 'json_schema', json_schema: { name: 'answer', schema } }
}

/** Sends the request without the fields that this server is known to refuse, and finds out further ones. */
async function request(
  endpoint: Endpoint,
  body: Record<string, unknown>,
  refused: Set<string>,
  signal: AbortSignal,
): Promise<Reply> {
  for (;;) {
    const sent: Record<string, unknown> = {}
    for (const [field, value] of Object.entries(body)) {
      const name = refused.has(field) ? REPLACEMENTS[field] : field
      if (name !== undefined && value !== undefined) sent[name] = value
    }
    try {
      return await endpoint.post(JSON.stringify(sent), signal)
    } catch (error) {
      if (!(error instanceof RefusedFieldError)) throw error
      const { serverText } = error
      const field = Object.keys(REPLACEMENTS).find((name) => name in sent && serverText.includes(name))
      if (field === undefined) throw error
      refused.add(field)
    }
  }
}

interface AnswerPiece {
  readonly content?: unknown
  readonly tool_calls?: readonly ToolCallDelta[] | null
}

interface Choice extends WeighedChoice {
  readonly index?: number
  readonly delta?: AnswerPiece | null
  readonly message?: AnswerPiece
  readonly finish_reason?: string | null
}

interface Completion {
  readonly choices?: readonly Choice[]
  readonly usage?: {
    readonly prompt_tokens?: number
    readonly completion_tokens?: number
    readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null
  } | null
}

async function* streamedAnswer(
  reply: Reply,
  endpoint: Endpoint,
  prompt: Prompt,
  signal: AbortSignal,
): AsyncGenerator<GenerationPart> {
  const calls = createToolCalls(prompt.functions)
  let text = ''
  let deltas = 0
  let finish: string | undefined
  let usage: Completion['usage']
  const patienceMs = () => (finish === undefined ? endpoint.timeoutMs : USAGE_PATIENCE_MS)
  try {
    for await (const data of serverEvents(reply, patienceMs)) {
      if (data.trim() === '[DONE]') {
        finish ??= 'stop'
        break
      }
      const completion = readCompletion(data, endpoint)
      usage = completion.usage ?? usage
      const choice = completion.choices?.find(({ index = 0 }) => index === 0)
      const content = choice?.delta?.content
      if (typeof content === 'string' && content !== '') {
        text += content
        deltas++
        yield { type: 'text', text: content }
        signal.throwIfAborted()
      }
      if (choice?.delta?.tool_calls) deltas++
      yield* calls.push(choice?.delta?.tool_calls)
      signal.throwIfAborted()
      finish = choice?.finish_reason ?? finish
    }
  } catch (error) {
    // With a finish reason everything was said; only figures are missing.
    if (signal.aborted || finish === undefined) throw error
  }
  if (finish === undefined) {
    throw new EngineError('engine-lost', `${endpoint.url} ended the stream in the middle of an answer`)
  }
  yield* calls.flush(finish === 'length')
  yield {
    type: 'end',
    reason: finish === 'length' ? 'length' : 'stop',
    usage: usageOf(usage, prompt, text, deltas),
  }
}

async function firstToken(reply: Reply, endpoint: Endpoint): Promise<WeighedChoice> {
  if (reply.contentType.includes('html')) throw notAnApi(endpoint)
  if (reply.contentType.includes('json')) {
    const choice = readCompletion(new TextDecoder().decode(await reply.bytes()), endpoint).choices?.[0]
    if (!choice) throw notAnApi(endpoint)
    return choice
  }
  for await (const data of serverEvents(reply, () => endpoint.timeoutMs)) {
    if (data.trim() === '[DONE]') break
    const choice = readCompletion(data, endpoint).choices?.[0]
    if (choice && (choice.logprobs?.content?.length || choice.delta?.content)) {
      return { ...choice, message: choice.delta ?? null }
    }
  }
  return {}
}

/** Some servers ignore `stream` and answer in one piece. */
async function* wholeAnswer(
  reply: Reply,
  endpoint: Endpoint,
  prompt: Prompt,
): AsyncGenerator<GenerationPart> {
  const completion = readCompletion(new TextDecoder().decode(await reply.bytes()), endpoint)
  const choice = completion.choices?.[0]
  const { content, tool_calls: deltas } = choice?.message ?? {}
  if (choice === undefined || (typeof content !== 'string' && !deltas?.length)) throw notAnApi(endpoint)
  const text = typeof content === 'string' ? content : ''
  if (text !== '') yield { type: 'text', text }
  const calls = createToolCalls(prompt.functions)
  yield* calls.push(deltas)
  yield* calls.flush(choice.finish_reason === 'length')
  yield {
    type: 'end',
    reason: choice.finish_reason === 'length' ? 'length' : 'stop',
    usage: usageOf(completion.usage, prompt, text, Math.ceil(text.length / 4)),
  }
}

function readCompletion(json: string, endpoint: Endpoint): Completion {
  const completion = parseJson(json)
  if (typeof completion !== 'object' || completion === null) throw notAnApi(endpoint)
  if ('error' in completion && completion.error) {
    throw new EngineError(
      'engine-failed',
      `${endpoint.url} failed: ${errorMessage(completion) ?? 'no reason given'}`,
    )
  }
  return completion
}

function notAnApi(endpoint: Endpoint): EngineError {
  return new EngineError(
    'engine-failed',
    `${endpoint.url} did not answer like a chat completions API; is this the address of an OpenAI-compatible server?`,
  )
}

function usageOf(usage: Completion['usage'], prompt: Prompt, text: string, deltas: number): GenerationUsage {
  const characters = prompt.messages.reduce(
    (sum, message) => sum + messageText(message).length,
    prompt.system.length,
  )
  const promptTokens = usage?.prompt_tokens ?? Math.ceil(characters / 4)
  return {
    promptTokens,
    cachedTokens: Math.min(promptTokens, usage?.prompt_tokens_details?.cached_tokens ?? 0),
    outputTokens: usage?.completion_tokens ?? Math.max(deltas, text === '' ? 0 : 1),
  }
}
