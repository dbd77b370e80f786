import { once } from 'node:events'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'

import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

import { closeReason, textMessage } from '../protocol/index.js'
import { connectRaw, LIVE_PATH, SETUP, silentLogger, startEchoGateway } from '../testing/echo-gateway.js'
import type { Gateway, GatewayOptions, SessionConnection, SessionHost } from './index.js'
import { createAuthority, issueCertificate } from './tls/authority.js'

let gateway: Gateway | undefined
afterEach(async () => {
  await gateway?.close()
  gateway = undefined
})

async function start(options: Partial<GatewayOptions> = {}): Promise<{ url: string; http: string }> {
  gateway = await startEchoGateway(options)
  return { url: `ws://127.0.0.1:${gateway.port}${LIVE_PATH}`, http: `http://127.0.0.1:${gateway.port}` }
}

function promised<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve!: (value: Value) => void
  const promise = new Promise<Value>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** A host whose one session only lends out its connection and says when it was told to leave. */
function lendingHost() {
  const lent = promised<SessionConnection>()
  const left = promised<void>()
  let leavings = 0
  const sessions: SessionHost = {
    open(_setup, connection) {
      lent.resolve(connection)
      return {
        receive() {},
        disconnected() {
          leavings += 1
          left.resolve()
        },
      }
    },
  }
  return { sessions, connection: lent.promise, left: left.promise, leavings: () => leavings }
}

/** What an upgrade is answered with when it is refused. */
async function refusal(url: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(url, { headers })
  const [, response] = await once(socket, 'unexpected-response')
  let body = ''
  for await (const chunk of response) body += chunk
  return { status: response.statusCode, type: response.headers['content-type'], body }
}

describe('a connection', () => {
  it('gets setupComplete first, in binary frames, and answers to what it sent early', async () => {
    const { url } = await start()
    const client = await connectRaw(url)
    client.send(SETUP)
    client.send({ client_content: { turn_complete: true } })
    client.send(Buffer.from('{"realtimeInput":{"text":"in a binary frame"}}'))
    await client.message(2)
    expect(client.received).toEqual([
      { setupComplete: { sessionId: expect.any(String) } },
      textMessage('client-content'),
      textMessage('in a binary frame'),
    ])
    expect(client.binaryFrames).toEqual([true, true, true])
    client.socket.close()
  })

  it('[CON-4] gets text frames where they are configured', async () => {
    const { url } = await start({ textFrames: true })
    const client = await connectRaw(url)
    client.send(SETUP)
    await client.message(0)
    expect(client.binaryFrames).toEqual([false])
    client.socket.close()
  })

  it('keeps the order of thousands of messages', async () => {
    const { url } = await start()
    const client = await connectRaw(url)
    client.send(SETUP)
    for (let index = 1; index <= 3_000; index++) client.send({ realtimeInput: { text: String(index) } })
    await client.message(3_000)
    expect(client.received.slice(1)).toEqual(
      Array.from({ length: 3_000 }, (_, index) => textMessage(String(index + 1))),
    )
    client.socket.close()
  })

  it('is served under every way to write the path, without compression', async () => {
    await start()
    const base = `ws://127.0.0.1:${gateway?.port}`
    for (const path of [
      '/',
      `/${LIVE_PATH}?key=k`,
      `/prefix${LIVE_PATH}`,
      '//',
      LIVE_PATH.replace('v1beta', 'v7'),
    ]) {
      const client = await connectRaw(base + path)
      expect(client.socket.extensions).toBe('')
      client.socket.close()
    }
  })

  it('has its pings answered at once and may leave pings unanswered', async () => {
    const { url } = await start({ limits: { pingIntervalMs: 1 } })
    const client = await connectRaw(url)
    client.socket.pong = () => {}
    const pinged = once(client.socket, 'ping')
    client.socket.ping('hello')
    expect(String((await once(client.socket, 'pong'))[0])).toBe('hello')
    await pinged
    client.send(SETUP)
    await client.message(0)
    client.socket.close()
  })

  it('[AUTH-4] is logged with what had no effect, once, and never with its key', async () => {
    const lines: string[] = []
    const log = (fields: object, message: string) => void lines.push(message + JSON.stringify(fields))
    const { url } = await start({ logger: { ...silentLogger, info: log, warn: log, error: log } })
    for (let count = 0; count < 2; count++) {
      const client = await connectRaw(`${url}?key=SECRET`, { 'x-goog-api-key': 'SECRET' })
      client.send({ setup: { ...SETUP.setup, safetySettings: [{ a: 1 }] } })
      await client.message(0)
      client.socket.close()
    }
    expect(lines.filter((line) => line.includes('safetySettings'))).toHaveLength(1)
    expect(lines.join()).not.toContain('SECRET')
  })

  it('may ask for a model of the configuration', async () => {
    const { url } = await start({ models: ['mine'] })
    const client = await connectRaw(url)
    client.send({ setup: { model: 'models/mine' } })
    expect(await client.message(0)).toHaveProperty('setupComplete')
    client.socket.close()
  })
})

describe('a session', () => {
  it('leaves once, whoever closes', async () => {
    const byClient = lendingHost()
    const first = await start({ sessions: byClient.sessions })
    const client = await connectRaw(first.url)
    client.send(SETUP)
    await byClient.connection
    client.socket.terminate()
    await byClient.left
    await gateway?.close()

    const byServer = lendingHost()
    const second = await start({ sessions: byServer.sessions })
    const other = await connectRaw(second.url)
    other.send(SETUP)
    const connection = await byServer.connection
    connection.close({ code: 1011, reason: closeReason('x'.repeat(500)) })
    connection.close({ code: 1008, reason: 'again' })
    connection.send(textMessage('too late'))
    await byServer.left
    expect(await other.closed).toEqual({ code: 1011, reason: expect.stringMatching(/^x{120}…$/) })
    expect(other.received).toEqual([])
    expect([byClient.leavings(), byServer.leavings()]).toEqual([1, 1])
  })

  it('sees how much a client has not read, which is bounded', async () => {
    const { sessions, connection, left } = lendingHost()
    const { url } = await start({ sessions, limits: { maxQueuedBytes: 3_000_000, closeGraceMs: 20 } })
    const client = await connectRaw(url)
    client.send(SETUP)
    const borrowed = await connection
    client.socket.pause()
    let largest = 0
    for (let count = 0; count < 1_000; count++) {
      borrowed.send(textMessage('x'.repeat(100_000)))
      largest = Math.max(largest, borrowed.bufferedBytes)
    }
    expect(largest).toBeGreaterThan(1_000_000)
    expect(largest).toBeLessThan(3_300_000)
    await left
    client.socket.resume()
    expect(await client.closed).toMatchObject({ code: expect.any(Number) })
  })

  it('ends with a reason where the client catches up with what was queued', async () => {
    const { sessions, connection } = lendingHost()
    const { url } = await start({ sessions, limits: { maxQueuedBytes: 3_000_000 } })
    const client = await connectRaw(url)
    client.send(SETUP)
    const borrowed = await connection
    for (let count = 0; count < 200; count++) borrowed.send(textMessage('x'.repeat(100_000)))
    expect(await client.closed).toEqual({
      code: 1008,
      reason: 'The client reads too slowly, 3 MiB are waiting: read faster.',
    })
  })

  it('[CON-11] ends when its client has read nothing for too long', async () => {
    const { sessions, connection, left } = lendingHost()
    const logged = promised<object>()
    const info = (fields: object, message: string) =>
      message === 'closing connection' && logged.resolve(fields)
    const { url } = await start({
      sessions,
      limits: { stalledTimeoutMs: 20, closeGraceMs: 20 },
      logger: { ...silentLogger, info },
    })
    const client = await connectRaw(url)
    client.send(SETUP)
    const borrowed = await connection
    client.socket.pause()
    for (let count = 0; count < 100; count++) borrowed.send(textMessage('x'.repeat(100_000)))
    expect(await logged.promise).toMatchObject({
      code: 1008,
      reason: 'The client has read nothing for 0.02 s: read what is sent.',
    })
    await left
    client.socket.terminate()
  })

  it('that never starts is ended', async () => {
    const { url } = await start({ limits: { setupTimeoutMs: 10 } })
    const client = await connectRaw(url)
    expect(await client.closed).toEqual({
      code: 1008,
      reason: 'No setup came within 0.01 s: send {"setup": {…}} after connecting.',
    })
  })
})

describe('an upgrade', () => {
  it('[AUTH-5] is refused in plain words', async () => {
    const { url } = await start({
      checkOrigin: ({ headers }) =>
        headers.origin === 'http://evil' ? 'Allow this origin first.' : undefined,
      checkCredential: ({ headers, url: target, secure, remoteAddress }) => {
        expect([target.startsWith('/ws/'), secure, remoteAddress]).toEqual([true, false, '127.0.0.1'])
        return headers['x-goog-api-key'] === 'good' ? undefined : 'Pass the key.'
      },
    })
    const key = { 'x-goog-api-key': 'good' }
    const type = 'text/plain; charset=utf-8'
    expect(await refusal(url, { ...key, origin: 'http://evil' })).toEqual({
      status: 403,
      type,
      body: 'Allow this origin first.\n',
    })
    expect(await (await connectRaw(url)).closed).toEqual({ code: 1008, reason: 'Pass the key.' })
    expect(await refusal(url.replace('Bidi', 'Mono'), key)).toMatchObject({
      status: 404,
      body: expect.stringContaining('BidiGenerateContent'),
    })
    const client = await connectRaw(url.replace('/ws/', '//ws/'), key)
    client.socket.close()
  })

  it('is refused while the engines load, and when a check breaks', async () => {
    const loading = await start({ ready: () => false })
    expect(await refusal(loading.url)).toMatchObject({
      status: 503,
      body: expect.stringContaining('try again'),
    })
    await gateway?.close()
    const broken = await start({
      checkCredential: () => {
        throw new Error('a defect')
      },
    })
    expect(await refusal(broken.url)).toMatchObject({ status: 500 })
    expect(await (await fetch(`${broken.http}/v1/models`)).text()).toContain('Internal error')
  })
})

describe('HTTP', () => {
  it('tells health and readiness', async () => {
    let ready = false
    const { http } = await start({ ready: () => ready })
    expect((await fetch(`${http}/healthz`)).status).toBe(200)
    expect((await fetch(`${http}/readyz`)).status).toBe(503)
    ready = true
    expect((await fetch(`${http}/readyz`)).status).toBe(200)
  })

  it('[REST-2] lists models in both flavours, with a credential', async () => {
    const { http } = await start({
      models: ['mine'],
      checkCredential: ({ url }) => (url.includes('key=good') ? undefined : 'Pass the key.'),
    })
    expect(await (await fetch(`${http}/v1/models`)).json()).toEqual({
      error: { code: 401, message: 'Pass the key.', status: 'UNAUTHENTICATED' },
    })
    const { models } = (await (await fetch(`${http}//v1beta/models?key=good`)).json()) as {
      models: unknown[]
    }
    expect(models[0]).toMatchObject({
      name: 'models/mine',
      supportedGenerationMethods: expect.arrayContaining(['bidiGenerateContent']),
    })
    expect(await (await fetch(`${http}/v1alpha/models/mine?key=good`)).json()).toEqual(models[0])
    expect((await fetch(`${http}/v1/models/other?key=good`)).status).toBe(404)
    const vertex = await (await fetch(`${http}/v1beta1/publishers/google/models?key=good`)).json()
    expect(vertex).toMatchObject({
      publisherModels: expect.arrayContaining([
        expect.objectContaining({ name: 'publishers/google/models/mine' }),
      ]),
    })
    expect((await fetch(`${http}/v1beta1/publishers/google/models/mine?key=good`)).status).toBe(200)
  })

  it('asks the metadata handler first and the page last', async () => {
    const { http } = await start({
      metadata: (request, { remoteAddress }) =>
        request.headers.has('metadata-flavor') ? new Response(`metadata for ${remoteAddress}`) : undefined,
      page: (request) => (new URL(request.url).pathname === '/' ? new Response('page') : undefined),
    })
    expect(await (await fetch(http)).text()).toBe('page')
    const metadata = await fetch(http, { headers: { 'Metadata-Flavor': 'Google' } })
    expect(await metadata.text()).toBe('metadata for 127.0.0.1')
    expect((await fetch(`${http}/nothing`)).status).toBe(404)
  })
})

describe('the server', () => {
  it('serves the same over TLS, without the metadata answers', async () => {
    const authority = await createAuthority(['127.0.0.1'], Date.now())
    const { certificatePem: cert, keyPem: key } = await issueCertificate(authority, ['127.0.0.1'], Date.now())
    const ca = authority.certificatePem
    gateway = await startEchoGateway({ tls: { cert, key }, metadata: () => new Response('metadata') })
    const socket = new WebSocket(`wss://127.0.0.1:${gateway.tlsPort}${LIVE_PATH}`, { ca })
    await once(socket, 'open')
    socket.send(JSON.stringify(SETUP))
    const [message] = await once(socket, 'message')
    expect(JSON.parse(String(message))).toHaveProperty('setupComplete')
    socket.close()
    const options = { host: '127.0.0.1', port: gateway.tlsPort, path: '/healthz', ca }
    const [response] = await once(httpsRequest(options).end(), 'response')
    expect(response.statusCode).toBe(200)
    response.resume()
  })

  it('says which port cannot be used and why', async () => {
    await start()
    await expect(startEchoGateway({ port: gateway!.port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1, port ${gateway?.port}: it is in use: choose another with --port`,
    )
    const authority = await createAuthority(['127.0.0.1'], Date.now())
    const { certificatePem: cert, keyPem: key } = await issueCertificate(authority, ['127.0.0.1'], Date.now())
    await expect(startEchoGateway({ tls: { cert, key }, tlsPort: gateway!.port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1, TLS port ${gateway?.port}: it is in use: choose another with --tls-port`,
    )
  })

  it('warns of a TLS client on the plain port', async () => {
    const warned = promised<string>()
    const logger = { ...silentLogger, warn: (_: object, message: string) => warned.resolve(message) }
    await start({ logger })
    const socket = connect(gateway!.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(Buffer.from('16030100a5010000a10303', 'hex'))
    expect(await warned.promise).toContain('TLS client')
    socket.destroy()
  })

  it('closes its connections with 1001 and settles, also with a client that does not answer', async () => {
    const { url, http } = await start({ limits: { closeGraceMs: 20 } })
    const polite = await connectRaw(url)
    const silent = await connectRaw(url)
    silent.socket.pause()
    const closing = gateway!.close()
    expect(await polite.closed).toEqual({
      code: 1001,
      reason: 'The server is shutting down: connect again, with your handle if you have one.',
    })
    await closing
    expect(gateway!.close()).toBeInstanceOf(Promise)
    await expect(fetch(`${http}/healthz`)).rejects.toThrow()
    silent.socket.terminate()
  })
})
