import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import type { EngineErrorCode, GenerationPart, Prompt, Sampling } from '../../engine/index.js'
import { SPELLED_OUT, testLanguageModel } from '../../testing/contract/index.js'
import {
  delta,
  type Flavour,
  type OpenAiServer,
  type Respond,
  sendError,
  sendEvent,
  startOpenAiServer,
} from '../../testing/contract/openai-server.js'
import { createOpenAiLanguageModel } from './index.js'

const PROMPT: Prompt = { system: 'Be brief.', messages: [{ role: 'user', text: 'Hello there' }] }
const TIMEOUT_MS = 5_000

async function served(options: Parameters<typeof startOpenAiServer>[0], timeoutMs = TIMEOUT_MS) {
  const server = await startOpenAiServer(options)
  const model = createOpenAiLanguageModel({ url: server.url, model: 'tiny', timeoutMs })
  return Object.assign(model, { close: () => server.close() })
}

for (const flavour of ['vllm', 'llama.cpp', 'ollama', 'openai'] satisfies Flavour[]) {
  testLanguageModel(`openai engine, ${flavour} server`, () => served({ flavour }), {
    caches: false,
    functions: SPELLED_OUT,
    broken: [
      { what: 'wrong key', make: () => served({ flavour, apiKey: 'secret' }), code: 'engine-refused' },
      { what: 'gone', make: gone, code: 'engine-lost' },
    ],
  })
}

for (const flavour of ['vllm', 'llama.cpp', 'ollama', 'openai'] satisfies Flavour[]) {
  const hearing = async (ears?: null) => {
    const server = await startOpenAiServer({ flavour, ...(ears === null && { ears }) })
    const options = { url: server.url, model: 'ears', timeoutMs: TIMEOUT_MS, hears: true }
    return Object.assign(createOpenAiLanguageModel(options), { close: () => server.close() })
  }
  testLanguageModel(`openai engine that hears, ${flavour} server`, () => hearing(), {
    caches: false,
    functions: SPELLED_OUT,
    hears: /speech of 1500 ms/,
  })

  it(`a model of a ${flavour} server that takes no audio says so`, async () => {
    const model = await hearing(null)
    const speech = { recordings: [new Float32Array(1_600)], typed: '' }
    const { signal } = new AbortController()
    const parts = model
      .open({ signal })
      .generate({ system: '', messages: [{ role: 'user', text: 'Hi', speech }] }, {}, signal)
    await expect(parts[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      name: 'EngineError',
      message: expect.stringMatching(/audio|invalid message format/),
    })
    await model.close()
  })
}

async function gone() {
  const model = await served({})
  await model.close()
  return Object.assign(model, { close: () => undefined })
}

let server: OpenAiServer | undefined
afterEach(() => server?.close())

async function answer(
  respond: Respond | undefined,
  options: {
    timeoutMs?: number
    apiKey?: string
    flavour?: Flavour
    sampling?: Sampling
    prompt?: Prompt
  } = {},
): Promise<GenerationPart[]> {
  server = await startOpenAiServer({
    ...(respond ? { respond } : {}),
    ...(options.flavour ? { flavour: options.flavour } : {}),
  })
  const model = createOpenAiLanguageModel({
    url: server.url,
    model: 'tiny',
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    ...(options.apiKey ? { apiKey: options.apiKey } : {}),
  })
  const { signal } = new AbortController()
  const parts: GenerationPart[] = []
  const conversation = model.open({ signal })
  for await (const part of conversation.generate(options.prompt ?? PROMPT, options.sampling ?? {}, signal)) {
    parts.push(part)
  }
  return parts
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
}

const text = (parts: readonly GenerationPart[]) =>
  parts.map((part) => (part.type === 'text' ? part.text : '')).join('')

describe('what is sent', () => {
  it('is the conversation and every sampling setting', async () => {
    const sampling: Sampling = {
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      topK: 12,
      seed: 3,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
    }
    const messages = [
      { role: 'user', text: 'a' },
      { role: 'model', text: 'b' },
      { role: 'user', text: 'c' },
    ] as const
    await answer(undefined, { sampling, prompt: { system: 'S', messages } })
    expect(server?.requests).toEqual([
      {
        model: 'tiny',
        messages: [
          { role: 'system', content: 'S' },
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
          { role: 'user', content: 'c' },
        ],
        stream: true,
        stream_options: { include_usage: true },
        max_tokens: 9,
        temperature: 0.5,
        top_p: 0.9,
        top_k: 12,
        seed: 3,
        presence_penalty: 0.1,
        frequency_penalty: 0.2,
      },
    ])
  })

  it('names the functions, and leaves tool_choice out where the server refuses it', async () => {
    const functions = [{ name: 'stop', description: 'Stop' }]
    const parts = await answer(
      (body, response) => {
        if ('tool_choice' in body) return sendError(response, 400, 'unknown field: tool_choice')
        stream(response)
        sendEvent(response, delta('Yes.', 'stop'))
        response.end()
      },
      { prompt: { ...PROMPT, functions } },
    )
    expect(text(parts)).toBe('Yes.')
    expect(server?.requests[0]).toMatchObject({
      tool_choice: 'auto',
      tools: [{ function: { name: 'stop' } }],
    })
    expect(server?.requests[1]).not.toHaveProperty('tool_choice')
  })

  it('demands a call where one must be made', async () => {
    const functions = [{ name: 'stop', description: 'Stop' }]
    await answer(
      (_body, response) => {
        stream(response)
        sendEvent(response, delta('Yes.', 'stop'))
        response.end()
      },
      { prompt: { ...PROMPT, functions, mustCall: true } },
    )
    expect(server?.requests[0]).toMatchObject({ tool_choice: 'required' })
  })

  it('leaves out what the server refuses, and remembers that', async () => {
    server = await startOpenAiServer({ flavour: 'openai' })
    const model = createOpenAiLanguageModel({ url: server.url, model: 'tiny', timeoutMs: TIMEOUT_MS })
    const { signal } = new AbortController()
    const conversation = model.open({ signal })
    for (let round = 0; round < 2; round++) {
      const parts = []
      for await (const part of conversation.generate(PROMPT, { topK: 5, maxOutputTokens: 4 }, signal))
        parts.push(part)
      expect(parts.at(-1)).toMatchObject({ reason: 'length', usage: { outputTokens: 4 } })
    }
    expect(server.requests.length).toBe(4)
    expect(server.requests.at(-1)).toMatchObject({ max_completion_tokens: 4 })
    expect(server.requests.at(-1)).not.toHaveProperty('top_k')
    expect(server.requests.at(-1)).not.toHaveProperty('max_tokens')
  })

  it.each([
    ['http://host:1', 'http://host:1/v1/chat/completions'],
    ['http://host:1/', 'http://host:1/v1/chat/completions'],
    ['http://host:1/v1/', 'http://host:1/v1/chat/completions'],
    ['https://host/api/openai/v1', 'https://host/api/openai/v1/chat/completions'],
    ['http://host:1/v1/chat/completions', 'http://host:1/v1/chat/completions'],
  ])('goes from %s to %s', async (url, expected) => {
    const asked: string[] = []
    const original = globalThis.fetch
    globalThis.fetch = (address) => {
      asked.push(String(address))
      return Promise.reject(new TypeError('fetch failed'))
    }
    try {
      const { signal } = new AbortController()
      const model = createOpenAiLanguageModel({ url, model: 'm', timeoutMs: TIMEOUT_MS })
      const parts = model.open({ signal }).generate(PROMPT, {}, signal)
      await expect(parts[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'engine-lost' })
    } finally {
      globalThis.fetch = original
    }
    expect(asked).toEqual([expected])
  })

  it.each([
    ['nonsense', /"nonsense" is not a URL/],
    ['ftp://host', /must begin with http/],
    ['http://me:pass@host', /give the key as apiKey/],
  ])('never: the URL %s is refused at once', (url, message) => {
    const make = () => createOpenAiLanguageModel({ url, model: 'm', timeoutMs: TIMEOUT_MS })
    expect(make).toThrow(message)
    expect(make).not.toThrow(/pass@/)
  })
})

describe('what comes back', () => {
  it.each(['vllm', 'llama.cpp', 'ollama'] satisfies Flavour[])('is whole, from %s', async (flavour) => {
    const parts = await answer(undefined, { flavour })
    expect(text(parts)).toBe('You said “Hello there” — naïve, isn’t it? 🎉👩‍🚀')
    expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'stop' })
    const { usage } = parts.at(-1) as Extract<GenerationPart, { type: 'end' }>
    expect(usage.outputTokens).toBe(9)
    expect(usage.promptTokens).toBeGreaterThan(3)
  })

  it('may be one piece that is not streamed', async () => {
    const parts = await answer((_body, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ choices: [{ message: { content: 'Hi.' }, finish_reason: 'stop' }] }))
    })
    expect(text(parts)).toBe('Hi.')
    expect(parts.at(-1)).toMatchObject({ reason: 'stop' })
  })

  it('may be words, then a call', async () => {
    const prompt = { ...PROMPT, functions: [{ name: 'stop', description: 'Stop' }] }
    const calls = [{ id: 'a', type: 'function', function: { name: 'stop', arguments: '{}' } }]
    const message = { role: 'assistant', content: 'One moment.', tool_calls: calls }
    for (const whole of [true, false]) {
      const parts = await answer(
        (_body, response) => {
          if (whole) {
            response.setHeader('content-type', 'application/json')
            response.end(JSON.stringify({ choices: [{ message, finish_reason: 'tool_calls' }] }))
            return
          }
          stream(response)
          sendEvent(response, { choices: [{ index: 0, delta: message, finish_reason: 'tool_calls' }] })
          response.end()
        },
        { prompt },
      )
      expect(parts.map(({ type }) => type)).toEqual(['text', 'call', 'end'])
      await server?.close()
    }
  })

  it('counts as complete after a finish reason, whatever the stream does then', async () => {
    const parts = await answer((_body, response) => {
      stream(response)
      sendEvent(response, delta('Hi.'))
      sendEvent(response, delta('', 'stop'))
      setTimeout(() => response.destroy(), 5)
    })
    expect(text(parts)).toBe('Hi.')
    expect(parts.at(-1)).toMatchObject({ reason: 'stop', usage: { outputTokens: 1 } })
  })

  it('counts as complete after [DONE] without a newline', async () => {
    const parts = await answer((_body, response) => {
      stream(response)
      sendEvent(response, delta('Hi.'))
      response.end('data: [DONE]')
    })
    expect(parts.at(-1)).toMatchObject({ reason: 'stop' })
  })
})

describe('what goes wrong', () => {
  const cases: [string, Respond, EngineErrorCode, RegExp, number?][] = [
    [
      'an unknown model',
      (_b, r) => sendError(r, 404, 'The model `tiny` does not exist.'),
      'engine-refused',
      /does not exist.*serve the model "tiny"/,
    ],
    [
      'a wrong key',
      (_b, r, q) => sendError(r, 401, `Incorrect key: ${q.headers.authorization}`),
      'engine-refused',
      /set the right API key/,
    ],
    [
      'too long a prompt',
      (_b, r) => sendError(r, 400, "This model's maximum context length is 4096 tokens."),
      'engine-refused',
      /maximum context length is 4096/,
    ],
    [
      'too many requests',
      (_b, r) => {
        r.setHeader('retry-after', '7')
        sendError(r, 429, 'slow down')
      },
      'engine-failed',
      /over its limit \(429, retry after 7 s\): slow down/,
    ],
    [
      'a failure',
      (_b, r) => sendError(r, 500, 'CUDA out of memory'),
      'engine-failed',
      /failed \(500\): CUDA out of memory/,
    ],
    [
      'loading',
      (_b, r) => sendError(r, 503, 'Loading model'),
      'engine-lost',
      /not ready \(503\): Loading model/,
    ],
    [
      'a page of another server',
      (_b, r) => {
        r.writeHead(404, { 'content-type': 'text/html' })
        r.end('<html><h1>Not Found</h1></html>')
      },
      'engine-refused',
      /404: Not Found/,
    ],
    [
      'a page that is fine',
      (_b, r) => {
        r.setHeader('content-type', 'text/html')
        r.end('<html>Welcome</html>')
      },
      'engine-failed',
      /did not answer like a chat completions API/,
    ],
    [
      'a redirect',
      (_b, r) => {
        r.writeHead(308, { location: 'https://elsewhere/v1' })
        r.end()
      },
      'engine-refused',
      /redirects to https:\/\/elsewhere\/v1/,
    ],
    [
      'JSON of something else',
      (_b, r) => {
        r.setHeader('content-type', 'application/json')
        r.end('{"ok":true}')
      },
      'engine-failed',
      /did not answer like a chat completions API/,
    ],
    [
      'an event that is no JSON',
      (_b, r) => {
        stream(r)
        sendEvent(r, '{"choices":[{')
        r.end()
      },
      'engine-failed',
      /did not answer like/,
    ],
    [
      'an error within the stream',
      (_b, r) => {
        stream(r)
        sendEvent(r, delta('Hi'))
        sendEvent(r, { error: { message: 'engine died' } })
        r.end()
      },
      'engine-failed',
      /failed: engine died/,
    ],
    [
      "an error in llama.cpp's own field",
      (_b, r) => {
        stream(r)
        r.end('error: {"code":500,"message":"slot unavailable"}\n\n')
      },
      'engine-failed',
      /slot unavailable/,
    ],
    [
      'an end in the middle',
      (_b, r) => {
        stream(r)
        sendEvent(r, delta('Hi'))
        r.end()
      },
      'engine-lost',
      /in the middle of an answer/,
    ],
    [
      'a cut in the middle',
      (_b, r) => {
        stream(r)
        sendEvent(r, delta('Hi'))
        setTimeout(() => r.destroy(), 5)
      },
      'engine-lost',
      /broke off/,
    ],
    ['a cut before anything', (_b, r) => r.destroy(), 'engine-lost', /broke off/],
    ['no first byte', () => undefined, 'engine-timeout', /sent nothing for 40 ms/, 40],
    [
      'a stall',
      (_b, r) => {
        stream(r)
        sendEvent(r, delta('Hi'))
      },
      'engine-timeout',
      /sent nothing for 40 ms/,
      40,
    ],
  ]

  it.each(cases)('%s', async (_what, respond, code, message, timeoutMs) => {
    const failure = await answer(respond, { apiKey: 'sk-secret', timeoutMs: timeoutMs ?? TIMEOUT_MS }).then(
      () => undefined,
      (error: unknown) => error as Error,
    )
    expect(failure).toMatchObject({ name: 'EngineError', code })
    expect(failure?.message).toMatch(message)
    expect(failure?.message).toContain(server!.url)
    expect(failure?.message).not.toContain('sk-secret')
  })
})

describe('the connection', () => {
  const endless: Respond = (_body, response) => {
    stream(response)
    const timer = setInterval(() => sendEvent(response, delta('on and on ')), 1)
    response.on('close', () => clearInterval(timer))
  }

  it.each(['abort', 'break', 'close'])('is closed by %s', async (how) => {
    const ended = new Promise<void>((resolve) => {
      void startOpenAiServer({
        respond: (body, response, request) => {
          response.on('close', resolve)
          return endless(body, response, request)
        },
      }).then(async (started) => {
        server = started
        const model = createOpenAiLanguageModel({ url: started.url, model: 'tiny', timeoutMs: TIMEOUT_MS })
        const abort = new AbortController()
        const conversation = model.open({ signal: new AbortController().signal })
        try {
          for await (const _ of conversation.generate(PROMPT, {}, abort.signal)) {
            if (how === 'break') break
            if (how === 'abort') abort.abort()
            if (how === 'close') conversation.close()
          }
        } catch {
          // Rejects with the reason, as the contract suite checks.
        }
      })
    })
    await ended
    expect(server?.cut()).toBe(1)
  })
})
