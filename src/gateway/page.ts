/**
 * The Talk page at `/`: a fixed set of static files, read once at start. It knows neither sessions nor the protocol;
 * what the page does is in `page/talk.js`. Paths that are not in the table are left to the caller.
 */
import { readFileSync } from 'node:fs'

const TYPES = {
  'index.html': 'text/html; charset=utf-8',
  'talk.js': 'text/javascript; charset=utf-8',
  'worklet.js': 'text/javascript; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const

/** Nothing but this origin is ever asked for anything; `'self'` covers the WebSocket of the same origin. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'permissions-policy': 'microphone=(self)',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
}

/**
 * Answers GET and HEAD of `/` and `/page/<file>`; undefined for everything else. Reads the files when called, and
 * throws if one is missing (an incomplete installation).
 */
export function createPage(): (request: Request) => Response | undefined {
  const files = new Map(
    Object.entries(TYPES).map(([name, type]) => {
      const body = readFileSync(new URL(`./page/${name}`, import.meta.url))
      return [name === 'index.html' ? '/' : `/page/${name}`, { body, type }]
    }),
  )
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
    const file = files.get(new URL(request.url).pathname)
    if (file === undefined) return undefined
    const headers = { ...HEADERS, 'content-type': file.type, 'content-length': String(file.body.length) }
    return new Response(request.method === 'HEAD' ? null : file.body, { headers })
  }
}
