/**
 * A session of the Live API from the client's side: `connectLive` opens one, methods send, iterating receives. Works
 * in browsers and Node. It keeps no history and plays nothing; audio is PCM16 little-endian mono.
 */

import type { ServerMessage } from '../protocol/index.js'
import { bytesToBase64 } from './base64.js'
import { type LiveConfig, liveUrl } from './config.js'
import { createInbox } from './inbox.js'
import { globalWebSocket, type LiveSocketConstructor } from './socket.js'

export interface ConnectOptions {
  /** The server, e.g. `http://localhost:8080`; see `liveUrl`. */
  readonly url: string
  readonly model: string
  readonly config?: LiveConfig
  readonly apiKey?: string
  /** Needed where the runtime has none: pass that of `ws`. */
  readonly WebSocket?: LiveSocketConstructor
  /** Aborting closes the session, before and after it was opened. */
  readonly signal?: AbortSignal
  /** Sees every message of the wire as text, both ways and in order, `setup` and `setupComplete` included. */
  readonly observe?: (direction: WireDirection, text: string) => void
}

export type WireDirection = 'sent' | 'received'

/** A turn of the conversation as `clientContent` carries it. */
export interface ContentTurn {
  readonly role: 'user' | 'model'
  readonly text: string
}

/** The answer to a function call; `response` holds `output` or `error` by convention. */
export interface FunctionResponse {
  readonly id: string
  readonly name: string
  readonly response: Readonly<Record<string, unknown>>
  /** When the result of a NON_BLOCKING call is used; the default is WHEN_IDLE. */
  readonly scheduling?: 'SILENT' | 'WHEN_IDLE' | 'INTERRUPT'
}

/** The close that ended a session. */
export interface LiveClose {
  readonly code: number
  readonly reason: string
}

/**
 * Iterating yields every message after `setupComplete`, those that came before iteration began included; it can be
 * iterated again after a `break`, but by one reader at a time. It ends when this side closes or the server closes with
 * 1000, and throws an `Error` with `code` and `reason` when the session ends otherwise.
 */
export interface LiveClient extends AsyncIterable<ServerMessage> {
  readonly sessionId: string | undefined
  /** Bytes handed to the socket that the network has not taken yet. */
  readonly bufferedBytes: number
  /** Settles, never rejects, when the session is over. */
  readonly closed: Promise<LiveClose>
  /** A user turn as text; with `turnComplete: false` it is only added to the context. */
  sendText(text: string, options?: { readonly turnComplete?: boolean }): void
  /** Turns that were had elsewhere, added to the context without an answer to them. */
  sendHistory(turns: readonly ContentTurn[]): void
  /** Text as realtime input: it counts as user activity and interrupts as speech does. */
  sendRealtimeText(text: string): void
  /** A JPEG, PNG or WebP still, about one a second. */
  sendImage(bytes: Uint8Array, mimeType: string): void
  sendToolResponse(responses: readonly FunctionResponse[]): void
  /** Replaces what is given for the rest of the session. */
  updateContext(update: Pick<LiveConfig, 'systemInstruction' | 'tools'>): void
  /** Whole samples or not: an odd last byte is joined to the next chunk by the server. */
  sendAudio(pcm16: Uint8Array, sampleRateHz?: number): void
  activityStart(): void
  activityEnd(): void
  /** The microphone was switched off. */
  audioStreamEnd(): void
  close(): Promise<LiveClose>
}

/**
 * Resolves once the server has accepted the setup. Rejects with an `Error` that carries `code` and `reason` where the
 * connection fails or the server closes first. Sending after the end is silently dropped: the end is seen by iterating.
 */
export function connectLive(options: ConnectOptions): Promise<LiveClient> {
  const Socket = options.WebSocket ?? globalWebSocket()
  const url = liveUrl(options.url, options.apiKey)
  options.signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const socket = new Socket(url)
    socket.binaryType = 'arraybuffer'
    const inbox = createInbox<ServerMessage>()
    let client: LiveClient | undefined
    let closedByUs = false
    let ended: LiveClose | undefined
    let settleClosed: (close: LiveClose) => void
    const closed = new Promise<LiveClose>((settle) => {
      settleClosed = settle
    })
    const send = (message: object) => {
      if (ended !== undefined) return
      const text = JSON.stringify(message)
      socket.send(text)
      options.observe?.('sent', text)
    }
    const close = () => {
      closedByUs = true
      if (ended === undefined) socket.close(1000)
      return closed
    }
    const onAbort = () => void close()
    options.signal?.addEventListener('abort', onAbort, { once: true })
    socket.onopen = () => {
      const path = options.model.includes('/') ? options.model : `models/${options.model}`
      send({ setup: { model: path, ...options.config } })
    }
    // A close event always follows; browsers say nothing here, `ws` says why (and would throw without a listener).
    let failure: unknown
    socket.onerror = (event: { message?: unknown }) => {
      failure = event.message
    }
    socket.onmessage = (event: { data: unknown }) => {
      const text = frameText(event.data)
      if (text === '') return
      options.observe?.('received', text)
      const message = JSON.parse(text) as ServerMessage
      if (!('setupComplete' in message)) inbox.push(message)
      else if (client === undefined) resolve((client = createClient(message.setupComplete.sessionId)))
    }
    socket.onclose = ({ code, reason }: LiveClose) => {
      options.signal?.removeEventListener('abort', onAbort)
      ended = { code, reason }
      const orderly = closedByUs || code === 1000
      inbox.end(orderly ? undefined : closeError(ended, `the connection to ${withoutQuery(url)} was lost`))
      settleClosed(ended)
      if (client !== undefined) return
      const why = typeof failure === 'string' ? `: ${failure}` : ''
      const error = closeError(ended, `no connection to ${withoutQuery(url)}${why}`)
      reject(options.signal?.aborted ? options.signal.reason : error)
    }

    function createClient(sessionId: string | undefined): LiveClient {
      return {
        sessionId,
        closed,
        get bufferedBytes() {
          return socket.bufferedAmount
        },
        sendText(text, { turnComplete = true } = {}) {
          send({ clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete } })
        },
        sendHistory(turns) {
          const contents = turns.map(({ role, text }) => ({ role, parts: [{ text }] }))
          if (contents.length > 0) send({ clientContent: { turns: contents, turnComplete: false } })
        },
        sendRealtimeText: (text) => send({ realtimeInput: { text } }),
        sendImage(bytes, mimeType) {
          send({ realtimeInput: { video: { mimeType, data: bytesToBase64(bytes) } } })
        },
        sendToolResponse: (functionResponses) => send({ toolResponse: { functionResponses } }),
        updateContext({ systemInstruction, tools }) {
          send({
            contextUpdate: {
              ...(systemInstruction && { systemInstruction }),
              ...(tools && { tools: { tools } }),
            },
          })
        },
        sendAudio(pcm16, sampleRateHz = 16_000) {
          const audio = { mimeType: `audio/pcm;rate=${sampleRateHz}`, data: bytesToBase64(pcm16) }
          send({ realtimeInput: { audio } })
        },
        activityStart: () => send({ realtimeInput: { activityStart: {} } }),
        activityEnd: () => send({ realtimeInput: { activityEnd: {} } }),
        audioStreamEnd: () => send({ realtimeInput: { audioStreamEnd: true } }),
        close,
        [Symbol.asyncIterator]: () => ({
          next: inbox.next,
          return: async () => ({ done: true, value: undefined }),
        }),
      }
    }
  })
}

/** Frames are JSON as text or as binary; anything else is not for this client. */
function frameText(data: unknown): string {
  return typeof data === 'string' ? data : data instanceof ArrayBuffer ? decoder.decode(data) : ''
}

const decoder = new TextDecoder()

/** It may hold the key. */
const withoutQuery = (url: string) => url.replace(/\?.*/, '')

/** `broken`: what to say where the network ended it. */
function closeError({ code, reason }: LiveClose, broken: string): Error & LiveClose {
  const sentence =
    code === 1006 ? broken : `the server closed the session: ${reason || 'no reason given'} (${code})`
  return Object.assign(new Error(sentence), { code, reason })
}
