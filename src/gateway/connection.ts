/**
 * One WebSocket from accept to close: decodes frames in fair portions, demands `setup` first, hands messages to
 * the session, and keeps what a client can make the server do or hold within limits. Knows no conversation.
 */

import type { WebSocket } from 'ws'

import {
  type ClientMessage,
  closeReason,
  decodeClientMessage,
  encodeServerMessage,
  ProtocolError,
  resolveModel,
} from '../protocol/index.js'
import type { Logger } from '../runtime/logger.js'
import { decodeBase64Fast } from './decode-base64.js'
import type { GatewayLimits } from './options.js'
import type { LiveSession, SessionHost } from './session.js'
import { createTokenBucket } from './token-bucket.js'
import { TOKEN_EXPIRED, type TokenGrant } from './tokens/tokens.js'

export interface ConnectionContext {
  readonly id: string
  readonly sessions: SessionHost
  /** What its ephemeral token permits, if it came with one. */
  readonly grant?: TokenGrant
  /** Model ids served beside the known ones. */
  readonly models: readonly string[]
  readonly limits: GatewayLimits
  readonly textFrames: boolean
  readonly logger: Logger
  /** Takes sentences about fields without effect. */
  readonly notice: (text: string) => void
}

export interface Connection {
  /** Enforces the time limits; to be called every few seconds with a monotonic time. */
  tick(nowMs: number): void
  close(code: number, reason: string): void
}

/** A portion of work: then the event loop, and with it every other connection, gets its turn. */
const PORTION_MESSAGES = 64
const PORTION_MS = 4

/** Undecoded frames held before the socket is paused, and where it is read again. */
const PAUSE_FRAMES = 256
const RESUME_FRAMES = 64

interface Frame {
  readonly data: Buffer
  readonly isBinary: boolean
}

export function serveConnection(socket: WebSocket, context: ConnectionContext): Connection {
  const { id, limits } = context
  const log = { connection: id }
  const openedMs = performance.now()
  const rate = createTokenBucket(limits.messagesPerSecond, limits.messageBurst, openedMs)
  const inbox: Frame[] = []
  let working = false
  let closed = false
  let session: LiveSession | undefined
  let graceTimer: NodeJS.Timeout | undefined
  let sentBytes = 0
  let deliveredBytes = 0
  let progressMs = openedMs
  let pingedMs = openedMs

  const connection = {
    id,
    get bufferedBytes() {
      return socket.bufferedAmount
    },
    send(message: Parameters<typeof encodeServerMessage>[0]) {
      if (closed) return
      const text = encodeServerMessage(message)
      sentBytes += text.length
      socket.send(text, { binary: !context.textFrames })
      checkBacklog()
    },
    close,
  }

  socket.on('message', (data, isBinary) => {
    if (!countFrame()) return
    inbox.push({ data: data as Buffer, isBinary })
    if (inbox.length >= PAUSE_FRAMES) socket.pause()
    if (!working) work()
  })
  // Answered at once, ahead of any work; a flood of pings is a flood all the same.
  socket.on('ping', (data) => {
    if (countFrame()) socket.pong(data)
  })
  socket.on('error', (error) => context.logger.info({ ...log, error: error.message }, 'connection error'))
  socket.on('close', (code, reason) => {
    closed = true
    inbox.length = 0
    clearTimeout(graceTimer)
    context.logger.info({ ...log, code, reason: reason.toString() }, 'connection closed')
    leave()
  })

  return { tick, close }

  function countFrame(): boolean {
    if (closed) return false
    if (!rate.take(performance.now())) {
      const most = limits.messagesPerSecond
      close(1008, `Too many messages, more than ${most} per second: send audio in chunks of 20 ms or longer.`)
      return false
    }
    checkBacklog()
    return !closed
  }

  function checkBacklog(): void {
    if (socket.bufferedAmount <= limits.maxQueuedBytes) return
    close(1008, `The client reads too slowly, ${megabytes(limits.maxQueuedBytes)} are waiting: read faster.`)
  }

  function work(): void {
    working = true
    const startedMs = performance.now()
    for (let handled = 0; handled < PORTION_MESSAGES && !closed; handled++) {
      const frame = inbox.shift()
      if (!frame) break
      guarded(() => handle(frame))
      if (performance.now() - startedMs > PORTION_MS) break
    }
    if (closed) return
    if (socket.isPaused && inbox.length <= RESUME_FRAMES) socket.resume()
    setImmediate(() => {
      if (inbox.length > 0) work()
      else working = false
    })
  }

  function handle({ data, isBinary }: Frame): void {
    if (context.grant?.isExpired()) throw new ProtocolError(1008, TOKEN_EXPIRED)
    const message = decodeClientMessage(isBinary ? data : data.toString('utf8'), {
      decodeBase64: decodeBase64Fast,
      ...(context.grant && { lock: context.grant.lock }),
    })
    for (const notice of message.notices ?? []) context.notice(notice)
    if (session) {
      if (message.type === 'setup') {
        throw new ProtocolError(1007, 'setup may be sent once: open another connection for another setup.')
      }
      session.receive(message)
    } else {
      session = open(message)
    }
  }

  function open(message: ClientMessage): LiveSession {
    if (message.type !== 'setup') {
      const member = MEMBER_NAMES[message.type]
      throw new ProtocolError(
        1007,
        `The first message must be setup, not ${member}: send {"setup": {…}} first.`,
      )
    }
    resolveModel(message.setup.model, context.models)
    context.logger.info({ ...log, model: message.setup.model }, 'session opened')
    context.grant?.begin()
    try {
      return context.sessions.open(message.setup, connection)
    } catch (error) {
      context.grant?.giveBack()
      throw error
    }
  }

  /** Whatever goes wrong for this connection ends this connection only. */
  function guarded(step: () => void): void {
    try {
      step()
    } catch (error) {
      if (error instanceof ProtocolError) {
        close(error.closeCode, error.reason)
      } else {
        context.logger.error({ ...log, err: error }, 'unexpected error in a session')
        close(1011, `Internal error, logged by the server as connection ${id}.`)
      }
    }
  }

  function close(code: number, reason: string): void {
    if (closed) return
    closed = true
    inbox.length = 0
    context.logger.info({ ...log, code, reason }, 'closing connection')
    // A paused socket would never see the client's answer to the close frame.
    socket.resume()
    socket.close(code, closeReason(reason))
    graceTimer = setTimeout(() => socket.terminate(), limits.closeGraceMs)
    // Not at once: the session may be the caller.
    queueMicrotask(leave)
  }

  function leave(): void {
    const leaving = session
    session = undefined
    if (leaving) guarded(() => leaving.disconnected())
  }

  function tick(nowMs: number): void {
    if (closed) return
    if (context.grant?.isExpired()) {
      close(1008, TOKEN_EXPIRED)
      return
    }
    if (!session && nowMs - openedMs > limits.setupTimeoutMs) {
      close(
        1008,
        `No setup came within ${limits.setupTimeoutMs / 1000} s: send {"setup": {…}} after connecting.`,
      )
      return
    }
    const delivered = sentBytes - socket.bufferedAmount
    if (socket.bufferedAmount === 0 || delivered > deliveredBytes) progressMs = nowMs
    deliveredBytes = delivered
    if (nowMs - progressMs > limits.stalledTimeoutMs) {
      close(1008, `The client has read nothing for ${limits.stalledTimeoutMs / 1000} s: read what is sent.`)
    } else if (nowMs - pingedMs >= limits.pingIntervalMs) {
      pingedMs = nowMs
      socket.ping()
    }
  }
}

const MEMBER_NAMES: Readonly<Record<ClientMessage['type'], string>> = {
  setup: 'setup',
  'client-content': 'clientContent',
  'realtime-input': 'realtimeInput',
}

export function megabytes(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.round(bytes / 1024 / 1024)} MiB` : `${bytes} bytes`
}
