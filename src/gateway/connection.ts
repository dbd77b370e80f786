/**
 * One WebSocket from accept to close: decodes frames in fair portions, demands `setup` first, hands messages to
 * the session, and keeps what a client can make the server do or hold within limits. Knows no conversation.
 */

import type { WebSocket } from 'ws'

import {
  type ClientMessage,
  type Closing,
  closeError,
  closing,
  decodeClientMessage,
  encodeServerMessage,
  goAwayMessage,
  ProtocolError,
  resolveModel,
  type Setup,
} from '../protocol/index.js'
import type { Logger } from '../runtime/logger.js'
import { decodeBase64Fast } from './decode-base64.js'
import type { GatewayLimits } from './options.js'
import type { LiveSession, SessionHost } from './session.js'
import { createTokenBucket } from './token-bucket.js'
import type { TokenGrant } from './tokens/tokens.js'

export interface ConnectionContext {
  readonly id: string
  /** The header `x-goog-api-client`. */
  readonly apiClient?: string
  readonly sessions: SessionHost
  /** What its ephemeral token permits, if it came with one. */
  readonly grant?: TokenGrant
  /** Model ids served beside the known ones. */
  readonly models: readonly string[]
  readonly limits: GatewayLimits
  readonly textFrames: boolean
  readonly strict: boolean
  readonly logger: Logger
  /** Takes sentences about fields without effect. */
  readonly notice: (text: string) => void
}

export interface Connection {
  /** Enforces the time limits; to be called every few seconds with a monotonic time. */
  tick(nowMs: number): void
  /** Tells a client that has a session that it will be closed in `timeLeftMs`; false where there is none (yet). */
  goAway(timeLeftMs: number): boolean
  close(closing: Closing): void
}

/** A portion of work: then the event loop, and with it every other connection, gets its turn. */
const PORTION_MESSAGES = 64
const PORTION_MS = 4

/** As the service does: so long before a connection limit the client is told. */
const GO_AWAY_MS = 50_000

/** Confirmations under way; a client that answers no ping gets no more of them. */
const MAX_RECEIPTS = 16

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
  /** Its session is being fetched: messages wait. */
  let opening = false
  let leavingSoon = false
  let graceTimer: NodeJS.Timeout | undefined
  let sentBytes = 0
  let deliveredBytes = 0
  let progressMs = openedMs
  let pingedMs = openedMs
  /** What to call when the client has answered the ping with this number, and with it has everything before it. */
  const receipts = new Map<string, () => void>()
  let nextReceipt = 1

  const connection = {
    id,
    ...(context.apiClient !== undefined && { apiClient: context.apiClient }),
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
    whenReceived(run: () => void) {
      if (closed || receipts.size >= MAX_RECEIPTS) return
      const receipt = `received ${nextReceipt++}`
      receipts.set(receipt, run)
      socket.ping(receipt)
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
  socket.on('pong', (data) => {
    const receipt = data.toString()
    const run = receipts.get(receipt)
    receipts.delete(receipt)
    if (run && !closed) guarded(run)
  })
  socket.on('error', (error) => context.logger.info({ ...log, error: error.message }, 'connection error'))
  socket.on('close', (code, reason) => {
    closed = true
    inbox.length = 0
    clearTimeout(graceTimer)
    context.logger.info({ ...log, code, reason: reason.toString() }, 'connection closed')
    leave()
  })

  return { tick, goAway, close }

  function countFrame(): boolean {
    if (closed) return false
    if (!rate.take(performance.now())) {
      close(closing('sends-too-fast', { limit: limits.messagesPerSecond }))
      return false
    }
    checkBacklog()
    return !closed
  }

  function checkBacklog(): void {
    if (socket.bufferedAmount <= limits.maxQueuedBytes) return
    close(closing('reads-too-slowly', { size: megabytes(limits.maxQueuedBytes) }))
  }

  function work(): void {
    working = true
    const startedMs = performance.now()
    for (let handled = 0; handled < PORTION_MESSAGES && !closed && !opening; handled++) {
      const frame = inbox.shift()
      if (!frame) break
      guarded(() => handle(frame))
      if (performance.now() - startedMs > PORTION_MS) break
    }
    if (closed) return
    if (socket.isPaused && inbox.length <= RESUME_FRAMES) socket.resume()
    setImmediate(() => {
      if (inbox.length > 0 && !opening) work()
      else working = false
    })
  }

  function handle({ data, isBinary }: Frame): void {
    if (context.grant?.isExpired()) throw closeError('token-expired', {})
    const message = decodeClientMessage(isBinary ? data : data.toString('utf8'), {
      decodeBase64: decodeBase64Fast,
      strict: context.strict,
      ...(context.grant && { lock: context.grant.lock }),
    })
    for (const notice of message.notices ?? []) context.notice(notice)
    if (session) {
      if (message.type === 'setup') {
        throw closeError('setup-twice', {})
      }
      session.receive(message)
    } else {
      const opened = open(message)
      if (opened instanceof Promise) void attach(opened)
      else session = opened
    }
  }

  async function attach(coming: Promise<LiveSession>): Promise<void> {
    opening = true
    try {
      const arrived = await coming
      if (closed) guarded(() => arrived.disconnected())
      else session = arrived
    } catch (error) {
      guarded(() => {
        throw error
      })
    }
    opening = false
    if (!working) work()
  }

  function open(message: ClientMessage): LiveSession | Promise<LiveSession> {
    if (message.type !== 'setup') {
      throw closeError('setup-first', { member: MEMBER_NAMES[message.type] })
    }
    resolveModel(message.setup.model, context.models)
    context.logger.info({ ...log, model: message.setup.model }, 'session opened')
    const { handle } = message.setup.sessionResumption ?? {}
    // Going on with a session is no use of a token: it began with one.
    const grant = handle ? undefined : context.grant
    const { setup } = message
    return grant ? openGranted(setup, grant) : context.sessions.open(setup, connection)
  }

  async function openGranted(setup: Setup, grant: TokenGrant): Promise<LiveSession> {
    await grant.begin()
    try {
      // Meanwhile the client may have gone, or the server begun to stop.
      if (closed) throw closeError('shutting-down', {})
      return await context.sessions.open(setup, connection)
    } catch (error) {
      await grant.giveBack()
      throw error
    }
  }

  /** Whatever goes wrong for this connection ends this connection only. */
  function guarded(step: () => void): void {
    try {
      step()
    } catch (error) {
      if (error instanceof ProtocolError) {
        close({ code: error.closeCode, reason: error.reason })
      } else {
        context.logger.error({ ...log, err: error }, 'unexpected error in a session')
        close(closing('internal-connection', { id }))
      }
    }
  }

  function close({ code, reason }: Closing): void {
    if (closed) return
    closed = true
    inbox.length = 0
    context.logger.info({ ...log, code, reason }, 'closing connection')
    // A paused socket would never see the client's answer to the close frame.
    socket.resume()
    socket.close(code, reason)
    graceTimer = setTimeout(() => socket.terminate(), limits.closeGraceMs)
    // Not at once: the session may be the caller.
    queueMicrotask(leave)
  }

  function leave(): void {
    const leaving = session
    session = undefined
    if (leaving) guarded(() => leaving.disconnected())
  }

  function goAway(timeLeftMs: number): boolean {
    if (session && !leavingSoon) {
      leavingSoon = true
      connection.send(goAwayMessage(timeLeftMs / 1000))
    }
    return session !== undefined
  }

  function tick(nowMs: number): void {
    if (closed) return
    if (context.grant?.isExpired()) {
      close(closing('token-expired', {}))
      return
    }
    checkConnectionLimit(nowMs)
    if (closed) return
    if (!session && nowMs - openedMs > limits.setupTimeoutMs) {
      close(closing('setup-late', { seconds: limits.setupTimeoutMs / 1000 }))
      return
    }
    const delivered = sentBytes - socket.bufferedAmount
    if (socket.bufferedAmount === 0 || delivered > deliveredBytes) progressMs = nowMs
    deliveredBytes = delivered
    if (nowMs - progressMs > limits.stalledTimeoutMs) {
      close(closing('reads-nothing', { seconds: limits.stalledTimeoutMs / 1000 }))
    } else if (nowMs - pingedMs >= limits.pingIntervalMs) {
      pingedMs = nowMs
      socket.ping()
    }
  }

  function checkConnectionLimit(nowMs: number): void {
    if (limits.connectionLimitMs === 0) return
    const leftMs = openedMs + limits.connectionLimitMs - nowMs
    if (leftMs <= 0) {
      close(closing('connection-limit', { seconds: Math.round(limits.connectionLimitMs / 1000) }))
    } else if (leftMs <= Math.min(GO_AWAY_MS, limits.connectionLimitMs / 2)) goAway(leftMs)
  }
}

const MEMBER_NAMES: Readonly<Record<ClientMessage['type'], string>> = {
  setup: 'setup',
  'client-content': 'clientContent',
  'realtime-input': 'realtimeInput',
  'tool-response': 'toolResponse',
  'context-update': 'contextUpdate',
}

export function megabytes(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.round(bytes / 1024 / 1024)} MiB` : `${bytes} bytes`
}
