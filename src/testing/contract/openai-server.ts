/**
 * A small OpenAI-compatible server on loopback, with the habits of the real ones: how they cut their streams, what
 * they refuse, what they leave out. Its "model" answers by rule, its "voice" is a tone, its "recogniser" and the model's ears count.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { floatToPcm16, readWav, rms, writeWav } from '../../audio/index.js'

export type Flavour = 'vllm' | 'llama.cpp' | 'ollama' | 'openai'

export interface OpenAiServer {
  /** `http://127.0.0.1:port/v1` */
  readonly url: string
  /** Bodies of the JSON requests, fields of the forms, in order. */
  readonly requests: Record<string, unknown>[]
  /** Requests whose connection the client closed before the answer was complete. */
  readonly cut: () => number
  close(): Promise<void>
}

export type Respond = (
  body: Record<string, unknown>,
  response: ServerResponse,
  request: IncomingMessage,
) => unknown

/** Serves one flavour, or whatever `respond` does. */
export async function startOpenAiServer(options: {
  readonly flavour?: Flavour
  readonly apiKey?: string
  readonly respond?: Respond
  /** What its model makes of so much speech; absent = its length. Null = it takes no audio. */
  readonly ears?: ((ms: number) => string) | null
}): Promise<OpenAiServer> {
  const { flavour = 'vllm', apiKey, respond, ears = (ms: number) => `speech of ${ms} ms` } = options
  const requests: Record<string, unknown>[] = []
  let cut = 0
  const server = createServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) cut++
    })
    const body = await readBody(request)
    requests.push(body)
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`) {
      return sendError(response, 401, `Incorrect API key provided: ${request.headers.authorization}`)
    }
    if (respond !== undefined) return respond(body, response, request)
    if (request.url === '/v1/chat/completions') return chat(flavour, ears, body, response)
    if (request.url === '/v1/audio/transcriptions') return transcribe(flavour, body, response)
    if (request.url === '/v1/audio/speech') return speak(flavour, body, response)
    return sendError(response, 404, `no route ${request.url}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    cut: () => cut,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function sendError(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: { message, type: 'invalid_request_error', code: status } }))
}

export function sendEvent(response: ServerResponse, event: unknown): void {
  response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
}

export function delta(content: string, finish: string | null = null): object {
  return {
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  }
}

type Ears = ((ms: number) => string) | null

/** How each of them refuses audio for a model that takes none. */
const DEAF: Readonly<Record<Flavour, readonly [status: number, message: string]>> = {
  vllm: [400, 'At most 0 audio(s) may be provided in one prompt.'],
  'llama.cpp': [
    500,
    'audio input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
  ],
  ollama: [400, 'invalid message format'],
  openai: [400, "Invalid value: 'input_audio'. Supported values are: 'text' and 'image_url'."],
}

async function chat(
  flavour: Flavour,
  ears: Ears,
  body: Record<string, unknown>,
  response: ServerResponse,
): Promise<void> {
  if (flavour === 'openai' && 'top_k' in body) {
    return sendError(response, 400, 'Unrecognized request argument supplied: top_k')
  }
  if (flavour === 'openai' && 'max_tokens' in body) {
    return sendError(
      response,
      400,
      "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
    )
  }
  if (flavour === 'ollama' && 'stream_options' in body) {
    return sendError(response, 422, 'extra fields not permitted: stream_options')
  }
  const messages = body.messages as ChatMessage[]
  const hasAudio = messages.some(
    ({ content }) => Array.isArray(content) && content.some(({ type }) => type === 'input_audio'),
  )
  if (hasAudio && ears === null) return sendError(response, ...DEAF[flavour])
  const words = (content: ChatMessage['content'] = null) => wordsOf(content, ears ?? String)
  const mistake = messages
    .map((message, index) => toolMistake(message, messages.slice(0, index)))
    .find(Boolean)
  if (mistake !== undefined) return sendError(response, 400, mistake)
  const last = messages.at(-1)
  const calls = body.tools !== undefined && last?.role === 'user' ? spelledOutCalls(words(last.content)) : []
  const said = last?.role === 'tool' ? 'the result' : words(last?.content)
  const answer = calls.length > 0 ? [] : `You said “${said}” — naïve, isn’t it? 🎉👩‍🚀`.split(/(?<= )/)
  const limit = Number(body.max_tokens ?? body.max_completion_tokens ?? answer.length)
  const promptTokens = messages.reduce((sum, { content }) => sum + words(content).split(' ').length, 3)
  const spoken = answer.slice(0, limit)
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: spoken.length + calls.length,
    prompt_tokens_details: flavour === 'openai' ? { cached_tokens: 0 } : null,
  }

  const newline = flavour === 'ollama' ? '\r\n' : '\n'
  const event = (data: unknown) =>
    `data: ${typeof data === 'string' ? data : JSON.stringify(data)}${newline}${newline}`
  const events: string[] = []
  if (flavour === 'vllm') {
    events.push(event({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }))
  }
  for (const word of spoken) {
    if (flavour === 'llama.cpp') events.push(': keep-alive\n\n')
    events.push(event(delta(word)))
  }
  for (const toolCalls of toolCallPieces(flavour, calls)) {
    events.push(event({ choices: [{ index: 0, delta: { content: null, tool_calls: toolCalls } }] }))
  }
  const reason =
    limit < answer.length ? 'length' : calls.length > 0 && flavour !== 'ollama' ? 'tool_calls' : 'stop'
  events.push(event({ choices: [{ index: 0, delta: {}, finish_reason: reason }] }))
  if (body.stream_options !== undefined) events.push(event({ choices: [], usage }))
  events.push(event('[DONE]'))

  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  // vLLM writes whole events; the others are cut anywhere here, in the middle of characters too.
  const bytes = Buffer.from(events.join(''))
  const chunks = flavour === 'vllm' ? events : cutUp(bytes, 11)
  for (const chunk of chunks) {
    if (response.destroyed) return
    response.write(chunk)
    await turn()
  }
  response.end()
}

interface ChatMessage {
  readonly role: string
  readonly content: string | null | readonly ContentPart[]
  readonly tool_calls?: readonly { readonly id: string }[]
  readonly tool_call_id?: string
}

interface ContentPart {
  readonly type: string
  readonly text?: string
  readonly image_url?: { readonly url: string }
  readonly input_audio?: { readonly data: string; readonly format: string }
}

/** The words of a message, with its pictures and sounds told; throws for one that is none. */
function wordsOf(content: ChatMessage['content'], ears: (ms: number) => string): string {
  if (typeof content === 'string' || content === null) return content ?? ''
  const texts = content.map(({ type, text = '', image_url, input_audio: sound }) => {
    if (type === 'input_audio') {
      if (sound?.format !== 'wav') throw new Error('invalid input_audio')
      const { samples, sampleRateHz } = readWav(Buffer.from(sound.data, 'base64'))
      return ears(Math.round((samples.length * 1000) / sampleRateHz))
    }
    if (type !== 'image_url') return text
    const [, format, data = ''] = /^data:image\/(jpeg|png|webp);base64,(.+)$/.exec(image_url?.url ?? '') ?? []
    if (format === undefined) throw new Error('invalid image_url')
    return `a ${format} of ${Buffer.from(data, 'base64').length} bytes`
  })
  return texts.join(' ')
}

/** As OpenAI insists: every call is answered, at once, by messages of the role "tool", and nothing else is. */
function toolMistake(message: ChatMessage, before: readonly ChatMessage[]): string | undefined {
  const callers = before.filter(({ role }) => role !== 'tool')
  const open = new Set(callers.at(-1)?.tool_calls?.map(({ id }) => id))
  for (const { tool_call_id: id } of before.slice(before.lastIndexOf(callers.at(-1)!) + 1)) open.delete(id!)
  if (message.role !== 'tool' && open.size > 0)
    return `tool_calls must be followed by tool messages: ${[...open]}`
  if (message.role === 'tool' && !open.has(message.tool_call_id!)) return 'tool message without its call'
  return undefined
}

/** Its "model" calls what the words spell out: `call NAME {…}`. */
function spelledOutCalls(text: string): { name: string; json: string }[] {
  return [...text.matchAll(/call (\S+) (\{[^}]*\})/g)].map(([, name, json]) => ({ name: name!, json: json! }))
}

/** vLLM and OpenAI send the arguments in pieces, llama.cpp too but with the name once more, Ollama whole calls that all have the index 0. */
function toolCallPieces(flavour: Flavour, calls: readonly { name: string; json: string }[]): object[][] {
  return calls.flatMap(({ name, json }, index) => {
    const id = `call_${flavour.length}${index}`
    const whole = { index: flavour === 'ollama' ? 0 : index, id, type: 'function' }
    if (flavour === 'ollama') return [[{ ...whole, function: { name, arguments: json } }]]
    const first = { ...whole, function: { name, arguments: '' } }
    const pieces = (json.match(/.{1,4}/gs) ?? []).map((piece) => [
      flavour === 'llama.cpp'
        ? { index, id, function: { name, arguments: piece } }
        : { index, function: { arguments: piece } },
    ])
    return [[first], ...pieces]
  })
}

async function transcribe(
  flavour: Flavour,
  body: Record<string, unknown>,
  response: ServerResponse,
): Promise<void> {
  if (flavour === 'openai' && body.response_format === 'verbose_json') {
    return sendError(response, 400, "response_format 'verbose_json' is not compatible with this model")
  }
  const { samples, sampleRateHz } = readWav(body.file as Uint8Array)
  const silent = rms(samples) < 0.001
  const text = silent
    ? flavour === 'vllm'
      ? ' Thank you.'
      : ''
    : ` Speech of ${samples.length / sampleRateHz} s.`
  const segment = { start: 0, end: samples.length / sampleRateHz, avg_logprob: silent ? -1.5 : -0.2 }
  response.setHeader('content-type', 'application/json')
  response.end(
    JSON.stringify(
      body.response_format === 'json'
        ? { text }
        : {
            text,
            language: flavour === 'vllm' ? 'english' : 'en',
            segments: [{ ...segment, no_speech_prob: silent ? 0.9 : 0.01 }],
          },
    ),
  )
}

async function speak(
  flavour: Flavour,
  body: Record<string, unknown>,
  response: ServerResponse,
): Promise<void> {
  const isPcm = body.response_format === 'pcm'
  if (flavour === 'llama.cpp' && isPcm) return sendError(response, 400, 'unsupported response_format: pcm')
  const rateHz = flavour === 'llama.cpp' ? 22_050 : 24_000
  const soundSeconds = (String(body.input).split(' ').length * 0.25) / Number(body.speed ?? 1)
  const audio = new Float32Array(Math.round((soundSeconds + 0.9) * rateHz))
  for (let index = 0; index < soundSeconds * rateHz; index++) {
    audio[Math.round(0.3 * rateHz) + index] = 0.4 * Math.sin((2 * Math.PI * 220 * index) / rateHz)
  }
  response.writeHead(200, { 'content-type': isPcm ? 'audio/pcm' : 'audio/wav' })
  for (const chunk of cutUp(Buffer.from(isPcm ? floatToPcm16(audio) : writeWav(audio, rateHz)), 4_801)) {
    if (response.destroyed) return
    response.write(chunk)
    await turn()
  }
  response.end()
}

function* cutUp(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const bytes = Buffer.concat(parts)
  const contentType = request.headers['content-type'] ?? ''
  if (contentType.includes('json')) return JSON.parse(bytes.toString('utf8')) as Record<string, unknown>
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
  const fields: Record<string, unknown> = {}
  for (const [name, value] of form.entries()) {
    fields[name] = typeof value === 'string' ? value : new Uint8Array(await value.arrayBuffer())
  }
  return fields
}
