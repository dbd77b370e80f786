import { afterEach, expect, it } from 'vitest'
import { configSchema } from '../config/schema.js'
import { createOpenAiLanguageModel } from '../engines/openai/index.js'
import { createScriptedEngines } from '../engines/scripted/index.js'
import { type Flavour, type OpenAiServer, startOpenAiServer } from '../testing/contract/openai-server.js'
import { createManualClock } from '../testing/manual-clock.js'
import { checkEars } from './doctor-checks.js'
import { warmUp } from './warm-up.js'

let server: OpenAiServer | undefined
afterEach(() => server?.close())

async function warmed(flavour: Flavour, deaf: boolean) {
  server = await startOpenAiServer({ flavour, ...(deaf && { ears: null }) })
  const { url } = server
  const llm = createOpenAiLanguageModel({ url, model: 'm', timeoutMs: 5_000, hears: true })
  const scripted = createScriptedEngines({ clock: createManualClock() })
  await warmUp({ ...scripted, llm }, new AbortController().signal)
}

const doctor = () =>
  checkEars(
    configSchema.parse({
      llm: { engine: 'openai', input: 'audio', url: server?.url, model: 'm' },
      sessions: {},
      vad: {},
      turnDetector: {},
      asr: {},
      tts: {},
      vision: {},
      turns: {},
    }),
  )

it('a model that takes no audio ends the start, with what its server says', async () => {
  for (const [flavour, words] of [
    ['vllm', /At most 0 audio/],
    ['llama.cpp', /audio input is not supported/],
    ['ollama', /invalid message format/],
    ['openai', /'input_audio'/],
  ] as const) {
    const failure = await warmed(flavour, true).then(
      () => '',
      (error: Error) => error.message,
    )
    expect(failure).toMatch(/^llm\.input is audio, but m at 127\.0\.0\.1:\d+ takes no input_audio: /)
    expect(failure).toMatch(words)
    expect(await doctor()).toMatchObject({ state: 'fail', detail: expect.stringMatching(words) })
    await server?.close()
  }
})

it('a model that takes audio is asked in words and in speech', async () => {
  await warmed('vllm', false)
  expect(server?.requests).toHaveLength(2)
  expect(JSON.stringify(server?.requests[1])).toContain('input_audio')
  expect(await doctor()).toMatchObject({ state: 'ok' })
})
