/** A session over several connections, against a server that drops them, forgets them, and asks to leave. */
import { afterEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { type ConnectionEvent, connectResuming, type LiveClient, type ResumingOptions } from './index.js'

type Message = Record<string, unknown>
/** What the server does with a message on the connection of this number, from 0. */
type Answer = (message: Message, socket: WebSocket, connection: number) => void

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

async function serve(answer: Answer) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const received: Message[][] = []
  server.on('connection', (socket) => {
    const connection = received.push([]) - 1
    socket.on('message', (data) => {
      const message = JSON.parse(String(data))
      received[connection]!.push(message)
      answer(message, socket, connection)
    })
  })
  cleanups.push(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, received }
}

const send = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message))
const accept = (socket: WebSocket, newHandle: string) => {
  send(socket, { setupComplete: {} })
  send(socket, { sessionResumptionUpdate: { newHandle, resumable: true } })
}

async function connect(url: string, options: Partial<ResumingOptions> = {}) {
  const events: ConnectionEvent[] = []
  const client = await connectResuming({
    url,
    model: 'm',
    WebSocket,
    onConnection: (event) => events.push(event),
    ...options,
  })
  cleanups.push(() => void client.close())
  return { client, events }
}

/** Texts of the model until `count` came. */
async function texts(client: LiveClient, count: number): Promise<string[]> {
  const found: string[] = []
  for await (const message of client) {
    if (!('serverContent' in message)) continue
    for (const part of message.serverContent.modelTurn?.parts ?? []) if ('text' in part) found.push(part.text)
    if (found.length === count) break
  }
  return found
}
const say = (text: string) => ({ serverContent: { modelTurn: { role: 'model', parts: [{ text }] } } })

test('a dropped connection is resumed with the newest handle; iterating goes on; what waited is sent', async () => {
  const { url, received } = await serve((message, socket, connection) => {
    if ('setup' in message) accept(socket, `h${connection}`)
    if (!('clientContent' in message)) return
    send(socket, say(`answer ${connection}`))
    if (connection === 0) socket.terminate()
  })
  const { client, events } = await connect(url)
  client.sendText('one')
  const reading = texts(client, 2)
  await expect.poll(() => events.some(({ type }) => type === 'reconnecting')).toBe(true)
  // Audio of a moment ago is stale; a text is not.
  client.sendAudio(new Uint8Array(4))
  client.sendText('two')
  expect(await reading).toEqual(['answer 0', 'answer 1'])
  expect(received[1]?.map((message) => Object.keys(message)[0])).toEqual(['setup', 'clientContent'])
  expect(received[0]?.[0]).toEqual({ setup: { model: 'models/m', sessionResumption: {} } })
  expect(received[1]?.[0]).toEqual({ setup: { model: 'models/m', sessionResumption: { handle: 'h0' } } })
  expect(events.filter(({ type }) => type === 'connected')).toMatchObject([
    { resumed: false },
    { resumed: true },
  ])
})

test('a server that knows the handle no more gets a new session with the history', async () => {
  const { url, received } = await serve((message, socket, connection) => {
    if ('setup' in message) {
      const { sessionResumption } = message.setup as { sessionResumption: { handle?: string } }
      if (sessionResumption.handle !== undefined) return socket.close(1008, 'session not found')
      accept(socket, `h${connection}`)
    }
    if ('clientContent' in message && connection === 0) socket.terminate()
  })
  const { client, events } = await connect(url, {
    history: () => [
      { role: 'user', text: 'Hello' },
      { role: 'model', text: 'Hi' },
    ],
  })
  client.sendText('one')
  await expect.poll(() => received.length).toBe(3)
  await expect
    .poll(() => received[2]?.[1])
    .toEqual({
      clientContent: {
        turns: [
          { role: 'user', parts: [{ text: 'Hello' }] },
          { role: 'model', parts: [{ text: 'Hi' }] },
        ],
        turnComplete: false,
      },
    })
  expect(events.at(-1)).toMatchObject({ type: 'connected', resumed: false })
})

test('goAway: moves to a new connection between two answers, without an error', async () => {
  const { url, received } = await serve((message, socket, connection) => {
    if ('setup' in message) accept(socket, `h${connection}`)
    if (!('clientContent' in message)) return
    if (connection === 0) send(socket, { goAway: { timeLeft: '60s' } })
    send(socket, say(`answer ${connection}`))
    send(socket, { serverContent: { turnComplete: true } })
  })
  const { client } = await connect(url)
  client.sendText('one')
  const reading = texts(client, 2)
  await expect.poll(() => received.length).toBe(2)
  client.sendText('two')
  expect(await reading).toEqual(['answer 0', 'answer 1'])
})

test('updated instructions are in force after a new connection too', async () => {
  const { url, received } = await serve((message, socket) => {
    if ('setup' in message) accept(socket, 'h')
    if ('contextUpdate' in message) socket.terminate()
  })
  const { client } = await connect(url)
  client.updateContext({ systemInstruction: { parts: [{ text: 'Be brief.' }] } })
  await expect
    .poll(() => received[1]?.[0])
    .toMatchObject({
      setup: { systemInstruction: { parts: [{ text: 'Be brief.' }] } },
    })
})

test('a refusal, an orderly end and our own close are not tried again', async () => {
  const { url, received } = await serve((message, socket) => {
    if ('setup' in message) accept(socket, 'h')
    if ('clientContent' in message)
      socket.close(JSON.stringify(message).includes('bad') ? 1007 : 1000, 'enough')
  })
  const refused = await connect(url)
  refused.client.sendText('bad')
  await expect(texts(refused.client, 1)).rejects.toMatchObject({ code: 1007, reason: 'enough' })
  const orderly = await connect(url)
  orderly.client.sendText('good')
  expect(await texts(orderly.client, 1)).toEqual([])
  const ours = await connect(url)
  expect(await ours.client.close()).toMatchObject({ code: 1000 })
  expect(received).toHaveLength(3)
})

test('gives up on a server that stays away', async () => {
  const { url } = await serve((message, socket) => {
    if ('setup' in message) accept(socket, 'h')
  })
  const { client } = await connect(url, { giveUpAfterMs: 300 })
  for (const cleanup of cleanups.splice(0, 1)) cleanup()
  await expect(texts(client, 1)).rejects.toMatchObject({ code: 1006 })
})
