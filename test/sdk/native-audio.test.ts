/**
 * Models that hear: a Live client speaks through the gateway to a server that takes input_audio. The test's server is held to OpenAI's
 * published SDKs: its JavaScript client reads what it answers, and what it is sent fits the types of the Python one.
 */
import OpenAI from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { readWav, writeWav } from '../../src/audio/index.js'
import { createOpenAiLanguageModel } from '../../src/engines/openai/index.js'
import { type OpenAiServer, startOpenAiServer } from '../../src/testing/contract/openai-server.js'
import { type ScriptedServer, startScriptedServer } from '../../src/testing/scripted-server.js'
import { callLive, type LiveCaller, soundingSeconds } from './live-caller.js'
import { misfits } from './openai-types.js'
import { createTimer, TIMER_ARGUMENTS, timerEars } from './timer-call.js'

let ears: OpenAiServer | undefined
let server: ScriptedServer | undefined
let caller: LiveCaller | undefined
afterEach(async () => {
  await caller?.close()
  await server?.close()
  await ears?.close()
})

const serve = () => startOpenAiServer({ flavour: 'openai', ears: timerEars })

describe('an endpoint that takes input_audio', () => {
  it('answers OpenAI’s own client', async () => {
    ears = await serve()
    const client = new OpenAI({ baseURL: ears.url, apiKey: 'any-key' })
    const data = Buffer.from(writeWav(new Float32Array(12_000), 16_000)).toString('base64')
    const stream = await client.chat.completions.create({
      model: 'ears',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data, format: 'wav' } }] }],
    })
    let said = ''
    let finish: string | null | undefined
    for await (const { choices } of stream) {
      said += choices[0]?.delta.content ?? ''
      finish ??= choices[0]?.finish_reason
    }
    expect(said).toContain('speech of 750 ms')
    expect(finish).toBe('stop')
  })

  it('serves a Live session: answers, a function call and an interruption', async () => {
    ears = await serve()
    const model = createOpenAiLanguageModel({ url: ears.url, model: 'ears', timeoutMs: 10_000, hears: true })
    server = await startScriptedServer({ change: (engines) => ({ ...engines, llm: model }) })
    const timer = createTimer()
    caller = await callLive(server.http, timer)

    await caller.speak(1_200)
    await caller.until('turnComplete')
    const question = ears.requests.at(-1)!
    const [asked] = lastContent(question)
    expect(asked?.type).toBe('input_audio')
    const { samples, sampleRateHz } = readWav(Buffer.from(asked!.input_audio!.data, 'base64'))
    expect(sampleRateHz).toBe(16_000)
    expect(soundingSeconds(samples, sampleRateHz)).toBeCloseTo(1.2, 1)
    // The words were recognised for the client; the model got the sound alone.
    expect(caller.told[0]).toMatch(/^heard speech of 1\d00 ms$/)
    expect(lastContent(question)).toHaveLength(1)
    expect(caller.words()).toMatch(/^You said “speech of \d+ ms”/)
    expect(caller.told.join('')).not.toContain('interrupted')

    await caller.speak(2_400)
    await caller.until('turnComplete', 2)
    expect(timer.set).toEqual([TIMER_ARGUMENTS])
    expect(caller.told).toContain(timerEars(2_400))
    expect(caller.words()).toContain('You said “the result”')

    await caller.speak(1_000)
    await caller.until('said', caller.told.filter((word) => word.startsWith('said')).length + 1)
    await caller.speak(1_400)
    await caller.until('interrupted')
    await caller.until('turnComplete', 4)
    // What had been heard of the answer stays; the new question is sound, and so are those before it.
    const contents = (ears.requests.at(-1)!.messages as ChatMessage[]).filter(({ role }) => role === 'user')
    expect(contents.map(({ content }) => content[0]?.type)).toEqual(Array(4).fill('input_audio'))
    expect(soundingSeconds(caller.audio())).toBeGreaterThan(3)

    expect(misfits('chat', ears.requests)).toEqual([])
  })
})

interface ChatMessage {
  readonly role: string
  readonly content: readonly { type: string; input_audio?: { data: string } }[]
}

function lastContent(request: Record<string, unknown>): ChatMessage['content'] {
  return (request.messages as ChatMessage[]).findLast(({ role }) => role === 'user')!.content
}
