/**
 * A speech-to-speech server behind a profile: a Live client speaks through the gateway to a server of the OpenAI Realtime protocol. The test's
 * server is held to OpenAI's published SDKs: both of their realtime clients talk to it, and all that goes over the wire fits their types.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import OpenAI from 'openai'
import { OpenAIRealtimeWS } from 'openai/realtime/ws'
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import { describe, expect, it } from 'vitest'
import { createOpenAiRealtimeModel } from '../../src/engines/openai/index.js'
import { createAuthority, issueCertificate } from '../../src/gateway/tls/authority.js'
import { startRealtimeServer } from '../../src/testing/contract/realtime-server.js'
import { startScriptedServer } from '../../src/testing/scripted-server.js'
import { callLive, soundingSeconds } from './live-caller.js'
import { misfits, openAiPython } from './openai-types.js'
import { PATIENCE_MS, ROOT } from './server.js'
import { createTimer, TIMER_ARGUMENTS, timerEars } from './timer-call.js'

const PROFILE = 'gemini-live-2.5-flash-preview-native-audio'

describe.concurrent('the Realtime server of the tests', () => {
  it('is spoken to by OpenAI’s JavaScript client', async ({ onTestFinished }) => {
    const authority = await createAuthority(['127.0.0.1'], Date.now())
    const { certificatePem, keyPem } = await issueCertificate(authority, ['127.0.0.1'], Date.now())
    const tls = { cert: certificatePem, key: keyPem }
    const speaker = await startRealtimeServer({ tls, apiKey: 'a-key' })
    onTestFinished(() => speaker.close())
    const client = new OpenAI({ apiKey: 'a-key', baseURL: speaker.url })
    const connection = new OpenAIRealtimeWS(
      { model: 'duplex', options: { ca: authority.certificatePem } },
      client,
    )
    const events: RealtimeServerEvent[] = []
    const ended = new Promise<void>((resolve, reject) => {
      connection.on('error', reject)
      connection.on('event', (event) => {
        events.push(event)
        if (event.type === 'response.done') resolve()
      })
    })
    connection.socket.on('open', () => {
      connection.send({ type: 'session.update', session: { type: 'realtime', output_modalities: ['audio'] } })
      connection.send({ type: 'input_audio_buffer.append', audio: Buffer.alloc(24_000).toString('base64') })
      connection.send({ type: 'input_audio_buffer.commit' })
      connection.send({ type: 'response.create' })
    })
    await ended
    connection.close()
    const said = events.flatMap((event) =>
      event.type === 'response.output_audio_transcript.done' ? [event.transcript] : [],
    )
    expect(said[0]).toMatch(/^You said “speech of 500 ms”/)
    expect(misfits('realtime', speaker.wire)).toEqual([])
  })

  it.skipIf(openAiPython === undefined)(
    'is spoken to by OpenAI’s Python client',
    async ({ onTestFinished }) => {
      const speaker = await startRealtimeServer()
      onTestFinished(() => speaker.close())
      const program = join(ROOT, 'test/sdk/python/openai_realtime.py')
      const { stdout } = await promisify(execFile)(openAiPython!, [program, speaker.url], {
        timeout: PATIENCE_MS,
      })
      expect(JSON.parse(stdout)).toMatchObject({
        session: 'realtime',
        status: 'completed',
        text: expect.stringMatching(/^You said “speech of 500 ms”.*You said “the result”/),
        audioBytes: (11 + 9) * 12_000,
        cutAt: 500,
        call: ['stop', '{}', expect.stringMatching(/^call_/)],
        error: 'response_cancel_not_active',
      })
      expect(misfits('realtime', speaker.wire)).toEqual([])
    },
  )
})

// Concurrent: most of the time somebody is speaking.
describe.concurrent.each(['released', 'preview'] as const)(
  'a speech-to-speech server behind a profile, %s protocol',
  (dialect) => {
    it('serves a Live session: its own voice, a function call and an interruption', async ({
      onTestFinished,
    }) => {
      // Faster than it is heard, as such servers are.
      const speaker = await startRealtimeServer({ dialect, ears: timerEars, wordMs: 60 })
      onTestFinished(() => speaker.close())
      const model = createOpenAiRealtimeModel({ url: speaker.url, model: 'duplex', timeoutMs: 10_000 })
      const server = await startScriptedServer({
        change: (engines) => ({ ...engines, profiles: new Map([[PROFILE, model]]) }),
      })
      onTestFinished(() => server.close())
      const timer = createTimer()
      const caller = await callLive(server.http, { model: PROFILE, ...timer })
      onTestFinished(() => caller.close())

      await caller.speak(1_200)
      await caller.until('turnComplete')
      expect(caller.told[0]).toMatch(/^heard speech of 1\d00 ms$/)
      expect(caller.words()).toMatch(/^You said “speech of 1\d+ ms”.*🎉👩‍🚀$/)
      // Eleven words in its voice, 200 ms of sound each, and nothing else.
      expect(soundingSeconds(caller.audio())).toBeCloseTo(2.2, 1)
      expect(speaker.conversation()).toEqual([
        expect.stringMatching(/^user speech of 1\d+ ms$/),
        `assistant ${caller.words()}`,
      ])

      await caller.speak(2_400)
      await caller.until('turnComplete', 2)
      expect(timer.set).toEqual([TIMER_ARGUMENTS])
      expect(caller.words()).toContain('You said “the result”')
      expect(speaker.conversation().slice(2, 5)).toEqual([
        `user ${timerEars(2_400)}`,
        timerEars(2_400),
        expect.stringMatching(/^result .*It runs\./),
      ])

      const before = caller.words().length
      await caller.speak(1_000)
      await caller.until('said', caller.told.filter((word) => word.startsWith('said')).length + 1)
      await caller.speak(1_300)
      await caller.until('interrupted')
      await caller.until('turnComplete', 4)
      const [cut] = speaker.received('conversation.item.truncate')
      const heardMs = Number(cut?.audio_end_ms)
      expect(heardMs).toBeGreaterThan(0)
      expect(heardMs).toBeLessThan(11 * 250)
      // It holds the part of its answer that was heard, then the new question with its first words, and the answer to it.
      const held = speaker.conversation()
      const broken = held.at(-3)!.replace('assistant ', '')
      expect(caller.words().slice(before)).toContain(broken)
      expect(broken.split(' ').length).toBe(Math.ceil(heardMs / 250))
      expect(held.at(-2)).toMatch(/^user speech of 1\d+ ms$/)
      expect(held.at(-1)).toMatch(/^assistant You said “speech of 1\d+ ms”.*🎉👩‍🚀$/)

      const errors = speaker.wire.filter(({ event }) => event.type === 'error')
      expect(errors.map(({ event }) => event)).toEqual([])
      expect(speaker.connections).toBe(1)
      if (dialect === 'released') expect(misfits('realtime', speaker.wire)).toEqual([])

      // Other profiles have the engines that they had.
      const other = await callLive(server.http)
      await other.speak(1_000)
      await other.until('turnComplete')
      await other.close()
      expect(other.words()).toMatch(/^speech of 1\d00 ms$/)
      expect(speaker.connections).toBe(1)
    })
  },
)
