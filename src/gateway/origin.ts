/**
 * Decides which web pages may use this server. A browser lets every page open a WebSocket to 127.0.0.1 and says in
 * `Origin` whose page it was; programs that are no browser send none.
 */

import { isIP } from 'node:net'
import { isLoopbackName } from './loopback.js'
import type { RequestCheck, RequestFacts } from './options.js'

export interface OriginOptions {
  /** `https://app.example.com`, `app.example.com:8443`, `null`, or `*` for all. */
  readonly allowedOrigins: readonly string[]
  /** Names by which this machine is known; an address needs none. */
  readonly ownNames: readonly string[]
}

/** The check of one server: undefined to let a request in, else a sentence for its 403. */
export function createOriginCheck(options: OriginOptions): RequestCheck {
  const allowed = new Set(options.allowedOrigins.map((origin) => origin.toLowerCase().replace(/\/+$/, '')))
  const ownNames = new Set(options.ownNames.map((name) => name.toLowerCase()))

  /**
   * "Same origin" alone proves nothing: a page at evil.example whose name has been pointed at 127.0.0.1 sends its own
   * name as `Host` too (DNS rebinding). An address, a name of this machine and a listed name can't be taken over so.
   */
  const isTrustedHost = (hostname: string) =>
    isLoopbackName(hostname) || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 || ownNames.has(hostname)

  return (request: RequestFacts) => {
    const { origin, host } = request.headers
    if (origin === undefined || allowed.has('*') || allowed.has(origin.toLowerCase())) return undefined
    const page = URL.canParse(origin) ? new URL(origin) : undefined
    const isWebPage = page?.protocol === 'http:' || page?.protocol === 'https:'
    if (page && isWebPage) {
      if (isLoopbackName(page.hostname) || allowed.has(page.host)) return undefined
      if (page.host === normalHost(host, page.protocol) && isTrustedHost(page.hostname)) return undefined
    }
    const shown = origin.length > 100 ? `${origin.slice(0, 100)}…` : origin
    return `Web pages of ${shown} may not use this server. To allow them: --allowed-origin ${shown}`
  }
}

/** `Host` as a URL writes it: lower case, without the default port of the scheme. */
function normalHost(host: string | undefined, protocol: string): string | undefined {
  const text = `${protocol}//${host}`
  return host !== undefined && URL.canParse(text) ? new URL(text).host : undefined
}
