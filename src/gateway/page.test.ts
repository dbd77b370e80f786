/** The Studio's files: content types, compression, the policy that keeps it on its own origin, and nothing else. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { createPage } from './page.js'

const folder = mkdtempSync(join(tmpdir(), 'vivavoce-page-'))
mkdirSync(join(folder, 'assets'))
const FILES = {
  'index.html': '<div id="root"></div>',
  'icon.svg': '<svg/>',
  'assets/index-Ab1.js': 'hello()',
  'assets/index-Cd2.css': 'body{}',
  'assets/index-Ab1.js.map': '{}',
}
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const page = createPage(folder)
const get = (path: string, method = 'GET', headers = {}) =>
  page(new Request(`http://localhost:8080${path}`, { method, headers }))

test.each([
  ['/', 'text/html; charset=utf-8', '<div id="root">', 'no-cache'],
  ['/studio/icon.svg', 'image/svg+xml', '<svg', 'no-cache'],
  ['/studio/assets/index-Ab1.js', 'text/javascript; charset=utf-8', 'hello()', 'immutable'],
  ['/studio/assets/index-Cd2.css', 'text/css; charset=utf-8', 'body', 'immutable'],
])('serves %s', async (path, type, excerpt, caching) => {
  const response = get(path)
  expect(response?.status).toBe(200)
  expect(response?.headers.get('content-type')).toBe(type)
  expect(response?.headers.get('cache-control')).toContain(caching)
  expect(response?.headers.get('content-security-policy')).toContain("connect-src 'self'")
  expect(response?.headers.get('content-security-policy')).not.toMatch(/unsafe|https?:/)
  expect(await response?.text()).toContain(excerpt)
})

test('compresses for those who can read it', async () => {
  const response = get('/studio/assets/index-Ab1.js', 'GET', { 'accept-encoding': 'br, gzip' })
  expect(response?.headers.get('content-encoding')).toBe('gzip')
  const bytes = Buffer.from((await response?.arrayBuffer()) ?? new ArrayBuffer(0))
  expect(Number(response?.headers.get('content-length'))).toBe(bytes.length)
  expect(gunzipSync(bytes).toString()).toBe('hello()')
})

test.each([
  '/studio/',
  '/studio/index.html',
  '/studio/assets/index-Ab1.js.map',
  '/studio/../page.ts',
  '/studio/%2e%2e/page.ts',
  '/studio/..%2fpage.ts',
  '/studio//etc/passwd',
  '/other',
])('leaves %s to the caller', (path) => {
  expect(get(path)).toBeUndefined()
})

test('answers HEAD without a body and leaves POST alone', async () => {
  const response = get('/', 'HEAD')
  expect(await response?.text()).toBe('')
  expect(response?.headers.get('content-length')).toBe(String(FILES['index.html'].length))
  expect(get('/', 'POST')).toBeUndefined()
})

test('says what to do where the Studio was not built', async () => {
  const response = createPage(join(folder, 'nowhere'))(new Request('http://localhost/'))
  expect(response?.status).toBe(503)
  expect(await response?.text()).toContain('npm run build')
})
