/**
 * A gateway on a free port with the smallest session there is (it answers every message by naming it), and a
 * client that records what comes back. For tests of the socket layer; knows no engine.
 */

import { WebSocket } from 'ws'

import { createGateway, type Gateway, type GatewayOptions, type SessionHost } from '../gateway/index.js'
import { setupCompleteMessage, textMessage } from '../protocol/index.js'

export const LIVE_PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'

export const silentLogger = { debug() {}, info() {}, warn() {}, error() {} }

/** Answers `setupComplete`, then one text message per client message: its type, or `boom` as an exception. */
export const echoSessions: SessionHost = {
  open(_setup, connection) {
    connection.send(setupCompleteMessage(connection.id))
    return {
      receive(message) {
        if (message.type === 'realtime-input' && message.text === 'boom') throw new Error('a defect')
        connection.send(
          textMessage(message.type === 'realtime-input' ? (message.text ?? 'input') : message.type),
        )
      },
      disconnected() {},
    }
  },
}

export async function startEchoGateway(options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  return createGateway({
    host: '127.0.0.1',
    port: 0,
    sessions: echoSessions,
    ready: () => true,
    checkCredential: () => undefined,
    checkOrigin: () => undefined,
    logger: silentLogger,
    ...options,
  })
}

export interface RawClient {
  readonly socket: WebSocket
  /** Messages so far, parsed. */
  readonly received: unknown[]
  readonly binaryFrames: boolean[]
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  send(message: unknown): void
  /** The message at `index`, now or when it comes; rejects if the socket closes before. */
  message(index: number): Promise<unknown>
}

export const SETUP = { setup: { model: 'models/gemini-live-2.5-flash' } }

/** Sends objects as JSON text frames, strings and bytes as they are. */
export async function connectRaw(url: string, headers: Record<string, string> = {}): Promise<RawClient> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false })
  const received: unknown[] = []
  const binaryFrames: boolean[] = []
  const waiting: { index: number; resolve: (value: unknown) => void; reject: (error: Error) => void }[] = []
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      resolve({ code, reason: reason.toString() })
      for (const { reject } of waiting) reject(new Error(`closed: ${code} ${reason.toString()}`))
    })
  })
  socket.on('message', (data, isBinary) => {
    received.push(JSON.parse(data.toString()))
    binaryFrames.push(isBinary)
    for (const { index, resolve } of waiting) if (index < received.length) resolve(received[index])
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {})
  return {
    socket,
    received,
    binaryFrames,
    closed,
    send(message) {
      const raw = typeof message === 'string' || message instanceof Uint8Array
      socket.send(raw ? message : JSON.stringify(message), () => {})
    },
    message(index) {
      if (index < received.length) return Promise.resolve(received[index])
      return new Promise((resolve, reject) => waiting.push({ index, resolve, reject }))
    },
  }
}
