/** The demo apps, built as they are and driven in a real browser with a simulated microphone and camera. */
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT, startServer, type TestServer } from '../sdk/server.js'
import { button, executablePath, launchStudioBrowser, questionsAt, type StudioBrowser } from './page.js'

const LONG = 'Yes, I am here and I like to talk. '.repeat(12).trim()
const SCRIPT = `
rules:
  - match: { audioMs: { min: 1 } }
    transcript: Hello, are you there?
  - match: { contains: are you there }
    reply: ${LONG}
`
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.webmanifest': 'application/manifest+json',
}

/** The files of a folder, as any web server would hand them out. */
function serveFolder(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, 'http://x').pathname).replace(/\/$/, '/index.html')
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream')
    createReadStream(join(folder, path))
      .on('error', () => response.writeHead(404).end())
      .pipe(response)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

describe.skipIf(executablePath === undefined)('demos', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vivavoce-demos-'))
  let server: TestServer
  let browser: StudioBrowser
  let files: Server
  beforeAll(async () => {
    for (const name of ['react', 'phone']) {
      await build({
        root: join(ROOT, 'examples', name),
        configFile: join(ROOT, 'examples/vite.config.js'),
        base: './',
        build: { outDir: join(folder, name) },
        logLevel: 'error',
      })
    }
    ;[server, browser, files] = await Promise.all([
      startServer({ script: SCRIPT, arguments: ['--silence-duration-ms', '1000'] }),
      launchStudioBrowser(questionsAt(1)),
      serveFolder(folder),
    ])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    files?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(name: string, size: { readonly width: number; readonly height: number }) {
    const { port } = files.address() as AddressInfo
    const query = `server=${encodeURIComponent(server.url)}`
    return browser.open({ url: `http://localhost:${port}/${name}/?${query}`, ...size })
  }
  async function picture(page: Page, name: string): Promise<void> {
    const isKept = process.env.UPDATE_SCREENSHOTS !== undefined
    await page.screenshot(isKept ? { path: join(ROOT, 'docs/studio', `${name}.png`) } : {})
  }

  test('React: talk, both sides written along, stop', async () => {
    const { page, problems, audioSent } = await open('react', { width: 900, height: 640 })
    await button(page, 'Talk').click()
    await page.getByText('Hello, are you there?').waitFor()
    await page.getByText(/Yes, I am here/).waitFor()
    await picture(page, 'demo-react')
    expect(audioSent()).toBeGreaterThan(50)
    await button(page, 'Stop').click()
    await button(page, 'Talk').waitFor()
    expect(problems).toEqual([])
  })

  test('phone: call, mute, camera, end', async () => {
    const { page, problems, sent, audioSent } = await open('phone', { width: 390, height: 844 })
    await button(page, 'Call').click()
    await page.getByText(/Yes, I am here/).waitFor()
    await page.getByText('Speaking', { exact: true }).waitFor()
    await button(page, 'Camera').click()
    const isPicture = (message: object) => JSON.stringify(message).includes('"video":')
    await expect.poll(() => sent.filter(isPicture).length, { timeout: 20_000 }).toBeGreaterThan(0)
    await picture(page, 'demo-phone')
    await button(page, 'Turn').click()
    await page.getByLabel('Your camera').waitFor()
    await button(page, 'Mute').click()
    await expect.poll(() => JSON.stringify(sent)).toContain('{"realtimeInput":{"audioStreamEnd":true}}')
    const before = audioSent()
    await page.waitForTimeout(300)
    expect(audioSent()).toBe(before)
    await button(page, 'End').click()
    await page.getByText('Tap to talk').waitFor()
    expect(problems).toEqual([])
  })

  test('React: says what is wrong where there is no server', async () => {
    const { port } = files.address() as AddressInfo
    const { page } = await browser.open({
      url: `http://localhost:${port}/react/?server=http://127.0.0.1:9`,
    })
    await button(page, 'Talk').click()
    await page
      .getByRole('alert')
      .getByText(/no connection/)
      .waitFor()
    await button(page, 'Talk').waitFor()
  })
})
