import { afterEach, describe, expect, it } from 'vitest'
import { floatToPcm16, writeWav } from '../../audio/index.js'
import { testSynthesizer } from '../../testing/contract/index.js'
import {
  type Flavour,
  type OpenAiServer,
  type Respond,
  sendError,
  startOpenAiServer,
} from '../../testing/contract/openai-server.js'
import { createOpenAiSynthesizer, type OpenAiSynthesizerOptions } from './index.js'

const TIMEOUT_MS = 5_000

async function served(options: Parameters<typeof startOpenAiServer>[0]) {
  const server = await startOpenAiServer(options)
  const synthesizer = createOpenAiSynthesizer({ url: server.url, model: 'voice', timeoutMs: TIMEOUT_MS })
  return Object.assign(synthesizer, { close: () => server.close() })
}

for (const flavour of ['vllm', 'llama.cpp'] satisfies Flavour[]) {
  testSynthesizer(`openai engine, ${flavour} server`, () => served({ flavour }), {
    otherLanguage: { language: 'es', text: 'Buenos días, ¿qué tal?' },
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

async function speak(
  respond: Respond | undefined,
  options: Partial<OpenAiSynthesizerOptions> = {},
  name?: string,
): Promise<Float32Array> {
  server = await startOpenAiServer(respond ? { respond } : {})
  const synthesizer = createOpenAiSynthesizer({
    url: server.url,
    model: 'voice',
    timeoutMs: 1_000,
    ...options,
  })
  const audio: number[] = []
  const voice = name === undefined ? {} : { name }
  for await (const piece of synthesizer.speak('Hello.', voice, new AbortController().signal))
    audio.push(...piece)
  return Float32Array.from(audio)
}

const tone = (seconds: number, rateHz: number) =>
  Float32Array.from(
    { length: seconds * rateHz },
    (_, index) => 0.5 * Math.sin((2 * Math.PI * 300 * index) / rateHz),
  )

describe('the voice', () => {
  const voices = { Aoede: 'nova' }
  it.each([
    [undefined, {}, 'alloy'],
    ['Puck', {}, 'alloy'],
    ['Puck', { voice: 'echo' }, 'echo'],
    ['Aoede', { voices }, 'nova'],
    ['Puck', { voices, passVoiceNames: true }, 'Puck'],
    ['Aoede', { voices, passVoiceNames: true }, 'nova'],
  ])('for %s with %o is %s', async (name, options, expected) => {
    await speak(undefined, options, name)
    expect(server!.requests[0]).toMatchObject({
      voice: expected,
      model: 'voice',
      input: 'Hello.',
      response_format: 'pcm',
    })
  })
})

describe('the audio', () => {
  it('is raw PCM, cut at odd bytes, edges trimmed, a pause after it', async () => {
    const audio = await speak((_body, response) => {
      const silence = new Float32Array(12_000)
      const bytes = Buffer.concat([silence, tone(1, 24_000), silence].map((samples) => floatToPcm16(samples)))
      response.setHeader('content-type', 'application/octet-stream')
      response.write(bytes.subarray(0, 24_001))
      setImmediate(() => response.end(bytes.subarray(24_001)))
    })
    expect(audio.length / 24_000).toBeCloseTo(0.015 + 1 + 0.25, 2)
  })

  it.each([8_000, 22_050, 24_000, 48_000])(
    'is WAV at %i Hz, resampled, although PCM was asked for',
    async (rateHz) => {
      const audio = await speak((_body, response) =>
        response.end(Buffer.from(writeWav(tone(0.5, rateHz), rateHz))),
      )
      expect(audio.length / 24_000).toBeCloseTo(0.5 + 0.25, 2)
    },
  )

  it('is raw PCM of a rate that the type of the content states', async () => {
    const audio = await speak((_body, response) => {
      response.setHeader('content-type', 'audio/pcm;rate=16000')
      response.end(Buffer.from(floatToPcm16(tone(0.5, 16_000))))
    })
    expect(audio.length / 24_000).toBeCloseTo(0.5 + 0.25, 2)
  })

  it('is nothing where the server sends nothing or silence', async () => {
    expect((await speak((_body, response) => response.end())).length).toBe(0)
    await server?.close()
    expect((await speak((_body, response) => response.end(Buffer.alloc(9_600)))).length).toBe(0)
  })

  it.each([
    ['MP3', Buffer.from('ID3\u0004 not really audio'), /sent MP3 instead/],
    ['a broken WAV', Buffer.from('RIFF....WAVEnothing'), /broken WAV|WAV file/],
  ])('can not be had from %s', async (_what, bytes, message) => {
    await expect(speak((_body, response) => response.end(bytes))).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringMatching(message),
    })
  })

  it('fails when it is cut or stalls, after what came before', async () => {
    const cut: Respond = (_body, response) => {
      response.writeHead(200, { 'content-type': 'audio/pcm', 'content-length': 96_000 })
      response.write(Buffer.from(floatToPcm16(tone(0.5, 24_000))))
      setTimeout(() => response.destroy(), 5)
    }
    await expect(speak(cut)).rejects.toMatchObject({ code: 'engine-lost' })
    await server?.close()
    await expect(speak(() => undefined, { timeoutMs: 30 })).rejects.toMatchObject({ code: 'engine-timeout' })
  })
})
