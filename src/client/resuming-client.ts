/**
 * A session that outlives its connections: `connectResuming` has the interface of `connectLive`, and where the network
 * drops, the server restarts or says goAway it connects again with the newest handle. Iterating goes on over the gap.
 * Where the server knows the session no more, a new one is given the conversation so far. It plays nothing and keeps
 * no words: the conversation is the caller's.
 */

import type { ServerMessage } from '../protocol/index.js'
import { createInbox } from './inbox.js'
import {
  type ConnectOptions,
  type ContentTurn,
  connectLive,
  type LiveClient,
  type LiveClose,
} from './live-client.js'

export type ConnectionEvent =
  /** `resumed`: the server still had the session; false after a drop means it was begun anew. */
  | { readonly type: 'connected'; readonly sessionId: string | undefined; readonly resumed: boolean }
  | {
      readonly type: 'reconnecting'
      readonly attempt: number
      readonly delayMs: number
      readonly reason: string
    }

export interface ResumingOptions extends ConnectOptions {
  readonly onConnection?: (event: ConnectionEvent) => void
  /** The conversation so far, for a new session in the place of one that is lost. */
  readonly history?: () => readonly ContentTurn[]
  /** Gives up when the server was away this long; default 2 minutes. */
  readonly giveUpAfterMs?: number
}

const FIRST_DELAY_MS = 250
const MAX_DELAY_MS = 5_000
/** Before the end that goAway announced. */
const HEADROOM_MS = 1_000
/** Input that is old by the time the connection is back; content, tool responses and updates wait for it. */
type Waiting = (client: LiveClient) => void

/** Rejects as `connectLive` does where the first connection fails; later failures end the iteration with an error. */
export async function connectResuming(options: ResumingOptions): Promise<LiveClient> {
  const giveUpAfterMs = options.giveUpAfterMs ?? 120_000
  const inbox = createInbox<ServerMessage>()
  let settleClosed: (close: LiveClose) => void
  const closed = new Promise<LiveClose>((settle) => {
    settleClosed = settle
  })
  const waiting: Waiting[] = []
  let config = options.config ?? {}
  let handle = config.sessionResumption?.handle
  let responding = false
  let leaving: ReturnType<typeof setTimeout> | undefined
  let wake: (() => void) | undefined
  let closedByUs = false
  let connected = true

  const open = () =>
    connectLive({
      ...options,
      config: { ...config, sessionResumption: handle === undefined ? {} : { handle } },
    })
  let client = await open()
  options.onConnection?.({ type: 'connected', sessionId: client.sessionId, resumed: handle !== undefined })
  void follow()

  /** Reads one connection after the other until the session is over. */
  async function follow(): Promise<void> {
    for (;;) {
      let problem: (Error & Partial<LiveClose>) | undefined
      try {
        for await (const message of client) receive(message)
      } catch (error) {
        problem = error as Error & Partial<LiveClose>
      }
      clearTimeout(leaving)
      const moving = leaving !== undefined
      leaving = undefined
      const close = await client.closed
      if (closedByUs || (close.code === 1000 && !moving)) return end(close)
      if (!moving && !isTransient(close.code)) return end(close, problem)
      connected = false
      const failure = await reconnect(moving ? 'goAway' : close.reason || `connection lost (${close.code})`)
      if (closedByUs) return end({ code: 1000, reason: '' })
      if (failure !== undefined) return end(close, failure)
    }
  }

  function receive(message: ServerMessage): void {
    if ('sessionResumptionUpdate' in message) {
      const { newHandle, resumable } = message.sessionResumptionUpdate
      if (resumable && newHandle) handle = newHandle
    }
    if ('serverContent' in message) responding = message.serverContent.turnComplete !== true
    if ('goAway' in message && leaving === undefined) {
      const timeLeftMs = Number.parseFloat(message.goAway.timeLeft) * 1000
      leaving = setTimeout(() => void client.close(), Math.max(0, timeLeftMs - HEADROOM_MS))
    }
    inbox.push(message)
    // Between two answers nothing is lost.
    if (leaving !== undefined && !responding) void client.close()
  }

  /** Undefined once there is a connection again, or the error to give up with. */
  async function reconnect(reason: string): Promise<Error | undefined> {
    const startMs = Date.now()
    let delayMs = FIRST_DELAY_MS
    responding = false
    for (let attempt = 1; ; attempt++) {
      options.onConnection?.({ type: 'reconnecting', attempt, delayMs, reason })
      await pause(delayMs)
      if (closedByUs) return undefined
      try {
        const resumed = handle !== undefined
        client = await open()
        connected = true
        if (closedByUs) await client.close()
        if (!resumed) client.sendHistory(options.history?.() ?? [])
        options.onConnection?.({ type: 'connected', sessionId: client.sessionId, resumed })
        for (const send of waiting.splice(0)) send(client)
        return undefined
      } catch (error) {
        const { code } = error as Partial<LiveClose>
        if (code !== undefined && !isTransient(code)) {
          // The handle is known no more (another server, too late): begin anew, once.
          if (handle === undefined) return error as Error
          handle = undefined
          delayMs = 0
          continue
        }
        if (Date.now() - startMs > giveUpAfterMs) return error as Error
        delayMs = Math.min(MAX_DELAY_MS, Math.max(FIRST_DELAY_MS, delayMs * 2))
      }
    }
  }

  function pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
      globalThis.addEventListener?.('online', wake, { once: true })
    })
  }

  function end(close: LiveClose, problem?: Error): void {
    connected = false
    inbox.end(problem)
    settleClosed(close)
  }

  const lasting = (send: Waiting) => (connected ? send(client) : void waiting.push(send))
  const passing = (send: Waiting) => {
    if (connected) send(client)
  }
  return {
    get sessionId() {
      return client.sessionId
    },
    get bufferedBytes() {
      return client.bufferedBytes
    },
    closed,
    sendText: (text, options) => lasting((client) => client.sendText(text, options)),
    sendHistory: (turns) => lasting((client) => client.sendHistory(turns)),
    sendToolResponse: (responses) => lasting((client) => client.sendToolResponse(responses)),
    updateContext(update) {
      config = { ...config, ...update }
      lasting((client) => client.updateContext(update))
    },
    sendRealtimeText: (text) => passing((client) => client.sendRealtimeText(text)),
    sendImage: (bytes, mimeType) => passing((client) => client.sendImage(bytes, mimeType)),
    sendAudio: (pcm16, rateHz) => passing((client) => client.sendAudio(pcm16, rateHz)),
    activityStart: () => passing((client) => client.activityStart()),
    activityEnd: () => passing((client) => client.activityEnd()),
    audioStreamEnd: () => passing((client) => client.audioStreamEnd()),
    close() {
      closedByUs = true
      wake?.()
      if (connected) void client.close()
      return closed
    },
    [Symbol.asyncIterator]: () => ({
      next: inbox.next,
      return: async () => ({ done: true, value: undefined }),
    }),
  }
}

/** 1007 and 1008 would be refused again; everything else may have gone when we ask again. */
function isTransient(code: number): boolean {
  return code !== 1007 && code !== 1008 && code !== 1009
}
