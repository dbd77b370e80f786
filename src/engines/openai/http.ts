/**
 * One request to an OpenAI-compatible server: address, key, timeouts, and what went wrong in words that say what to
 * do. Knows nothing of chat, transcription or speech.
 */
import { EngineError, type EngineErrorCode } from '../../engine/index.js'

export interface OpenAiOptions {
  /** `http://host:8000/v1`; without a path, `/v1` is added; the full address of the endpoint works too. */
  readonly url: string
  /** Sent as Bearer token; never shown. */
  readonly apiKey?: string
  readonly model: string
  /** Longest silence of the server: until the first byte, and between two. */
  readonly timeoutMs: number
}

export interface Endpoint {
  /** For messages: no key, no query. */
  readonly url: string
  readonly model: string
  readonly timeoutMs: number
  /**
   * Sends one POST. Rejects with the signal's reason, or with `EngineError`: `engine-lost` unreachable or cut,
   * `engine-timeout` silent, `engine-refused` a 4xx (the server's own words are in the message), `engine-failed` else.
   */
  post(body: string | FormData, signal: AbortSignal): Promise<Reply>
  /** An error that names the endpoint, without its key. */
  failure(code: EngineErrorCode, problem: string, cause?: unknown): EngineError
  /** What a reply other than 2xx amounts to, in words that say what to do. */
  refused(reply: RefusedReply): Promise<EngineError>
}

export interface RefusedReply {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly body: AsyncIterable<Uint8Array>
}

export interface Reply {
  readonly contentType: string
  /**
   * The body as it comes; same errors as `post`. Leaving it closes the connection. `patienceMs` may shorten the
   * timeout while it is read.
   */
  chunks(patienceMs?: () => number): AsyncGenerator<Uint8Array, void, void>
  bytes(): Promise<Uint8Array>
  /** Closes the connection if it is still open. */
  close(): void
}

/** A refusal that may name the field the server does not know. */
export class RefusedFieldError extends EngineError {
  readonly serverText: string
  constructor(message: string, serverText: string) {
    super('engine-refused', message)
    this.serverText = serverText
  }
}

const MAX_ERROR_CHARACTERS = 300
const MAX_ERROR_BYTES = 16_384

/** `path` is the endpoint's below `/v1`, such as `chat/completions`. Throws `engine-refused` for a URL that can't be used. */
export function createEndpoint(options: OpenAiOptions, path: string): Endpoint {
  const address = addressOf(options.url, path)
  const url = `${address.origin}${address.pathname}`
  const redact = (text: string) =>
    options.apiKey === undefined || options.apiKey === '' ? text : text.replaceAll(options.apiKey, '…')

  const fail = (code: EngineErrorCode, problem: string, cause?: unknown) =>
    new EngineError(code, redact(`${url} ${problem}`), { cause })

  return {
    url,
    model: options.model,
    timeoutMs: options.timeoutMs,
    failure: fail,
    refused: (reply) => refusal(reply, fail, redact, options.model),
    async post(body, signal) {
      signal.throwIfAborted()
      const connection = new AbortController()
      const close = () => connection.abort()
      const onAbort = () => connection.abort(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })

      /** Waits for the server, but no longer than its patience and the caller's. */
      async function awaited<T>(what: Promise<T>, patienceMs: number): Promise<T> {
        let late = false
        const timer = setTimeout(() => {
          late = true
          connection.abort()
        }, patienceMs)
        try {
          return await what
        } catch (error) {
          if (signal.aborted) throw signal.reason
          if (late) {
            throw fail(
              'engine-timeout',
              `sent nothing for ${patienceMs} ms; is the server overloaded or still loading "${options.model}"? Otherwise raise the timeout`,
            )
          }
          throw fail(
            'engine-lost',
            `${lostReason(error)}; is the server running, and is this its address?`,
            error,
          )
        } finally {
          clearTimeout(timer)
        }
      }

      async function* chunks(
        response: Response,
        patienceMs: () => number,
      ): AsyncGenerator<Uint8Array, void, void> {
        const reader = response.body?.getReader()
        try {
          while (reader !== undefined) {
            const { done, value } = await awaited(reader.read(), patienceMs())
            signal.throwIfAborted()
            if (done) return
            yield value
          }
        } finally {
          signal.removeEventListener('abort', onAbort)
          close()
        }
      }

      const headers: Record<string, string> = { accept: '*/*' }
      if (typeof body === 'string') headers['content-type'] = 'application/json'
      if (options.apiKey !== undefined && options.apiKey !== '') {
        headers.authorization = `Bearer ${options.apiKey}`
      }
      try {
        const response = await awaited(
          fetch(address, { method: 'POST', body, headers, redirect: 'manual', signal: connection.signal }),
          options.timeoutMs,
        )
        const whole = () => chunks(response, () => options.timeoutMs)
        if (!response.ok) {
          const { status, headers } = response
          throw await refusal({ status, headers, body: whole() }, fail, redact, options.model)
        }
        return {
          contentType: response.headers.get('content-type')?.toLowerCase() ?? '',
          chunks: (patienceMs = () => options.timeoutMs) => chunks(response, patienceMs),
          bytes: () => joinChunks(whole()),
          close() {
            signal.removeEventListener('abort', onAbort)
            close()
          },
        }
      } catch (error) {
        signal.removeEventListener('abort', onAbort)
        close()
        throw error
      }
    },
  }
}

function addressOf(url: string, path: string): URL {
  let address: URL
  try {
    address = new URL(url)
  } catch {
    throw new EngineError('engine-refused', `"${url}" is not a URL; write it like http://127.0.0.1:8000/v1`)
  }
  if (address.protocol !== 'http:' && address.protocol !== 'https:') {
    throw new EngineError('engine-refused', `the URL "${url}" must begin with http:// or https://`)
  }
  if (address.username !== '' || address.password !== '') {
    throw new EngineError(
      'engine-refused',
      `the URL for ${address.host} holds a user name or password; give the key as apiKey instead`,
    )
  }
  const base = address.pathname.replace(/\/+$/, '')
  if (base.endsWith(`/${path}`)) address.pathname = base
  else address.pathname = `${base === '' ? '/v1' : base}/${path}`
  return address
}

async function refusal(
  { status, headers, body }: RefusedReply,
  fail: (code: EngineErrorCode, problem: string) => EngineError,
  redact: (text: string) => string,
  model: string,
): Promise<EngineError> {
  const said = redact(await serverText(body))
  const words = said === '' ? '' : `: ${said}`
  if (status >= 300 && status < 400) {
    return fail('engine-refused', `redirects to ${headers.get('location')}; use that address`)
  }
  if (status === 401 || status === 403) {
    return fail(
      'engine-refused',
      `refused the key (${status})${words}; set the right API key for this engine`,
    )
  }
  if (status === 404) {
    return fail(
      'engine-refused',
      `answered 404${words}; does it serve the model "${model}", and does the URL end in /v1?`,
    )
  }
  if (status === 429) {
    const after = headers.get('retry-after')
    const wait = after === null ? '' : `, retry after ${after} s`
    return fail('engine-failed', `is over its limit (429${wait})${words}; wait, or raise the limit there`)
  }
  if (status >= 502 && status <= 504) {
    return fail('engine-lost', `is not ready (${status})${words}; wait until it has loaded, or restart it`)
  }
  if (status >= 500) return fail('engine-failed', `failed (${status})${words}; see the log of that server`)
  const problem = fail('engine-refused', `refused the request (${status})${words}`)
  return new RefusedFieldError(problem.message, said)
}

/** The error's message in the shapes that servers use, or the beginning of whatever it is. */
async function serverText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of body) {
      parts.push(part)
      if ((size += part.length) > MAX_ERROR_BYTES) break
    }
  } catch {
    // The status says enough.
  }
  const text = Buffer.concat(parts).toString('utf8')
  return errorMessage(parseJson(text)) ?? shorten(text.replace(/<[^>]*>/g, ' '))
}

/** `{error: {message}}`, `{error: "…"}`, `{message}`, `{detail}`; undefined where there is none. */
export function errorMessage(reply: unknown): string | undefined {
  if (typeof reply !== 'object' || reply === null) return undefined
  const { error, message, detail } = reply as Record<string, unknown>
  if (typeof error === 'object' && error !== null)
    return errorMessage(error) ?? shorten(JSON.stringify(error))
  for (const text of [error, message]) if (typeof text === 'string' && text !== '') return shorten(text)
  if (detail === undefined || detail === null) return undefined
  return shorten(typeof detail === 'string' ? detail : JSON.stringify(detail))
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > MAX_ERROR_CHARACTERS ? `${line.slice(0, MAX_ERROR_CHARACTERS)}…` : line
}

/** fetch hides the reason in `cause`; sockets tell it themselves. */
export function lostReason(error: unknown): string {
  type Told = { readonly code?: string; readonly message?: string }
  const cause = (error as { cause?: Told }).cause ?? (error as Told)
  if (cause?.code === 'ECONNREFUSED') return 'can not be reached (connection refused)'
  if (cause?.code === 'ENOTFOUND' || cause?.code === 'EAI_AGAIN') return 'can not be reached (unknown host)'
  const detail = cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error))
  return `broke off (${detail})`
}

async function joinChunks(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of chunks) parts.push(part)
  return Buffer.concat(parts)
}
