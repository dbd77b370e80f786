/** Camera and screen in a real browser with a simulated camera: what goes over the wire, and what is said about it. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../sdk/server.js'
import {
  button,
  executablePath,
  launchStudioBrowser,
  type SentMessage,
  SHARED_TITLE,
  type StudioBrowser,
  said,
  status,
} from './page.js'

const SCRIPT = 'rules: [{ match: {}, reply: I am here. }]'

interface Still {
  readonly mimeType: string
  readonly data: string
}

const stillsOf = (sent: readonly SentMessage[]): Still[] =>
  sent.flatMap(({ realtimeInput }) => {
    const { video } = (realtimeInput ?? {}) as { video?: Still }
    return video === undefined ? [] : [video]
  })

/** Width and height from the frame header of a baseline or progressive JPEG. */
function sizeOf({ data }: Still): { readonly width: number; readonly height: number } {
  const bytes = Buffer.from(data, 'base64')
  expect(bytes.readUInt16BE(0)).toBe(0xffd8)
  let at = 2
  while (![0xc0, 0xc2].includes(bytes[at + 1]!)) at += 2 + bytes.readUInt16BE(at + 2)
  return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
}

async function write(page: Page, label: string, words: string): Promise<void> {
  await page.getByLabel(label).fill(words)
  await page.keyboard.press('Enter')
}

describe.skipIf(executablePath === undefined)('camera and screen', () => {
  let server: TestServer
  let browser: StudioBrowser
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startServer({ script: SCRIPT }), launchStudioBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test('the camera is previewed at once, sent while there is a conversation, and stops with the button', async () => {
    const { page, sent, problems } = await browser.open({ url: server.url })
    await button(page, 'Show the camera').click()
    const preview = page.getByLabel('Preview of your camera')
    await expect
      .poll(() => preview.evaluate((video) => (video as HTMLVideoElement).videoWidth))
      .toBeGreaterThan(100)
    await page.getByText('The model is shown this once you talk or write.').waitFor()
    expect(stillsOf(sent)).toEqual([])
    await write(page, 'Write instead of talking', 'What do you see?')
    await page.getByText('The model is sent one picture a second.').waitFor()
    await expect.poll(() => stillsOf(sent).length, { timeout: 20_000 }).toBeGreaterThan(1)
    for (const still of stillsOf(sent)) {
      expect(still.mimeType).toBe('image/jpeg')
      const { width, height } = sizeOf(still)
      expect(Math.max(width, height)).toBeLessThanOrEqual(768)
      expect(Math.min(width, height)).toBeGreaterThan(100)
    }
    // One line for the turn, not one for each picture.
    await said(page, 'I am here.').waitFor()
    await page.getByAltText('What the camera showed').first().waitFor()
    expect(await page.locator('.line.image').count()).toBeLessThanOrEqual(2)

    await button(page, 'Devices').click()
    const cameras = page.getByRole('combobox', { name: /^Camera/ })
    await expect.poll(() => cameras.locator('option').count()).toBeGreaterThan(1)
    await cameras.selectOption({ index: 1 })
    await page.keyboard.press('Escape')
    await preview.waitFor()
    await button(page, 'Stop the camera').click()
    await preview.waitFor({ state: 'detached' })
    // What is written next comes after whatever was on its way.
    await write(page, 'Write instead of talking', 'And now?')
    await expect.poll(() => JSON.stringify(sent.at(-1))).toContain('And now?')
    const before = stillsOf(sent).length
    await page.waitForTimeout(1500)
    expect(stillsOf(sent).length).toBe(before)
    expect(problems).toEqual([])
  })

  test('the camera does not outlast the conversation', async () => {
    const { page } = await browser.open({ url: server.url })
    await write(page, 'Write instead of talking', 'Hello')
    await status(page, 'live')
    await button(page, 'Show the camera').click()
    const preview = page.getByLabel('Preview of your camera')
    const track = await preview.evaluateHandle(
      (video) => ((video as HTMLVideoElement).srcObject as MediaStream).getTracks()[0],
    )
    await button(page, 'Stop').click()
    await preview.waitFor({ state: 'detached' })
    expect(await track.evaluate((each) => each?.readyState)).toBe('ended')
  })

  test('says in Spanish that the camera was refused; writing still works', async () => {
    const { page } = await browser.open({ url: server.url, locale: 'es-ES', camera: 'refused' })
    await button(page, 'Mostrar la cámara').click()
    await page.getByText(/^Se denegó la cámara/).waitFor()
    await write(page, 'Escribe en vez de hablar', 'Hola')
    await said(page, 'I am here.').waitFor()
  })

  test('a screen is shared until the browser ends it', async () => {
    const { page, sent } = await browser.open({ url: server.url })
    await write(page, 'Write instead of talking', 'Hello')
    await status(page, 'live')
    const shared = await page.context().newPage()
    await shared.setContent(`<title>${SHARED_TITLE}</title><h1>Some text to read</h1>`)
    await page.bringToFront()
    await button(page, 'Share a screen').click()
    await page.getByLabel('Preview of what you share').waitFor()
    await expect.poll(() => stillsOf(sent).length, { timeout: 20_000 }).toBeGreaterThan(0)
    await page.getByAltText('What the screen showed').waitFor()
    await shared.close()
    await said(page, 'The screen is no longer shared.').waitFor()
    await page.getByLabel('Preview of what you share').waitFor({ state: 'detached' })
  })
})
