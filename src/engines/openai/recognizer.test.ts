import { afterEach, describe, expect, it } from 'vitest'
import { readWav } from '../../audio/index.js'
import { testRecognizer } from '../../testing/contract/index.js'
import {
  type Flavour,
  type OpenAiServer,
  type Respond,
  sendError,
  startOpenAiServer,
} from '../../testing/contract/openai-server.js'
import { createOpenAiRecognizer } from './index.js'

const SPEECH = Float32Array.from({ length: 24_000 }, (_, index) => 0.3 * Math.sin(index / 9))
const TIMEOUT_MS = 5_000

async function served(options: Parameters<typeof startOpenAiServer>[0]) {
  const server = await startOpenAiServer(options)
  const recognizer = createOpenAiRecognizer({ url: server.url, model: 'whisper', timeoutMs: TIMEOUT_MS })
  return Object.assign(recognizer, { close: () => server.close() })
}

for (const flavour of ['vllm', 'openai', 'ollama'] satisfies Flavour[]) {
  testRecognizer(`openai engine, ${flavour} server`, () => served({ flavour }), {
    speech: SPEECH,
    expected: /^Speech of 1\.5\d* s\.$/,
    broken: [
      { what: 'wrong key', make: () => served({ flavour, apiKey: 'secret' }), code: 'engine-refused' },
      {
        what: 'failing',
        make: () => served({ respond: (_b, r) => sendError(r, 500, 'no') }),
        code: 'engine-failed',
      },
    ],
  })
}

let server: OpenAiServer | undefined
afterEach(() => server?.close())

async function recognition(respond?: Respond, language?: string) {
  server = await startOpenAiServer(respond ? { respond } : {})
  const recognizer = createOpenAiRecognizer({ url: server.url, model: 'whisper', timeoutMs: 1_000 })
  const { signal } = new AbortController()
  const opened = recognizer.open(language === undefined ? { signal } : { signal, language })
  opened.push(SPEECH)
  return opened
}

describe('the request', () => {
  it('holds the whole clip as WAV, the model and the language', async () => {
    await (await recognition(undefined, 'es-MX')).settle()
    const { file, ...fields } = server!.requests[0]!
    expect(fields).toEqual({
      model: 'whisper',
      response_format: 'verbose_json',
      temperature: '0',
      language: 'es',
    })
    const wav = readWav(file as Uint8Array)
    expect(wav.sampleRateHz).toBe(16_000)
    expect(wav.samples.length).toBe(SPEECH.length)
    expect(wav.samples[100]).toBeCloseTo(SPEECH[100]!, 3)
  })

  it('is not made twice for the same audio, nor for less than 0.1 s', async () => {
    const opened = await recognition()
    await opened.settle()
    await opened.settle()
    expect(server!.requests.length).toBe(1)
    const short = createOpenAiRecognizer({ url: server!.url, model: 'whisper', timeoutMs: 1_000 }).open({
      signal: new AbortController().signal,
    })
    short.push(SPEECH.subarray(0, 1_500))
    expect(await short.settle()).toEqual({ text: '', language: 'und' })
    expect(server!.requests.length).toBe(1)
  })

  it('is made again after a failure', async () => {
    let failures = 1
    const opened = await recognition((_body, response) => {
      if (failures-- > 0) return sendError(response, 503, 'loading')
      response.setHeader('content-type', 'application/json')
      response.end('{"text":"hello"}')
    })
    await expect(opened.settle()).rejects.toMatchObject({ code: 'engine-lost' })
    expect((await opened.settle()).text).toBe('hello')
  })
})

describe('the transcript', () => {
  const replying =
    (reply: unknown): Respond =>
    (_body, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(reply))
    }

  it.each([
    ['spanish', 'es'],
    ['German', 'de'],
    ['pt-BR', 'pt'],
    ['en', 'en'],
    ['Klingonese', 'und'],
    [undefined, 'und'],
  ])('of language %s is %s', async (language, expected) => {
    const opened = await recognition(replying({ text: 'x', language }))
    expect(await opened.settle()).toEqual({ text: 'x', language: expected })
  })

  it('has the log-probability of its segments, weighted by their length', async () => {
    const segments = [
      { start: 0, end: 3, avg_logprob: -0.1 },
      { start: 3, end: 4, avg_logprob: -0.5 },
    ]
    const { averageLogProbability } = await (await recognition(replying({ text: 'x', segments }))).settle()
    expect(averageLogProbability).toBeCloseTo(-0.2, 6)
  })

  it.each([['{}'], ['<html>'], ['{"text":7}'], ['']])('can not be had from %j', async (body) => {
    const opened = await recognition((_request, response) => response.end(body))
    await expect(opened.settle()).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining('did not answer like a transcriptions API'),
    })
  })
})
