/**
 * HTTP as the catalog needs it: redirects by hand (the hub puts a file's digest on the redirect), proxies of the
 * environment, connect and stall timeouts, and a memory of hosts that can't be reached, so that 54 small files do not
 * wait 54 times. Knows no files and no digests.
 */
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import { SourceFailure, systemCode } from './errors.js'

export interface HttpTimings {
  /** DNS, TCP and TLS together. An unreachable host costs this much once. */
  readonly connectTimeoutMs: number
  /** Longest wait for headers, and between two pieces of a body. */
  readonly stallTimeoutMs: number
  /** Waits before each new try; as many tries as there are entries, counted anew whenever bytes have arrived. */
  readonly retryDelaysMs: readonly number[]
}

export const defaultHttpTimings: HttpTimings = {
  connectTimeoutMs: 8_000,
  stallTimeoutMs: 30_000,
  retryDelaysMs: [500, 2_000, 5_000, 10_000],
}

export interface HttpClient {
  readonly timings: HttpTimings
  /**
   * GET with redirects followed. Throws `SourceFailure` where the host is known to be out of reach, and the
   * transport's own error otherwise; the signal's reason after an abort.
   */
  get(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<HttpAnswer>
  close(): Promise<void>
}

export interface HttpAnswer {
  readonly status: number
  readonly header: (name: string) => string | undefined
  /** `X-Linked-Etag` of the hub: the sha256 of a large file, sent before its first byte. */
  readonly linkedEtag: string | undefined
  readonly body: Dispatcher.ResponseData['body']
}

const maximumRedirects = 8
const redirectStatus = new Set([301, 302, 303, 307, 308])

export function createHttpClient(timings: HttpTimings = defaultHttpTimings): HttpClient {
  const { connectTimeoutMs, stallTimeoutMs } = timings
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: connectTimeoutMs },
    headersTimeout: stallTimeoutMs,
    bodyTimeout: stallTimeoutMs,
  }).compose((dispatch) => (options, handler) => dispatch(options, takeLastPiece(handler)))
  const answered = new Set<string>()
  const outOfReach = new Map<string, string>()

  const send = async (url: URL, headers: Record<string, string>, signal: AbortSignal) => {
    const known = outOfReach.get(url.host)
    if (known) throw new SourceFailure(known)
    try {
      const response = await request(url, { method: 'GET', headers, dispatcher, signal })
      answered.add(url.host)
      return response
    } catch (error) {
      signal.throwIfAborted()
      // A host that has answered before is having a bad moment; one that never has is not there.
      if (answered.has(url.host) || !isUnreachable(error)) throw error
      const reason = `${url.host} can't be reached (${systemCode(error)})`
      outOfReach.set(url.host, reason)
      throw new SourceFailure(reason, { cause: error })
    }
  }

  return {
    timings,
    close: () => dispatcher.close(),
    async get(address, headers, signal) {
      let url = new URL(address)
      let linkedEtag: string | undefined
      for (let hop = 0; hop <= maximumRedirects; hop++) {
        const response = await send(url, { 'accept-encoding': 'identity', ...headers }, signal)
        const header = (name: string) => {
          const value = response.headers[name]
          return Array.isArray(value) ? value[0] : value
        }
        linkedEtag ??= header('x-linked-etag')
        const location = header('location')
        if (!redirectStatus.has(response.statusCode) || !location)
          return { status: response.statusCode, header, linkedEtag, body: response.body }
        await response.body.dump()
        url = new URL(location, url)
      }
      throw new SourceFailure(`${address} redirects more than ${maximumRedirects} times`)
    },
  }
}

/**
 * A reader that is behind pauses the parser. Paused on the last piece, undici 7 ends the process when the server then
 * closes the connection (nodejs/undici#5360, mended in 8, which needs Node 22): so the last piece never pauses it.
 */
function takeLastPiece(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  let leftBytes = Number.NaN
  return {
    onRequestStart: (...start) => handler.onRequestStart?.(...start),
    onRequestUpgrade: (...upgrade) => handler.onRequestUpgrade?.(...upgrade),
    onResponseStart(controller, status, headers, message) {
      leftBytes = Number(headers['content-length'])
      handler.onResponseStart?.(controller, status, headers, message)
    },
    onResponseData(controller, chunk) {
      leftBytes -= chunk.length
      handler.onResponseData?.(controller, chunk)
      if (leftBytes <= 0) controller.resume()
    },
    onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
    onResponseError: (...error) => handler.onResponseError?.(...error),
  }
}

/** No answer can come from there at all, as opposed to one that broke off. */
function isUnreachable(error: unknown): boolean {
  const code = systemCode(error)
  return (
    code !== undefined &&
    (/^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/.test(
      code,
    ) ||
      /CERT|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO/.test(code))
  )
}
