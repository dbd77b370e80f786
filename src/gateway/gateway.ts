/**
 * The server: one HTTP application and one WebSocket endpoint on a plain port and, with a certificate, on a TLS
 * port. Owns the listeners, the open connections and their shutdown. Knows no session and no message.
 */

import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

import { getRequestListener } from '@hono/node-server'

import { closing } from '../protocol/index.js'
import { type Connection, serveConnection } from './connection.js'
import { createHttpApp } from './http-app.js'
import { DEFAULT_LIMITS, type GatewayOptions } from './options.js'
import { createUpgradeHandler } from './upgrade.js'

export interface Gateway {
  readonly port: number
  /** Absent without a certificate. */
  readonly tlsPort?: number
  /**
   * Takes no new connections (503), closes those without a session and tells the others to go away. Resolves when all have gone, at the latest after
   * `timeLeftMs`.
   */
  drain(timeLeftMs: number): Promise<void>
  /** Closes every connection (1001) and stops listening; settles within the close grace and a second. */
  close(): Promise<void>
}

/** First probe after this idle time; the operating system drops a dead peer minutes later. Live ones always stay. */
const TCP_KEEP_ALIVE_MS = 30_000

/** An ephemeral token that holds a long system instruction, in two headers and the query. */
const MAX_HEADER_BYTES = 64 * 1024

const TICK_MS = 5_000

/** A client could invent field names without end. */
const MAX_REMEMBERED_NOTICES = 500

/** Starts listening. Rejects with an Error that names the address if a port cannot be used. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { logger } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const connections = new Set<Connection>()
  const notices = new Set<string>()
  let shutdown: Promise<void> | undefined
  let draining = false
  let onLastGone = (): void => {}
  const unready = (): string | undefined =>
    shutdown !== undefined || draining
      ? 'The server is stopping: try another one, or this one again later.'
      : options.ready()
        ? undefined
        : 'The engines are still loading: try again in a moment.'
  const app = createHttpApp({ ...options, unready, maxBodyBytes: limits.maxMessageBytes })

  const onUpgrade = createUpgradeHandler(
    { ...options, unready },
    limits.maxMessageBytes,
    (socket, { path, grant, facts }) => {
      const id = randomUUID()
      logger.info({ connection: id, ...path }, 'connection opened')
      const apiClient = facts.headers['x-goog-api-client']
      const connection = serveConnection(socket, {
        id,
        ...(typeof apiClient === 'string' && { apiClient }),
        sessions: options.sessions,
        ...(grant && { grant }),
        models: options.models ?? [],
        limits,
        textFrames: options.textFrames ?? false,
        strict: options.strict ?? false,
        logger,
        notice,
      })
      connections.add(connection)
      socket.once('close', () => {
        connections.delete(connection)
        if (connections.size === 0) onLastGone()
      })
    },
  )

  function notice(text: string): void {
    if (notices.has(text) || notices.size >= MAX_REMEMBERED_NOTICES) return
    notices.add(text)
    logger.info({}, text)
  }

  function wire(server: Server, secure: boolean): Server {
    server.on('upgrade', (request, socket, head) => onUpgrade(request, socket, head, secure))
    server.on('connection', (socket: Socket) => {
      socket.setNoDelay(true)
      socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS)
    })
    return server
  }

  function listener(secure: boolean): (request: IncomingMessage, response: ServerResponse) => void {
    const answer = getRequestListener(
      (request, env) =>
        app.fetch(request, { incoming: (env as { incoming: IncomingMessage }).incoming, secure }),
      { overrideGlobalObjects: false },
    )
    return (request, response) => void answer(request, response)
  }

  const plain = wire(createServer({ maxHeaderSize: MAX_HEADER_BYTES }, listener(false)), false)
  warnOfTlsOnPlainPort(plain, options)
  const servers = [plain]
  await listen(plain, options.host, { name: 'port', port: options.port })
  if (options.tls) {
    const secure = wire(
      createTlsServer({ ...options.tls, maxHeaderSize: MAX_HEADER_BYTES }, listener(true)),
      true,
    )
    try {
      await listen(secure, options.host, { name: 'TLS port', port: options.tlsPort ?? 0 })
    } catch (error) {
      plain.close()
      throw error
    }
    servers.push(secure)
  }

  const timeLimits = [limits.setupTimeoutMs, limits.stalledTimeoutMs, limits.pingIntervalMs]
  const connectionTickMs = limits.connectionLimitMs > 0 ? limits.connectionLimitMs / 10 : TICK_MS
  const tickMs = Math.min(TICK_MS, connectionTickMs, ...timeLimits)
  const ticking = setInterval(() => {
    const nowMs = performance.now()
    for (const connection of connections) connection.tick(nowMs)
  }, tickMs)

  async function drain(timeLeftMs: number): Promise<void> {
    draining = true
    for (const connection of connections) {
      // A session that has not begun, or is just being fetched, does not begin here any more.
      if (!connection.goAway(timeLeftMs)) connection.close(closing('shutting-down', {}))
    }
    if (connections.size === 0) return
    await new Promise<void>((resolve) => {
      onLastGone = resolve
      setTimeout(resolve, timeLeftMs).unref()
    })
  }

  async function close(): Promise<void> {
    clearInterval(ticking)
    const stopped = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
    for (const connection of connections) connection.close(closing('shutting-down', {}))
    const cutOff = setTimeout(() => {
      for (const server of servers) server.closeAllConnections()
    }, limits.closeGraceMs)
    await Promise.all(stopped)
    clearTimeout(cutOff)
  }

  const [port, tlsPort] = servers.map((server) => (server.address() as AddressInfo).port)
  return {
    port: port!,
    ...(tlsPort !== undefined && { tlsPort }),
    drain,
    close: () => (shutdown ??= close()),
  }
}

interface Place {
  readonly name: 'port' | 'TLS port'
  readonly port: number
}

async function listen(server: Server, host: string, place: Place): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, host, place)))
    server.listen(place.port, host, resolve)
  })
}

function explained(error: NodeJS.ErrnoException, host: string, { name, port }: Place): Error {
  const flag = name === 'port' ? '--port' : '--tls-port'
  const cures: Readonly<Record<string, string>> = {
    EADDRINUSE: `it is in use: choose another with ${flag}, or stop the program that uses it`,
    EACCES: `the system does not allow it: choose one above 1023 with ${flag}`,
    EADDRNOTAVAIL: 'this machine has no such address: choose another with --host',
    ENOTFOUND: 'no address has that name: choose another with --host',
  }
  const cure = cures[error.code ?? ''] ?? error.message
  return new Error(`Cannot listen on ${host}, ${name} ${port}: ${cure}.`, { cause: error })
}

/** Google's Python and Java SDKs always speak TLS; on the plain port all they see is a reset connection. */
function warnOfTlsOnPlainPort(server: Server, { logger, tls }: GatewayOptions): void {
  const TLS_HANDSHAKE = 0x16
  let warned = false
  server.on('clientError', (error: Error & { rawPacket?: Buffer }, socket) => {
    if (error.rawPacket?.[0] === TLS_HANDSHAKE && !warned) {
      warned = true
      logger.warn(
        { tlsPortExists: tls !== undefined },
        'a TLS client came to the plain port: it needs the TLS port',
      )
    }
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  })
}
