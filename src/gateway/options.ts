/** What the gateway is built from: addresses, checks, limits. Plain values and functions; nothing is read here. */

import type { IncomingHttpHeaders } from 'node:http'

import type { TextGenerator, VoicePreviews } from '../runtime/index.js'
import type { Logger } from '../runtime/logger.js'
import type { SessionHost } from './session.js'
import type { EphemeralTokens } from './tokens/tokens.js'

export interface GatewayOptions {
  /** Address to listen on, for example `127.0.0.1`. */
  readonly host: string
  /** Port of http:// and ws://; 0 picks a free one. */
  readonly port: number
  /** Port of https:// and wss://, used with `tls`; 0 (the default) picks a free one. */
  readonly tlsPort?: number
  /** PEM texts. Without them there is no TLS port. */
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly sessions: SessionHost
  /** False while engines warm up: connections are answered 503, and so is `/readyz`. */
  readonly ready: () => boolean
  /** Both return undefined to accept, else a sentence that says what to do. */
  readonly checkCredential: RequestCheck
  readonly checkOrigin: RequestCheck
  /** Ephemeral tokens; without them none is made or accepted. */
  readonly tokens?: EphemeralTokens
  /** The API key of this server that a request presents, to be remembered in the tokens that are made with it. */
  readonly keyOf?: (request: RequestFacts) => string | undefined
  /** Answers without a session; undefined until the engines are ready. */
  readonly text?: () => TextGenerator | undefined
  /** Names of voices, and what they sound like; undefined until the engines are ready. */
  readonly voiceNames?: readonly string[]
  readonly previews?: () => VoicePreviews | undefined
  /** Model ids served beside the known ones. */
  readonly models?: readonly string[]
  /** Answers what Google's auth libraries ask a metadata server; asked first, on the plain port only. */
  readonly metadata?: (request: Request, from: RequestFacts) => HandlerAnswer
  /** Answers requests for the web page; asked last. */
  readonly page?: (request: Request) => HandlerAnswer
  readonly limits?: Partial<GatewayLimits>
  /** Sends JSON in text frames; the default is binary frames, which some clients insist on. */
  readonly textFrames?: boolean
  /** Refuses fields that the API does not define; the default logs them. */
  readonly strict?: boolean
  readonly logger: Logger
}

export type HandlerAnswer = Response | undefined | Promise<Response | undefined>

export type RequestCheck = (request: RequestFacts) => string | undefined

/** The facts of an HTTP request or WebSocket upgrade that checks decide on. */
export interface RequestFacts {
  /** Request target: path and query, with a single leading slash. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly remoteAddress: string | undefined
  /** True on the TLS port. */
  readonly secure: boolean
}

export interface GatewayLimits {
  /** Largest client message. Decoding one of 16 MiB blocks the event loop for 80 to 110 ms (measured). */
  readonly maxMessageBytes: number
  /** Bytes waiting for a client that reads too slowly, beyond which it is closed. */
  readonly maxQueuedBytes: number
  /** Frames per second that a client may send on average … */
  readonly messagesPerSecond: number
  /** … and how many at once: a long recording in 20 ms chunks is 3,000 messages per minute of speech. */
  readonly messageBurst: number
  /** A client must send `setup` within this time. */
  readonly setupTimeoutMs: number
  /** A client that takes none of the data waiting for it in this time is closed. Well above a blocked program. */
  readonly stalledTimeoutMs: number
  /** Interval of WebSocket pings, for the proxies in between. An unanswered ping has no consequence. */
  readonly pingIntervalMs: number
  /** A connection is closed after this time, with a goAway before; 0 = never. */
  readonly connectionLimitMs: number
  /** Time between a close frame and the end of the TCP connection if the client does not answer it. */
  readonly closeGraceMs: number
}

export const DEFAULT_LIMITS: GatewayLimits = {
  maxMessageBytes: 16 * 1024 * 1024,
  maxQueuedBytes: 16 * 1024 * 1024,
  messagesPerSecond: 2_000,
  messageBurst: 20_000,
  setupTimeoutMs: 120_000,
  stalledTimeoutMs: 600_000,
  pingIntervalMs: 30_000,
  connectionLimitMs: 0,
  closeGraceMs: 3_000,
}
