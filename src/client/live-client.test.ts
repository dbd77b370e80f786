/** The client against a WebSocket server that plays the other side: framing, ordering, ends and failures. */
import { afterEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import {
  audioOf,
  base64ToBytes,
  bytesToBase64,
  connectLive,
  type LiveClient,
  liveUrl,
  textOf,
} from './index.js'

type Answer = (message: Record<string, unknown>, socket: WebSocket) => void

const servers: WebSocketServer[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const socket of server.clients) socket.terminate()
    server.close()
  }
})

async function serve(
  answer: Answer,
): Promise<{ url: string; paths: string[]; received: Record<string, unknown>[] }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  const paths: string[] = []
  const received: Record<string, unknown>[] = []
  server.on('connection', (socket, request) => {
    paths.push(request.url ?? '')
    socket.on('message', (data) => {
      const message = JSON.parse(String(data))
      received.push(message)
      answer(message, socket)
    })
  })
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, paths, received }
}

const binary = (message: object) => Buffer.from(JSON.stringify(message))
const accept: Answer = (message, socket) => {
  if ('setup' in message) socket.send(binary({ setupComplete: { sessionId: 's1' } }))
}
const connect = (url: string): Promise<LiveClient> =>
  connectLive({ url, model: 'gemini-live-2.5-flash', apiKey: 'a key', WebSocket })

test('sets up, sends every kind of input and receives text and binary frames in order', async () => {
  const server = await serve((message, socket) => {
    accept(message, socket)
    if (!('clientContent' in message)) return
    socket.send(binary({ serverContent: { modelTurn: { parts: [{ text: 'Hi' }] } } }))
    socket.send(JSON.stringify({ serverContent: { turnComplete: true } }))
  })
  const client = await connect(server.url)
  expect(client.sessionId).toBe('s1')
  client.activityStart()
  client.sendAudio(Uint8Array.of(255, 254, 1, 0))
  client.sendAudio(Uint8Array.of(1), 48_000)
  client.activityEnd()
  client.audioStreamEnd()
  client.sendText('hello')
  const texts: string[] = []
  for await (const message of client) {
    texts.push(textOf(message))
    if ('serverContent' in message && message.serverContent.turnComplete) break
  }
  expect(texts).toEqual(['Hi', ''])
  expect(server.paths).toEqual([
    '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=a+key',
  ])
  expect(server.received).toEqual([
    { setup: { model: 'models/gemini-live-2.5-flash' } },
    { realtimeInput: { activityStart: {} } },
    { realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data: '//4BAA==' } } },
    { realtimeInput: { audio: { mimeType: 'audio/pcm;rate=48000', data: 'AQ==' } } },
    { realtimeInput: { activityEnd: {} } },
    { realtimeInput: { audioStreamEnd: true } },
    { clientContent: { turns: [{ role: 'user', parts: [{ text: 'hello' }] }], turnComplete: true } },
  ])
  expect(await client.close()).toMatchObject({ code: 1000 })
})

test('messages that come before anyone iterates are kept, and closing ends the iteration', async () => {
  const server = await serve((message, socket) => {
    accept(message, socket)
    if ('setup' in message) socket.send(binary({ goAway: { timeLeft: '5s' } }))
  })
  const client = await connect(server.url)
  const messages: object[] = []
  for await (const message of client) {
    messages.push(message)
    void client.close()
  }
  expect(messages).toEqual([{ goAway: { timeLeft: '5s' } }])
  client.sendText('dropped')
})

test('a refused setup rejects with the code and the reason', async () => {
  const server = await serve((_message, socket) => socket.close(1008, 'model "x" is not served'))
  await expect(connect(server.url)).rejects.toMatchObject({
    code: 1008,
    reason: 'model "x" is not served',
    message: 'the server closed the session: model "x" is not served (1008)',
  })
})

test('a close in mid-session is thrown to the reader, once the messages before it are read', async () => {
  const server = await serve((message, socket) => {
    accept(message, socket)
    if (!('clientContent' in message)) return
    socket.send(binary({ serverContent: {} }))
    socket.close(1011, 'no engine is back')
  })
  const client = await connect(server.url)
  client.sendText('hello')
  const read = async () => {
    let count = 0
    try {
      for await (const _ of client) count++
    } catch (error) {
      return [count, (error as Error).message]
    }
    return [count]
  }
  expect(await client.closed).toMatchObject({ code: 1011 })
  expect(await read()).toEqual([1, 'the server closed the session: no engine is back (1011)'])
})

test('no server and an aborted signal reject', async () => {
  const server = await serve(() => {})
  const controller = new AbortController()
  const pending = connectLive({ url: server.url, model: 'm', WebSocket, signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(pending).rejects.toThrow('enough')
  await expect(connect('http://127.0.0.1:1')).rejects.toThrow(
    /^no connection to ws:\/\/127\.0\.0\.1:1\/ws\/\S+: connect ECONNREFUSED 127\.0\.0\.1:1$/,
  )
})

test.each([
  ['http://h:1', 'ws://h:1/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'],
  ['https://h/p/', 'wss://h/p/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'],
  [
    'wss://h/ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent',
    'wss://h/ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent',
  ],
])('%s becomes %s', (url, expected) => {
  expect(liveUrl(url)).toBe(expected)
})

test('other schemes are refused', () => {
  expect(() => liveUrl('ftp://h')).toThrow('url must start with http://')
})

test('audio comes with its rate, and base64 survives every byte and length', () => {
  const part = (mimeType: string) => ({
    serverContent: { modelTurn: { role: 'model', parts: [{ inlineData: { mimeType, data: 'AQA=' } }] } },
  })
  const read = (mimeType: string) => audioOf(part(mimeType) as unknown as Parameters<typeof audioOf>[0])
  expect(read('audio/pcm;rate=16000')).toEqual({ pcm16: Uint8Array.of(1, 0), sampleRateHz: 16_000 })
  expect(read('audio/pcm')?.sampleRateHz).toBe(24_000)
  expect(read('image/png')).toBeUndefined()
  for (const length of [0, 1, 2, 3, 20_000]) {
    const bytes = Uint8Array.from({ length }, (_, index) => index * 7)
    expect(base64ToBytes(bytesToBase64(bytes))).toEqual(bytes)
  }
})
