/**
 * Every kind of bad input, in one table: each gets its close code and a reason that fits a close frame and names
 * the field and the cure, while a healthy session beside it goes on.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { connectRaw, LIVE_PATH, type RawClient, SETUP, startEchoGateway } from '../testing/echo-gateway.js'
import type { Gateway } from './index.js'

interface BadInput {
  readonly name: string
  /** Sent in order: objects as JSON, strings and bytes as they are. */
  readonly send: readonly unknown[]
  readonly code: number
  readonly names: string | RegExp
  readonly cure: RegExp
}

const setup = (fields: object) => ({ setup: { model: 'models/gemini-live-2.5-flash', ...fields } })
const generation = (generationConfig: object) => setup({ generationConfig })
const detection = (automaticActivityDetection: object) =>
  setup({ realtimeInputConfig: { automaticActivityDetection } })
const audio = (blob: unknown) => ({ realtimeInput: { audio: blob } })
const pcm = (mimeType: string) => audio({ mimeType, data: 'AAAA' })
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

/** After a good setup. */
// biome-ignore format: one case per line
const session: readonly BadInput[] = [
  { name: 'a second setup', send: [SETUP], code: 1007, names: 'setup', cure: /another connection/ },
  { name: 'not JSON', send: ['hello'], code: 1007, names: 'JSON', cure: /send one JSON object/ },
  { name: 'half a message', send: ['{"realtimeInput":{'], code: 1007, names: 'JSON', cure: /send one JSON/ },
  { name: 'an empty frame', send: [''], code: 1007, names: 'JSON', cure: /send one JSON object/ },
  { name: 'bytes that are not UTF-8', send: [Buffer.from([0xc3, 0x28])], code: 1007, names: 'UTF-8', cure: /send one JSON/ },
  { name: 'a list', send: ['[]'], code: 1007, names: 'JSON object', cure: /one of setup, clientContent/ },
  { name: 'a string', send: ['"setup"'], code: 1007, names: 'JSON object', cure: /one of setup, clientContent/ },
  { name: 'null', send: ['null'], code: 1007, names: 'JSON object', cure: /one of setup, clientContent/ },
  { name: 'an empty object', send: [{}], code: 1007, names: 'nothing', cure: /send one of setup, clientContent/ },
  { name: 'an unknown member only', send: [{ [`audio${'o'.repeat(200)}`]: {} }], code: 1007, names: '"audioo', cure: /send one of setup/ },
  { name: 'two members', send: [{ clientContent: {}, realtimeInput: {} }], code: 1007, names: /clientContent and realtimeInput/, cure: /one by one/ },
  { name: 'two members, one in snake case', send: [{ client_content: {}, realtimeInput: {} }], code: 1007, names: /clientContent and realtimeInput/, cure: /one by one/ },
  { name: 'one member in both spellings', send: [{ clientContent: {}, client_content: {} }], code: 1007, names: '"clientContent"', cure: /send it once/ },
  { name: 'nesting without end', send: [nested(5_000)], code: 1007, names: 'nested', cure: /flatter/ },
  { name: 'millions of values', send: [`{"clientContent":{"turns":[${'5,'.repeat(4_000_000)}5]}}`], code: 1007, names: 'more than 20000 values', cure: /several parts/ },
  { name: 'a list as clientContent', send: [{ clientContent: [] }], code: 1007, names: 'clientContent', cure: /must be an object/ },
  { name: 'a number as turns', send: [{ clientContent: { turns: 5 } }], code: 1007, names: 'clientContent.turns[0]', cure: /must be an object/ },
  { name: 'a number as text', send: [{ clientContent: { turns: [{ parts: [{ text: 1 }] }] } }], code: 1007, names: 'clientContent.turns[0].parts[0].text', cure: /must be a string/ },
  { name: 'an unknown role', send: [{ clientContent: { turns: [{ role: 'robot', parts: [{ text: 'x' }] }] } }], code: 1007, names: 'clientContent.turns[0].role', cure: /must be user, model or system/ },
  { name: 'turnComplete as text', send: [{ clientContent: { turnComplete: 'yes' } }], code: 1007, names: 'clientContent.turnComplete', cure: /must be true or false/ },
  { name: 'a built-in tool later', send: [{ contextUpdate: { tools: { tools: [{ url_context: {} }] } } }], code: 1008, names: 'contextUpdate.tools.tools.urlContext', cure: /function of your own/ },
  { name: 'a malformed tool response', send: [{ toolResponse: { functionResponses: 'f' } }], code: 1007, names: 'toolResponse.functionResponses[0]', cure: /must be an object/ },
  { name: 'audio that is text', send: [audio('AAAA')], code: 1007, names: 'realtimeInput.audio', cure: /must be an object/ },
  { name: 'audio without data', send: [audio({ mimeType: 'audio/pcm' })], code: 1007, names: 'realtimeInput.audio.data', cure: /must be base64/ },
  { name: 'broken base64', send: [audio({ mimeType: 'audio/pcm', data: 'AA*A' })], code: 1007, names: 'realtimeInput.audio.data', cure: /encode the raw PCM/ },
  { name: 'base64 of an impossible length', send: [audio({ mimeType: 'audio/pcm', data: 'AAAAA' })], code: 1007, names: 'realtimeInput.audio.data', cure: /encode the raw PCM/ },
  { name: 'MP3 audio', send: [pcm('audio/mpeg')], code: 1007, names: 'realtimeInput.audio.mimeType', cure: /audio\/pcm;rate=16000/ },
  { name: 'a WAV file', send: [pcm('audio/wav')], code: 1007, names: 'realtimeInput.audio.mimeType', cure: /16-bit mono PCM/ },
  { name: 'stereo', send: [pcm('audio/pcm;rate=16000;channels=2')], code: 1007, names: 'realtimeInput.audio.mimeType', cure: /mono/ },
  ...['0', '-16000', '192001', '1e9', 'NaN', 'Infinity', '-Infinity', 'high', ''].map((rate) => ({ name: `a sample rate of "${rate}"`, send: [pcm(`audio/pcm;rate=${rate}`)], code: 1007, names: 'realtimeInput.audio.mimeType', cure: /rate from 1000 to 192000/ })),
  { name: 'broken base64 in the second media chunk', send: [{ realtime_input: { media_chunks: [{ mime_type: 'audio/pcm', data: 'AAAA' }, { mime_type: 'audio/pcm', data: 'A' }] } }], code: 1007, names: 'realtimeInput.mediaChunks[1].data', cure: /encode the raw PCM/ },
  { name: 'a video', send: [{ realtimeInput: { video: { mimeType: 'video/mp4', data: 'AAAA' } } }], code: 1007, names: 'realtimeInput.video.mimeType', cure: /image\/jpeg/ },
  { name: 'a number as realtime text', send: [{ realtimeInput: { text: 7 } }], code: 1007, names: 'realtimeInput.text', cure: /must be a string/ },
  { name: 'a number as activityStart', send: [{ realtimeInput: { activityStart: 1 } }], code: 1007, names: 'realtimeInput.activityStart', cure: /must be \{\}/ },
  { name: 'a word as audioStreamEnd', send: [{ realtimeInput: { audioStreamEnd: 'now' } }], code: 1007, names: 'realtimeInput.audioStreamEnd', cure: /must be true or false/ },
  { name: 'a message of 50 MB', send: [`"${'A'.repeat(50_000_000)}"`], code: 1009, names: 'larger than 16 MiB', cure: /smaller chunks/ },
]

/** As the first message. */
// biome-ignore format: one case per line
const first: readonly BadInput[] = [
  { name: 'content before setup', send: [{ clientContent: {} }], code: 1007, names: 'clientContent', cure: /send \{"setup"/ },
  { name: 'audio before setup', send: [pcm('audio/pcm')], code: 1007, names: 'realtimeInput', cure: /send \{"setup"/ },
  { name: 'NaN', send: ['{"setup":{"model":"models/x","generationConfig":{"temperature":NaN}}}'], code: 1007, names: 'NaN', cure: /send a finite number/ },
  { name: 'Infinity', send: ['{"setup":{"generationConfig":{"topK":-Infinity}}}'], code: 1007, names: '-Infinity', cure: /send a finite number/ },
  { name: 'setup and content at once', send: [{ ...SETUP, clientContent: {} }], code: 1007, names: /setup and clientContent/, cure: /one by one/ },
  { name: 'setup as text', send: [{ setup: 'hi' }], code: 1007, names: 'setup', cure: /must be an object/ },
  { name: 'no model', send: [{ setup: {} }], code: 1007, names: 'setup.model', cure: /name a model/ },
  { name: 'a number as model', send: [{ setup: { model: 5 } }], code: 1007, names: 'setup.model', cure: /must be a string: name a model/ },
  { name: 'an unknown model', send: [{ setup: { model: 'models/gpt-5' } }], code: 1008, names: 'setup.model "gpt-5"', cure: /use gemini-live-2.5-flash/ },
  { name: 'an unknown model with a long name', send: [{ setup: { model: `models/${'ü'.repeat(500)}` } }], code: 1008, names: 'setup.model "ü', cure: /use gemini-live-2.5-flash/ },
  { name: 'both modalities', send: [generation({ responseModalities: ['AUDIO', 'TEXT'] })], code: 1007, names: 'setup.generationConfig.responseModalities', cure: /choose one/ },
  { name: 'an unknown modality', send: [generation({ responseModalities: ['VIDEO'] })], code: 1007, names: 'setup.generationConfig.responseModalities[0]', cure: /must be AUDIO or TEXT/ },
  { name: 'a list as generationConfig', send: [setup({ generationConfig: [] })], code: 1007, names: 'setup.generationConfig', cure: /must be an object/ },
  { name: 'a word as temperature', send: [generation({ temperature: 'hot' })], code: 1007, names: 'setup.generationConfig.temperature', cure: /a number from 0 to 2/ },
  { name: '"NaN" as temperature', send: [generation({ temperature: 'NaN' })], code: 1007, names: 'setup.generationConfig.temperature', cure: /a number from 0 to 2/ },
  { name: 'an endless temperature', send: ['{"setup":{"model":"models/x","generationConfig":{"temperature":1e999}}}'], code: 1007, names: 'setup.generationConfig.temperature', cure: /a number from 0 to 2/ },
  { name: 'a negative temperature', send: [generation({ temperature: -0.1 })], code: 1007, names: 'setup.generationConfig.temperature', cure: /a number from 0 to 2/ },
  { name: 'a negative topP', send: [generation({ top_p: -1 })], code: 1007, names: 'setup.generationConfig.topP', cure: /from 0 to 1/ },
  { name: 'half a topK', send: [generation({ topK: 2.5 })], code: 1007, names: 'setup.generationConfig.topK', cure: /a whole number/ },
  { name: 'a negative maxOutputTokens', send: [generation({ maxOutputTokens: -5 })], code: 1007, names: 'setup.generationConfig.maxOutputTokens', cure: /a whole number from 0/ },
  { name: 'a seed beyond 32 bits', send: [generation({ seed: 2 ** 40 })], code: 1007, names: 'setup.generationConfig.seed', cure: /a whole number from/ },
  { name: 'a penalty of 3', send: [generation({ presencePenalty: 3 })], code: 1007, names: 'setup.generationConfig.presencePenalty', cure: /from -2 to 2/ },
  { name: 'a number as voice', send: [generation({ speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 1 } } } })], code: 1007, names: 'prebuiltVoiceConfig.voiceName', cure: /must be a string/ },
  { name: 'negative silence', send: [detection({ silenceDurationMs: -1 })], code: 1007, names: 'setup.realtimeInputConfig.automaticActivityDetection.silenceDurationMs', cure: /a whole number from 0/ },
  { name: 'an unknown sensitivity', send: [detection({ startOfSpeechSensitivity: 'MAX' })], code: 1007, names: 'automaticActivityDetection.startOfSpeechSensitivity', cure: /START_SENSITIVITY_HIGH or/ },
  { name: 'an unknown activityHandling', send: [setup({ realtimeInputConfig: { activityHandling: 'X' } })], code: 1007, names: 'setup.realtimeInputConfig.activityHandling', cure: /NO_INTERRUPTION/ },
  { name: 'an unknown turnCoverage', send: [setup({ realtimeInputConfig: { turnCoverage: 'X' } })], code: 1007, names: 'setup.realtimeInputConfig.turnCoverage', cure: /must be TURN_INCLUDES_ONLY_ACTIVITY/ },
  { name: 'true as inputAudioTranscription', send: [setup({ inputAudioTranscription: true })], code: 1007, names: 'setup.inputAudioTranscription', cure: /must be an object/ },
  { name: 'a picture as systemInstruction', send: [setup({ systemInstruction: { parts: [{ fileData: {} }] } })], code: 1008, names: 'setup.systemInstruction.parts[0].fileData', cure: /send text parts/ },
  { name: 'a built-in tool', send: [setup({ tools: [{ google_search: {} }] })], code: 1008, names: 'setup.tools.googleSearch', cure: /function of your own/ },

  { name: 'an avatar', send: [setup({ avatarConfig: { avatarName: 'Ada' } })], code: 1008, names: 'setup.avatarConfig', cure: /remove it/ },
  { name: 'a replicated voice', send: [generation({ speechConfig: { voiceConfig: { replicatedVoiceConfig: { mimeType: 'audio/wav' } } } })], code: 1008, names: 'replicatedVoiceConfig', cure: /use prebuiltVoiceConfig/ },
]

describe('[MSG-10] bad input', () => {
  let gateway: Gateway
  let healthy: RawClient
  let url: string
  let answers = 0

  beforeAll(async () => {
    gateway = await startEchoGateway()
    url = `ws://127.0.0.1:${gateway.port}${LIVE_PATH}`
    healthy = await connectRaw(url)
    healthy.send(SETUP)
    await healthy.message(answers++)
  })
  afterAll(() => gateway.close())

  async function check(client: RawClient, { code, names, cure }: BadInput): Promise<void> {
    const { code: found, reason } = await client.closed
    expect({ code: found, reason }).toEqual({ code, reason: expect.stringMatching(cure) })
    expect(reason).toMatch(names instanceof RegExp ? names : literal(names))
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123)
    expect(reason).not.toMatch(/…$/)
    healthy.send({ realtimeInput: { text: 'still there?' } })
    expect(await healthy.message(answers++)).toEqual({
      serverContent: { modelTurn: { role: 'model', parts: [{ text: 'still there?' }] } },
    })
  }

  it.each(session)('in a session: $name', async (input) => {
    const client = await connectRaw(url)
    client.send(SETUP)
    await client.message(0)
    for (const message of input.send) client.send(message)
    await check(client, input)
  })

  it.each(first)('as first message: $name', async (input) => {
    const client = await connectRaw(url)
    for (const message of input.send) client.send(message)
    await check(client, input)
    expect(client.received).toEqual([])
  })

  it('[CON-11] a flood of tiny messages', async () => {
    const client = await connectRaw(url)
    client.send(SETUP)
    await client.message(0)
    for (let count = 0; count < 60_000; count++) client.socket.send('{"realtimeInput":{}}', () => {})
    await check(client, {
      name: '',
      send: [],
      code: 1008,
      names: 'messages',
      cure: /chunks of 20 ms or longer/,
    })
  })

  it('a flood of pings', async () => {
    const client = await connectRaw(url)
    for (let count = 0; count < 60_000; count++) client.socket.ping('', true, () => {})
    await check(client, {
      name: '',
      send: [],
      code: 1008,
      names: 'messages',
      cure: /chunks of 20 ms or longer/,
    })
  })

  it('[CON-10] a defect in a session ends that session only', async () => {
    const client = await connectRaw(url)
    client.send(SETUP)
    client.send({ realtimeInput: { text: 'boom' } })
    await check(client, {
      name: '',
      send: [],
      code: 1011,
      names: 'Internal error',
      cure: /logged by the server as/,
    })
  })
})

function literal(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
}
