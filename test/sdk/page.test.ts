/** The Talk page in a real browser with a simulated microphone, against the real server with scripted engines. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { pcm16ToFloat, writeWav } from '../../src/audio/index.js'
import { requireRuntime } from './runtimes.js'
import { questionPcm, startServer, type TestServer } from './server.js'

/** Five questions fit into the long answer, so that the looping microphone must interrupt it. */
const SCRIPT = `
rules:
  - match: { turn: 1, audioMs: { min: 1 } }
    transcript: Hello, are you there?
  - match: { contains: are you there }
    reply: "${'Yes, I am here and I like to talk. '.repeat(12).trim()}"
  - match: { audioMs: { min: 1 } }
    transcript: Wait a moment.
  - match: { contains: wait }
    reply: I am waiting.
`

const executablePath = requireRuntime('the Talk page', () => {
  const candidates = [process.env.VIVAVOCE_TEST_CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome']
  const found = candidates.find((path) => path !== undefined && existsSync(path))
  if (found === undefined) throw new Error('no Chromium at VIVAVOCE_TEST_CHROMIUM or /usr/bin/chromium')
  return found
})

describe.skipIf(executablePath === undefined)('the Talk page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vivavoce-page-'))
  let server: TestServer
  const browsers: Browser[] = []
  beforeAll(async () => {
    // Silence first: the browser starts the recording when it opens the device, before the socket is open.
    const silence = new Float32Array(16_000)
    const question = pcm16ToFloat(questionPcm())
    const spoken = Float32Array.from([...silence, ...question, ...silence, ...silence])
    writeFileSync(join(folder, 'question.wav'), writeWav(spoken, 16_000))
    // The recorded question has a pause of half a second in it.
    server = await startServer({ script: SCRIPT, arguments: ['--silence-duration-ms', '1000'] })
  }, 60_000)
  afterEach(async () => {
    for (const browser of browsers.splice(0)) await browser.close()
  })
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const FAKE_DEVICE = '--use-fake-device-for-media-stream'
  const speaking = (options = '') => [
    FAKE_DEVICE,
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-audio-capture=${join(folder, 'question.wav')}${options}`,
  ]

  async function open(args: readonly string[], { url = server.url, locale = 'en-GB' } = {}): Promise<Page> {
    const browser = await chromium.launch({
      executablePath: executablePath!,
      args: ['--no-sandbox', '--autoplay-policy=user-gesture-required', ...args],
    })
    browsers.push(browser)
    const page = await (await browser.newContext({ locale, viewport: { width: 360, height: 740 } })).newPage()
    page.on('pageerror', (error) => {
      throw error
    })
    await page.goto(url)
    return page
  }

  const status = (page: Page, name: string) =>
    page.waitForSelector(`body[data-status="${name}"]`, { timeout: 20_000 })
  const talkButton = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

  test('hears a question, shows both transcripts and plays the answer; Stop ends it', async () => {
    const page = await open(speaking('%noloop'))
    const origins = new Set<string>()
    const sockets: { url: string; closed: boolean; audioMessages: number }[] = []
    page.on('request', (request) => origins.add(new URL(request.url()).origin))
    page.on('websocket', (socket) => {
      const seen = { url: socket.url(), closed: false, audioMessages: 0 }
      sockets.push(seen)
      socket.on('framereceived', ({ payload }) => {
        if (String(payload).includes('"inlineData"')) seen.audioMessages++
      })
      socket.on('close', () => {
        seen.closed = true
      })
    })
    await page.reload()
    await talkButton(page, 'Talk').press('Enter')
    await status(page, 'listening')
    await page.getByText('Hello, are you there?').waitFor()
    await status(page, 'speaking')
    await page.getByText('Yes, I am here and I like to talk.').waitFor()
    expect(await page.locator('#conversation li').first().locator('p').allTextContents()).toEqual([
      'YouHello, are you there?',
      expect.stringMatching(/^Viva VoceYes, I am here/),
    ])
    expect(sockets).toHaveLength(1)
    expect(sockets[0]!.audioMessages).toBeGreaterThan(0)
    if (process.env.VIVAVOCE_TEST_SCREENSHOTS)
      await page.screenshot({ path: join(process.env.VIVAVOCE_TEST_SCREENSHOTS, 'talk.png') })

    await talkButton(page, 'Stop').click()
    await status(page, 'ended')
    await talkButton(page, 'Talk').waitFor()
    await expect.poll(() => sockets[0]!.closed).toBe(true)
    expect([...origins]).toEqual([server.url])
    expect(sockets[0]!.url).toMatch(new RegExp(`^${server.url.replace('http', 'ws')}/ws/`))

    // It can be started again, and the microphone was let go in between.
    await talkButton(page, 'Talk').click()
    await status(page, 'listening')
    expect(sockets).toHaveLength(2)
  })

  test('speaking during the answer interrupts it at once', async () => {
    const page = await open(speaking())
    await talkButton(page, 'Talk').click()
    await page.locator('#conversation .model.cut').first().waitFor({ timeout: 40_000 })
    await page.getByText('I am waiting.').first().waitFor({ timeout: 40_000 })
    // The rest of the long answer (about 25 s) was thrown away: the page listens again soon after the short one.
    await status(page, 'listening')
  })

  test('says in Spanish that the microphone was refused', async () => {
    const page = await open([FAKE_DEVICE, '--deny-permission-prompts'], { locale: 'es-ES' })
    await talkButton(page, 'Hablar').click()
    const problem = page.getByRole('alert')
    await problem.waitFor()
    expect(await problem.textContent()).toMatch(/^Se denegó el micrófono/)
    expect(await page.locator('html').getAttribute('lang')).toBe('es')
    await talkButton(page, 'Hablar').waitFor()
  })

  test('says that there is no microphone', async () => {
    const page = await open(['--use-fake-ui-for-media-stream'])
    await talkButton(page, 'Talk').click()
    const problem = page.getByRole('alert')
    await problem.waitFor()
    expect(await problem.textContent()).toMatch(/^No microphone was found/)
  })

  test('says why an insecure page has no microphone', async () => {
    const port = new URL(server.url).port
    const url = `http://talk.test:${port}`
    const page = await open([...speaking(), '--host-resolver-rules=MAP talk.test 127.0.0.1'], { url })
    await talkButton(page, 'Talk').click()
    const problem = page.getByRole('alert')
    await problem.waitFor()
    expect(await problem.textContent()).toMatch(/only lends the microphone to secure pages/)
  })

  test('fits a phone and follows the colour scheme', async () => {
    const page = await open(speaking())
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await background()
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await background()).not.toBe(light)
    await page.setViewportSize({ width: 320, height: 560 })
    expect(await page.evaluate('document.documentElement.scrollWidth <= 320')).toBe(true)
  })
})
