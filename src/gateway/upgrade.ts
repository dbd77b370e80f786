/**
 * The way from an HTTP upgrade to a WebSocket: path, origin, credential and readiness are checked in that order
 * and refused with a plain sentence. Knows nothing of what is said on the socket afterwards.
 */

import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

import { WebSocket, WebSocketServer } from 'ws'

import { closeReason, closing, type LivePath, matchLivePath } from '../protocol/index.js'
import { megabytes } from './connection.js'
import { presentedCredentials } from './credentials.js'
import type { GatewayOptions, RequestFacts } from './options.js'
import { TOKEN_PREFIX, type TokenGrant } from './tokens/tokens.js'

type Checks = Pick<GatewayOptions, 'checkCredential' | 'checkOrigin' | 'tokens' | 'logger'> & {
  /** Why nobody is served now, in a sentence. */
  readonly unready: () => string | undefined
}

/** Until an uninvited client that does not answer the close frame is cut off. */
const REFUSED_GRACE_MS = 1_000

/** What came through: by which path, with whose token, from whom. */
export interface Admitted {
  readonly path: LivePath
  readonly grant?: TokenGrant
  readonly facts: RequestFacts
}

/** Returns a handler of `upgrade` events that calls `accept` with every socket that passed the checks. */
export function createUpgradeHandler(
  checks: Checks,
  maxMessageBytes: number,
  accept: (socket: WebSocket, admitted: Admitted) => void,
): (request: IncomingMessage, socket: Duplex, head: Buffer, secure: boolean) => void {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    // Compressing audio costs CPU time and saves nothing; clients offer it by default and do without it.
    perMessageDeflate: false,
    // The library cuts a client off without a reason after 60 pings at once: the connection answers them itself.
    autoPong: false,
    WebSocket: explainingWebSocket(maxMessageBytes),
  })
  return (request, socket, head, secure) => {
    const onError = (error: Error): void => checks.logger.debug({ error: error.message }, 'upgrade failed')
    socket.on('error', onError)
    const path = matchLivePath(request.url ?? '/')
    const facts = requestFacts(request, secure)
    const admission: Admission = path ? admit(checks, path, facts) : NOT_FOUND
    if ('text' in admission) {
      const { status, text } = admission
      checks.logger.info({ status, text }, 'upgrade refused')
      answerRefusal(socket, status, text)
      return
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', onError)
      if (admission.refusal !== undefined) refuse(webSocket, admission.refusal)
      else accept(webSocket, { path: path!, facts, ...(admission.grant && { grant: admission.grant }) })
    })
  }
}

export function requestFacts(request: IncomingMessage, secure: boolean): RequestFacts {
  return {
    // `//host` would be read as another authority by URL parsers; some SDKs do send two slashes.
    url: (request.url ?? '/').replace(/^\/{2,}/, '/'),
    headers: request.headers,
    remoteAddress: request.socket.remoteAddress,
    secure,
  }
}

interface Refusal {
  readonly status: number
  readonly text: string
}

const NOT_FOUND: Refusal = {
  status: 404,
  text: 'No Live API here: connect to a path that ends in …BidiGenerateContent, as the SDKs do, or to "/".',
}

/** What becomes of an upgrade: an HTTP answer, or a socket, which is closed at once where there is a `refusal`. */
type Admission = Refusal | { readonly refusal?: string; readonly grant?: TokenGrant }

/** Every check gets a say; a check that fails by itself must not let anyone in, nor take the server down. */
function admit(checks: Checks, path: LivePath, facts: RequestFacts): Admission {
  try {
    return checkAll(checks, path, facts)
  } catch (error) {
    checks.logger.error({ err: error }, 'unexpected error in a check of an upgrade')
    return { status: 500, text: 'Internal error: see the log of the server.' }
  }
}

function checkAll(checks: Checks, path: LivePath, facts: RequestFacts): Admission {
  const origin = checks.checkOrigin(facts)
  if (origin !== undefined) return { status: 403, text: origin }
  const admission = checkCredential(checks, path, facts)
  const unready = checks.unready()
  return admission.refusal === undefined && unready !== undefined ? { status: 503, text: unready } : admission
}

/** A token decides wherever one is presented, also beside a good key: it is there to permit less. */
function checkCredential(
  checks: Checks,
  path: LivePath,
  facts: RequestFacts,
): { readonly refusal?: string; readonly grant?: TokenGrant } {
  const token = presentedCredentials(facts).find((credential) => credential.startsWith(TOKEN_PREFIX))
  if (checks.tokens && token !== undefined) {
    const grant = checks.tokens.grant(token)
    return 'refusal' in grant ? grant : { grant }
  }
  if (path.constrained) {
    return {
      refusal: closing('token-needed', {}).reason,
    }
  }
  const refusal = checks.checkCredential(facts)
  return refusal === undefined ? {} : { refusal }
}

/** After the upgrade, since an HTTP status is hidden by browsers and by most libraries, a close reason by none. */
function refuse(socket: WebSocket, text: string): void {
  socket.on('error', () => {})
  socket.close(closing('credential-unknown', {}).code, closeReason(text))
  const cutOff = setTimeout(() => socket.terminate(), REFUSED_GRACE_MS)
  socket.once('close', () => clearTimeout(cutOff))
}

function answerRefusal(socket: Duplex, status: number, text: string): void {
  const body = `${text}\n`
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 503 ? ['Retry-After: 2'] : []),
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** The library closes with a bare code what it refuses by itself; clients show nothing but the reason. */
function explainingWebSocket(maxMessageBytes: number): typeof WebSocket {
  const known = [
    closing('frame-broken', {}),
    closing('message-not-utf8', {}),
    closing('frame-fragments', {}),
    closing('message-too-large', { limit: megabytes(maxMessageBytes) }),
  ]
  return class extends WebSocket {
    override close(code?: number, reason?: string | Buffer): void {
      super.close(code, reason ?? known.find((closing) => closing.code === code)?.reason)
    }
  }
}
