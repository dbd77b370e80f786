import { afterEach, expect, it } from 'vitest'
import { loadConfig } from '../config/index.js'
import { createOpenAiLanguageModel, createOpenAiRealtimeModel } from '../engines/openai/index.js'
import { createScriptedEngines } from '../engines/scripted/index.js'
import { type Flavour, type OpenAiServer, startOpenAiServer } from '../testing/contract/openai-server.js'
import { startRealtimeServer } from '../testing/contract/realtime-server.js'
import { createManualClock } from '../testing/manual-clock.js'
import { checkEars, checkRealtime } from './doctor-checks.js'
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

const configured = (values: Readonly<Record<string, unknown>>) =>
  loadConfig({ flags: { values }, env: {}, cwd: '/nowhere', home: '/nowhere' }).config
const doctor = () => checkEars(configured({ 'llm.url': server?.url, 'llm.model': 'm', 'llm.input': 'audio' }))

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

it('a speech-to-speech server speaks once before anybody listens, or says what is wrong', async () => {
  const realtime = await startRealtimeServer({ apiKey: 'right' })
  const scripted = createScriptedEngines({ clock: createManualClock() })
  const start = (apiKey: string) => {
    const model = createOpenAiRealtimeModel({ url: realtime.url, model: 'm', timeoutMs: 5_000, apiKey })
    return warmUp({ ...scripted, profiles: new Map([['a', model]]) }, new AbortController().signal)
  }
  const examined = (apiKey: string) =>
    checkRealtime(
      configured({ 'realtime.url': realtime.url, 'realtime.model': 'm', 'realtime.apiKey': apiKey }),
    )
  await start('right')
  expect(realtime.received('input_audio_buffer.commit')).toHaveLength(1)
  expect(await examined('right')).toMatchObject({ state: 'ok' })
  await expect(start('wrong')).rejects.toThrow(/realtime refused the key \(401\)/)
  expect(await examined('wrong')).toMatchObject({
    state: 'fail',
    detail: expect.not.stringContaining('wrong'),
  })
  await realtime.close()
})
