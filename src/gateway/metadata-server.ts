/**
 * Stands in for the metadata server of a cloud machine, for programs on this one: Google's auth libraries find it by
 * GCE_METADATA_HOST and get a token that works here and nowhere else. It answers loopback peers only and knows
 * nothing of HTTP servers.
 */

import { randomBytes } from 'node:crypto'
import { isLoopbackAddress, isLoopbackName } from './loopback.js'

export interface MetadataServer {
  /** The answer, or undefined for a request that is not for a metadata server. */
  handle(request: Request, from: { readonly remoteAddress: string | undefined }): Response | undefined
  /** Whether `token` was handed out here and has not expired. */
  acceptsToken(token: string): boolean
}

export interface MetadataServerOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** What a program that names no project gets. */
  readonly projectId: string
}

/** As the real one: a token lives for an hour and is given out again until five minutes before its end. */
const TOKEN_LIFE_MS = 3_600_000
const TOKEN_RENEW_MS = 300_000

const FLAVOR = { 'Metadata-Flavor': 'Google' }
const ROOT = '/computeMetadata/v1'
/**
 * Not under gserviceaccount.com: for such an account the Python library (2.62) sends the token on to Google in the
 * background, to look up where it may be used.
 */
const ACCOUNT = 'live@vivavoce.invalid'
const SCOPES = ['https://www.googleapis.com/auth/cloud-platform']

export function createMetadataServer(options: MetadataServerOptions): MetadataServer {
  const { now, projectId } = options
  /** Token → its end. Never more than two: the current one and the one before. */
  const tokens = new Map<string, number>()

  function currentToken(): { token: string; endsAtMs: number } {
    const nowMs = now()
    for (const [token, endsAtMs] of tokens) {
      if (endsAtMs - TOKEN_RENEW_MS > nowMs) return { token, endsAtMs }
      if (endsAtMs <= nowMs) tokens.delete(token)
    }
    const token = `vivavoce-${randomBytes(32).toString('base64url')}`
    const endsAtMs = nowMs + TOKEN_LIFE_MS
    tokens.set(token, endsAtMs)
    return { token, endsAtMs }
  }

  function tokenAnswer(): Response {
    const { token, endsAtMs } = currentToken()
    // Whole seconds, one less than what is left: a client must not believe in a token longer than we do.
    const expiresInSeconds = Math.floor((endsAtMs - now()) / 1_000) - 1
    return json({ access_token: token, expires_in: expiresInSeconds, token_type: 'Bearer' })
  }

  function accountAnswer(path: string): Response | undefined {
    const [, name, leaf = ''] = /^\/instance\/service-accounts\/([^/]+)(?:\/(.*))?$/.exec(path) ?? []
    if (name !== 'default' && name !== ACCOUNT) return undefined
    if (leaf === '') return json({ aliases: ['default'], email: ACCOUNT, scopes: SCOPES })
    if (leaf === 'token') return tokenAnswer()
    if (leaf === 'email') return text(ACCOUNT)
    if (leaf === 'scopes') return text(`${SCOPES.join('\n')}\n`)
    return undefined
  }

  function answer(path: string): Response {
    switch (path) {
      case '':
        return text('instance/\nproject/\nuniverse/\n')
      case '/instance':
        return text('service-accounts/\n')
      case '/instance/service-accounts':
        return text(`default/\n${ACCOUNT}/\n`)
      case '/project/project-id':
        return text(projectId)
      case '/universe/universe-domain':
        return text('googleapis.com')
      default:
        return accountAnswer(path) ?? text('There is no such metadata here.\n', 404)
    }
  }

  return {
    handle(request, from) {
      const { pathname, hostname } = new URL(request.url)
      const isMetadataPath = pathname === ROOT || pathname.startsWith(`${ROOT}/`)
      const hasFlavor = request.headers.get('metadata-flavor') === 'Google'
      // `/` is the web page for everyone who does not ask as the libraries' ping does.
      if (!isMetadataPath && !(pathname === '/' && hasFlavor)) return undefined
      const refusal = refusalOf(request, hostname, from.remoteAddress, hasFlavor)
      if (refusal !== undefined) return text(`${refusal}\n`, 403)
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return text('Only GET is answered here.\n', 405)
      return answer(pathname === '/' ? '' : pathname.slice(ROOT.length).replace(/\/+$/, ''))
    },

    acceptsToken(token) {
      const endsAtMs = tokens.get(token)
      return endsAtMs !== undefined && endsAtMs > now()
    },
  }
}

/**
 * The header is what a web page can't send to another origin; the name in `Host` is what it can't fake when its own
 * name has been pointed at this machine; a forwarded request comes from who knows where.
 */
function refusalOf(
  request: Request,
  hostname: string,
  remoteAddress: string | undefined,
  hasFlavor: boolean,
): string | undefined {
  if (!hasFlavor) return 'Send the header Metadata-Flavor: Google.'
  if (!isLoopbackAddress(remoteAddress)) return 'Metadata is for programs on this machine only.'
  if (request.headers.has('x-forwarded-for') || request.headers.has('forwarded')) {
    return 'Metadata is not given through a proxy.'
  }
  if (!isLoopbackName(hostname)) return `Ask for metadata at 127.0.0.1, not at ${hostname}.`
  return undefined
}

function json(body: unknown): Response {
  return new Response(JSON.stringify(body), { headers: { ...FLAVOR, 'Content-Type': 'application/json' } })
}

function text(body: string, status = 200): Response {
  return new Response(body, { status, headers: { ...FLAVOR, 'Content-Type': 'application/text' } })
}
