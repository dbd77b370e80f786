/**
 * One WebSocket to a server that speaks the OpenAI Realtime protocol: address, key, what went wrong in words, and which of the two shapes of
 * the protocol it speaks. Knows nothing of conversations.
 */
import { WebSocket } from 'ws'
import type { EngineError, EngineErrorCode } from '../../engine/index.js'
import {
  createEndpoint,
  type Endpoint,
  errorMessage,
  lostReason,
  type OpenAiOptions,
  parseJson,
} from './http.js'

/** `released`: as OpenAI serves it. `preview`: with the names from before, which most other servers speak. */
export type Dialect = 'released' | 'preview'

/** What is read of a server's event; everything may be missing. */
export interface ServerEvent {
  readonly type: string
  readonly response_id?: string
  readonly item_id?: string
  readonly content_index?: number
  readonly delta?: string
  readonly item?: ServerItem
  readonly response?: ServerResponse
  readonly session?: { readonly type?: string; readonly output_modalities?: unknown }
  readonly error?: ServerError
}

export interface ServerItem {
  readonly id?: string
  readonly type?: string
  readonly call_id?: string
  readonly name?: string
  readonly arguments?: string
}

export interface ServerResponse {
  readonly id?: string
  readonly status?: string
  readonly status_details?: {
    readonly reason?: string
    readonly error?: { readonly type?: string; readonly code?: string; readonly message?: string } | null
  } | null
  readonly usage?: {
    readonly input_tokens?: number
    readonly output_tokens?: number
    readonly input_token_details?: { readonly cached_tokens?: number } | null
  } | null
}

export interface ServerError {
  readonly type?: string
  readonly code?: string | null
  readonly message?: string
  /** Of the client's event that it is about. */
  readonly event_id?: string | null
}

export type ClientEvent = { readonly type: string } & Readonly<Record<string, unknown>>

export interface RealtimeLink {
  readonly dialect: Dialect
  /** Returns the event's id, which errors refer to. */
  send(event: ClientEvent): string
  close(): void
}

export interface RealtimeEndpoint
  extends Pick<Endpoint, 'url' | 'model' | 'timeoutMs' | 'failure' | 'refused'> {
  /** Resolves once the server has said which dialect it speaks. `onLost` is called once after that. */
  connect(onEvent: (event: ServerEvent) => void, onLost: (error: EngineError) => void): Promise<RealtimeLink>
}

const MAX_EVENT_BYTES = 16 * 1024 * 1024

/** Takes the URL as `http`, `https`, `ws` or `wss`. Throws `engine-refused` for one that can't be used. */
export function createRealtimeEndpoint(options: OpenAiOptions): RealtimeEndpoint {
  const endpoint = createEndpoint({ ...options, url: options.url.replace(/^ws(?=s?:)/, 'http') }, 'realtime')
  const address = new URL(endpoint.url.replace(/^http/, 'ws'))
  address.searchParams.set('model', options.model)
  const headers = options.apiKey ? { authorization: `Bearer ${options.apiKey}` } : {}

  return {
    ...endpoint,
    connect(onEvent, onLost) {
      const socket = new WebSocket(address, {
        headers,
        handshakeTimeout: options.timeoutMs,
        maxPayload: MAX_EVENT_BYTES,
        perMessageDeflate: false,
      })
      return new Promise((resolve, reject) => {
        let opened = false
        let over = false
        let count = 0
        const timer = setTimeout(() => {
          fail(endpoint.failure('engine-timeout', `sent no session.created within ${options.timeoutMs} ms`))
        }, options.timeoutMs)

        function fail(error: EngineError): void {
          if (over) return
          over = true
          clearTimeout(timer)
          socket.terminate()
          if (opened) onLost(error)
          else reject(error)
        }

        socket.on('unexpected-response', (_request, response) => {
          const get = (name: string) => response.headers[name]?.toString() ?? null
          const { statusCode: status = 0 } = response
          void endpoint.refused({ status, headers: { get }, body: response }).then(fail)
        })
        socket.on('error', (error) => {
          const code: EngineErrorCode = /timed out/.test(error.message) ? 'engine-timeout' : 'engine-lost'
          fail(
            endpoint.failure(
              code,
              `${lostReason(error)}; is the server running, and is this its address?`,
              error,
            ),
          )
        })
        socket.on('close', (code, reason) => {
          const why = reason.length > 0 ? `: ${reason.toString()}` : ''
          fail(endpoint.failure('engine-lost', `closed the connection (${code}${why})`))
        })
        socket.on('message', (data) => {
          if (over) return
          const event = parseJson(data.toString()) as ServerEvent | undefined
          if (typeof event?.type !== 'string') {
            fail(endpoint.failure('engine-failed', 'did not answer like the Realtime API'))
          } else if (opened) onEvent(event)
          else if (event.type === 'error') fail(eventFailure(endpoint, event.error))
          else if (event.type === 'session.created') {
            opened = true
            clearTimeout(timer)
            const { type, output_modalities: modalities } = event.session ?? {}
            resolve({
              dialect: type === 'realtime' || modalities !== undefined ? 'released' : 'preview',
              send(sent) {
                const id = `event_${++count}`
                if (socket.readyState === WebSocket.OPEN)
                  socket.send(JSON.stringify({ event_id: id, ...sent }))
                return id
              },
              close() {
                over = true
                socket.close()
              },
            })
          }
        })
      })
    },
  }
}

/** An `error` event, or the error of a response, in words. */
export function eventFailure(
  endpoint: Pick<Endpoint, 'failure'>,
  error: ServerError | undefined,
): EngineError {
  const said = errorMessage(error) ?? error?.code ?? 'no reason given'
  const kind = `${error?.type} ${error?.code}`
  const code: EngineErrorCode = /session_expired/.test(kind)
    ? 'engine-lost'
    : /invalid|auth|permission|not_found|unsupported|missing|unknown/.test(kind)
      ? 'engine-refused'
      : 'engine-failed'
  const problem = code === 'engine-refused' ? 'refused the request' : 'failed'
  return endpoint.failure(code, `${problem}: ${said}`)
}
