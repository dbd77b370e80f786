/**
 * The Studio at `/`: the files that its build left in a folder, read once at start. It knows neither sessions nor the
 * protocol; what the page does is in `studio/`. Paths that are no such file are left to the caller.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
  png: 'image/png',
  woff2: 'font/woff2',
}
/** The others are compressed already. */
const COMPRESSIBLE = new Set(['html', 'js', 'css', 'svg', 'webmanifest'])

/** Nothing but this origin is ever asked for anything; `'self'` covers the WebSocket of the same origin. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'permissions-policy': 'microphone=(self), camera=(self), display-capture=(self)',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

interface PageFile {
  readonly body: Buffer<ArrayBuffer>
  readonly compressed: Buffer<ArrayBuffer> | undefined
  readonly type: string
  readonly cacheControl: string
}

/** Beside the built server, or in dist/ where the server runs from its sources. */
function builtStudio(): string {
  const candidates = ['../studio/', '../../dist/studio/'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  )
  return candidates.find((path) => existsSync(join(path, 'index.html'))) ?? candidates[0]!
}

/**
 * Answers GET and HEAD of `/` (index.html) and `/studio/<file>`; undefined for everything else. Without a build it
 * says so at `/`.
 */
export function createPage(folder = builtStudio()): (request: Request) => Response | undefined {
  const files = readFiles(folder)
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
    const { pathname } = new URL(request.url)
    const file = files.get(pathname)
    if (file === undefined) return pathname === '/' ? notBuilt() : undefined
    const zip = file.compressed !== undefined && /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
    const body = zip ? file.compressed! : file.body
    const headers = {
      ...HEADERS,
      'content-type': file.type,
      'content-length': String(body.length),
      'cache-control': file.cacheControl,
      ...(file.compressed && { vary: 'accept-encoding' }),
      ...(zip && { 'content-encoding': 'gzip' }),
    }
    return new Response(request.method === 'HEAD' ? null : body, { headers })
  }
}

function readFiles(folder: string): ReadonlyMap<string, PageFile> {
  if (!existsSync(folder)) return new Map()
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/'))
  return new Map(
    paths.flatMap((path): [string, PageFile][] => {
      const extension = path.slice(path.lastIndexOf('.') + 1)
      const type = TYPES[extension]
      if (type === undefined) return []
      const body = readFileSync(join(folder, path))
      const compressed = COMPRESSIBLE.has(extension) ? gzipSync(body) : undefined
      const name = path.replace(/^\//, '')
      // Names of assets carry a digest of their content.
      const cacheControl = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
      return [[name === 'index.html' ? '/' : `/studio/${name}`, { body, compressed, type, cacheControl }]]
    }),
  )
}

function notBuilt(): Response {
  return new Response('The Studio is not built: run `npm run build`, then start again.\n', { status: 503 })
}
