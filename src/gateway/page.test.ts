/** The page's files: content types, the policy that keeps it on its own origin, and nothing outside the table. */
import { expect, test } from 'vitest'
import { createPage } from './page.js'

const page = createPage()
const get = (path: string, method = 'GET') => page(new Request(`http://localhost:8080${path}`, { method }))

test.each([
  ['/', 'text/html; charset=utf-8', '<button id="talk"'],
  ['/page/talk.js', 'text/javascript; charset=utf-8', 'BidiGenerateContent'],
  ['/page/worklet.js', 'text/javascript; charset=utf-8', "registerProcessor('microphone'"],
  ['/page/style.css', 'text/css; charset=utf-8', '#talk'],
  ['/page/icon.svg', 'image/svg+xml', '<svg'],
])('serves %s', async (path, type, excerpt) => {
  const response = get(path)
  expect(response?.status).toBe(200)
  expect(response?.headers.get('content-type')).toBe(type)
  expect(response?.headers.get('content-security-policy')).toContain("connect-src 'self'")
  expect(await response?.text()).toContain(excerpt)
})

test.each([
  '/page/',
  '/page/index.html',
  '/page/../page.ts',
  '/page/%2e%2e/page.ts',
  '/page/..%2fpage.ts',
  '/page//etc/passwd',
  '/other',
])('leaves %s to the caller', (path) => {
  expect(get(path)).toBeUndefined()
})

test('answers HEAD without a body and leaves POST alone', async () => {
  const response = get('/', 'HEAD')
  expect(await response?.text()).toBe('')
  expect(Number(response?.headers.get('content-length'))).toBeGreaterThan(500)
  expect(get('/', 'POST')).toBeUndefined()
})

test('no file of the page names another origin', async () => {
  for (const path of ['/', '/page/talk.js', '/page/worklet.js', '/page/style.css']) {
    const body = (await get(path)?.text()) ?? ''
    const origins = [...body.matchAll(/\b(?:https?|wss?):\/\/[a-z0-9.-]+/g)].map(([origin]) => origin)
    expect(origins.filter((origin) => origin !== 'http://localhost')).toEqual([])
  }
})
