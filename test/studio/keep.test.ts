/** What is kept and how: exports of words and sound, the wire log's filters and copies, and that nothing is kept unasked. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../sdk/server.js'
import {
  button,
  executablePath,
  launchStudioBrowser,
  questionsAt,
  type StudioBrowser,
  said,
  status,
} from './page.js'

const SCRIPT = `
rules:
  - match: { audioMs: { min: 1 } }
    transcript: Hello, are you there?
  - match: {}
    reply: I am here.
`

describe.skipIf(executablePath === undefined)('keeping', () => {
  let server: TestServer
  let browser: StudioBrowser
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([
      startServer({ script: SCRIPT, arguments: ['--silence-duration-ms', '1000'] }),
      launchStudioBrowser(questionsAt(1)),
    ])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function exported(page: Page, name: string): Promise<Buffer> {
    const saved = page.waitForEvent('download')
    await button(page, name).click()
    return readFileSync(await (await saved).path())
  }
  async function talk(page: Page): Promise<void> {
    await button(page, 'Talk').click()
    await said(page, 'I am here.').waitFor()
    await page.locator('.line.model[data-state="complete"]').waitFor()
  }

  test('the transcript as text, subtitles and JSON, the sound with the user left and the model right', async () => {
    const { page, problems } = await browser.open({ url: server.url })
    await button(page, 'Keep').click()
    await page.getByLabel('Record the sound').check()
    await page.keyboard.press('Escape')
    await talk(page)
    await button(page, 'Stop').click()
    await status(page, 'ended')
    await button(page, 'Recording').click()
    expect(String(await exported(page, 'Transcript as text'))).toBe(
      'You: Hello, are you there?\n\nModel: I am here.\n',
    )
    expect(String(await exported(page, 'Transcript as subtitles (SRT)'))).toMatch(
      /^1\n00:00:0\d,\d{3} --> 00:00:\d\d,\d{3}\nYou: Hello, are you there\?\n\n2\n00:00:\d\d,\d{3} --> 00:00:\d\d,\d{3}\nModel: I am here\.\n$/,
    )
    expect(JSON.parse(String(await exported(page, 'Transcript as JSON'))).turns).toMatchObject([
      { who: 'user', text: 'Hello, are you there?', cut: false },
      { who: 'model', text: 'I am here.', cut: false },
    ])
    const wav = await exported(page, 'Sound as stereo WAV')
    expect([wav.readUInt16LE(22), wav.readUInt32LE(24)]).toEqual([2, 24_000])
    const audible: [number[], number[]] = [[], []]
    for (let frame = 0; 44 + frame * 4 + 3 < wav.length; frame++) {
      for (const side of [0, 1] as const) {
        if (Math.abs(wav.readInt16LE(44 + frame * 4 + side * 2)) > 1000) audible[side].push(frame / 24_000)
      }
    }
    const [user, model] = audible
    expect(user.length).toBeGreaterThan(5_000)
    expect(model.length).toBeGreaterThan(5_000)
    // The question is over before the answer begins.
    expect(user.at(-1)!).toBeLessThan(model[0]!)
    expect(problems).toEqual([])
  })

  test('nothing is kept unless asked', async () => {
    const { page } = await browser.open({ url: server.url })
    await talk(page)
    await button(page, 'Keep').click()
    await button(page, 'Sound as stereo WAV').click()
    await page.getByText('No sound was recorded.').waitFor()
    const kept = await page.evaluate(`(async () => [
      ...Object.keys(localStorage), ...Object.keys(sessionStorage), ...(await caches.keys()),
      ...(await indexedDB.databases()).map(({ name }) => name), document.cookie,
    ].filter(Boolean))()`)
    expect(kept).toEqual([])
  })

  test('the wire log is filtered, searched and copied', async () => {
    const { page } = await browser.open({ url: server.url })
    await talk(page)
    await button(page, 'Stop').click()
    await status(page, 'ended')
    await page.getByRole('tab', { name: 'Wire' }).click()
    const rows = page.locator('.wire-rows button')
    const kinds = () => page.locator('.wire-rows .wire-kind').allTextContents()
    const show = (name: string) => page.getByRole('combobox', { name: /^Show/ }).selectOption({ label: name })
    const copied = async (name: string) => {
      // It says so for a moment only.
      await page.getByText('Copied').waitFor({ state: 'detached' })
      await button(page, name).click()
      await page.getByText('Copied').waitFor()
      return (await page.evaluate('navigator.clipboard.readText()')) as string
    }

    expect(await kinds()).toContain('setup')
    expect((await kinds()).filter((kind) => /audio\b/i.test(kind))).toEqual([])
    await show('Sent')
    expect((await kinds())[0]).toBe('setup')
    expect((await kinds()).some((kind) => /^realtimeInput\.audio × \d+$/.test(kind))).toBe(true)
    expect(await rows.filter({ has: page.locator('.wire-arrow', { hasText: '↓' }) }).count()).toBe(0)
    const sent = (await copied('Copy all')).split('\n')
    expect(sent.length).toBe(await rows.count())
    expect(sent.every((line) => /^> \{.*\}$/.test(line))).toBe(true)
    expect(JSON.parse(sent[0]!.slice(2)).setup.model).toBe('models/gemini-live-2.5-flash')

    await show('Received')
    expect(await rows.filter({ has: page.locator('.wire-arrow', { hasText: '↑' }) }).count()).toBe(0)
    await show('All')
    await page.getByLabel('Search').fill('are you there')
    await expect.poll(() => rows.count()).toBe(1)
    expect(await rows.first().locator('.wire-size').textContent()).toMatch(/^\d+ B$/)
    await rows.first().click()
    await page.locator('.wire-detail pre').waitFor()
    expect(JSON.parse(await copied('Copy this message'))).toMatchObject({
      serverContent: { inputTranscription: { text: 'Hello, are you there?' } },
    })
    await page.getByLabel('Search').fill('no such words')
    await page.getByText('No message matches.').waitFor()
  })
})
