/** The Studio in a real browser with a simulated microphone, against the real server with scripted engines. */
import { readFileSync } from 'node:fs'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstAudibleSample, lastAudibleSample, readWav } from '../../src/audio/index.js'
import { startServer, type TestServer } from '../sdk/server.js'
import {
  button,
  executablePath,
  INSECURE_HOST,
  launchStudioBrowser,
  questionsAt,
  type StudioBrowser,
  said,
  status,
} from './page.js'
import { PROBE } from './page-probe.js'

const LONG = 'Yes, I am here and I like to talk. '
const SCRIPT = `
rules:
  - match: { turn: 1, audioMs: { min: 1 } }
    transcript: Hello, are you there?
  - match: { contains: are you there }
    reply: "${LONG.repeat(12).trim()}"
  - match: { audioMs: { min: 1 } }
    transcript: Wait a moment.
  - match: { contains: wait }
    reply: I am waiting.
  - match: { contains: lighthouse }
    reply: There was a lighthouse.
`
/** The recorded question has a pause of half a second in it. */
const ARGUMENTS = ['--silence-duration-ms', '1000']

describe.skipIf(executablePath === undefined)('the Studio', () => {
  let server: TestServer
  let browser: StudioBrowser
  beforeAll(async () => {
    // The second question comes in the middle of the long answer.
    ;[server, browser] = await Promise.all([
      startServer({ script: SCRIPT, arguments: ARGUMENTS }),
      launchStudioBrowser(questionsAt(1, 7)),
    ])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test('talk, transcripts, audible answer, barge-in; the file of the session says the same', async () => {
    const { page, origins, problems, audioSent } = await browser.open({ url: server.url })
    await button(page, 'Keep').click()
    await page.getByLabel('Record the sound').check()
    await page.keyboard.press('Escape')
    await button(page, 'Talk').press('Enter')
    await status(page, 'live')
    await said(page, 'Hello, are you there?').waitFor()
    await page.getByText('Speaking. Talk to interrupt.').waitFor()
    // The microphone speaks again.
    await page.locator('.line.model[data-state="cut"]').waitFor()
    await said(page, 'I am waiting.').waitFor()
    await page.locator('.line.model[data-state="complete"]').waitFor()
    const lines = await page.locator('#conversation .line p').allTextContents()
    expect(lines[0]).toBe('Hello, are you there?')
    expect(lines[1]).toMatch(/^Yes, I am here.*interrupted$/)
    expect(lines.slice(2)).toEqual(['Wait a moment.', 'I am waiting.'])
    // Two turns with the figure that everyone asks for, from the page's own ears.
    await page.getByRole('button', { name: /^Turn 2/ }).waitFor()
    const waits = await page.locator('.turns b').allTextContents()
    expect(waits.every((wait) => /^[\d.]+ (s|ms)$/.test(wait))).toBe(true)
    await page.getByRole('cell', { name: /tokens/ }).waitFor()

    const saved = page.waitForEvent('download')
    await button(page, 'Recording').click()
    await button(page, 'Save the session').click()
    const path = await (await saved).path()
    const files = unzipSync(readFileSync(path))
    const you = readWav(files['you.wav']!)
    const model = readWav(files['model.wav']!)
    expect(firstAudibleSample(you.samples, -30) / you.sampleRateHz).toBeGreaterThan(0.5)
    expect(lastAudibleSample(model.samples) / model.sampleRateHz).toBeGreaterThan(7)
    // Between `interrupted` and silence lies what a message takes to the audio thread and a fade, far less than the 0.3 s of
    // audio that the page has in hand.
    const wire: { kind: string; atMs: number }[] = JSON.parse(Buffer.from(files['wire.json']!).toString())
    const interruptedMs = wire.find(({ kind }) => kind === 'serverContent.interrupted')!.atMs
    const at = Math.round((interruptedMs / 1000) * model.sampleRateHz)
    const after = model.samples.subarray(at, at + 2 * model.sampleRateHz)
    const nextAnswer = wire.find(
      ({ kind, atMs }) => kind.endsWith('modelTurn.audio') && atMs > interruptedMs,
    )!
    // The page's two clocks, of the sound and of the wire, are some 10 ms apart.
    const untilNext = after.subarray(0, ((nextAnswer.atMs - interruptedMs - 100) / 1000) * model.sampleRateHz)
    expect((lastAudibleSample(untilNext) / model.sampleRateHz) * 1000).toBeLessThan(150)

    await button(page, 'Stop').click()
    await status(page, 'ended')
    expect(audioSent()).toBeGreaterThan(300)
    expect([...origins]).toEqual([server.url])
    expect(problems).toEqual([])

    // Reopened in another tab it shows the same conversation and can be scrubbed.
    const other = await browser.open({ url: server.url })
    await button(other.page, 'Keep').click()
    await other.page.locator('input[type="file"][accept=".zip"]').setInputFiles(path)
    await said(other.page, 'Wait a moment.').waitFor()
    expect(await other.page.locator('#conversation .line p').allTextContents()).toEqual(lines)
    await other.page.keyboard.press('Escape')
    await other.page.getByLabel('Position').fill('2000')
    await other.page.getByText(/^2\.0 s \/ /).waitFor()
    await button(other.page, 'Play').click()
    await other.page.getByText(/^(2\.[1-9]|[3-9]\.\d|\d\d+\.\d) s \/ /).waitFor()
    await button(other.page, 'Back to talking').click()
    await button(other.page, 'Talk').waitFor()
    expect(other.problems).toEqual([])
  })

  test('a server that is killed and started again goes on with the conversation, visibly', async () => {
    const { page, sent } = await browser.open({ url: server.url })
    await page.getByLabel('Write instead of talking').fill('Tell me about the lighthouse.')
    await page.keyboard.press('Enter')
    await said(page, 'There was a lighthouse.').waitFor()
    await page.locator('.line.model[data-state="complete"]').waitFor()
    const port = Number(new URL(server.url).port)
    await server.stop('kill')
    await status(page, 'reconnecting')
    await said(page, /The connection was lost/).waitFor()
    server = await startServer({ script: SCRIPT, arguments: ARGUMENTS, port })
    await status(page, 'live')
    await said(page, /Connected again/).waitFor()
    await page.getByLabel('Write instead of talking').fill('Wait, what?')
    await page.keyboard.press('Enter')
    await said(page, 'I am waiting.').waitFor()
    // A server without the session was told what was said.
    const second = sent.findLastIndex((message) => message.setup !== undefined)
    const handle = (sent[second]?.setup?.sessionResumption as { handle?: string } | undefined)?.handle
    if (handle === undefined) {
      expect(sent[second + 1]).toEqual({
        clientContent: {
          turns: [
            { role: 'user', parts: [{ text: 'Tell me about the lighthouse.' }] },
            { role: 'model', parts: [{ text: 'There was a lighthouse.' }] },
          ],
          turnComplete: false,
        },
      })
    }
  })

  test('a server that is killed while it speaks falls silent; what was heard stays, and the next question is answered', async () => {
    const { page } = await browser.open({ url: server.url, probe: PROBE })
    const playing = () => page.evaluate('probe.playing.at(-1)?.playing === true')
    await button(page, 'Talk').click()
    await page.getByText('Speaking. Talk to interrupt.').waitFor()
    await expect.poll(playing, { timeout: 30_000 }).toBe(true)
    const port = Number(new URL(server.url).port)
    await server.stop('kill')
    await status(page, 'reconnecting')
    // A live listener was sent little ahead.
    await expect.poll(playing, { timeout: 10_000 }).toBe(false)
    await page.locator('.line.model[data-state="cut"]').waitFor()
    server = await startServer({ script: SCRIPT, arguments: ARGUMENTS, port })
    await status(page, 'live')
    await page.getByLabel('Write instead of talking').fill('Wait, what?')
    await page.keyboard.press('Enter')
    await said(page, 'I am waiting.').first().waitFor()
    await page.locator('.line.model[data-state="complete"]').first().waitFor()
    await button(page, 'Stop').click()
  })

  test('says in Spanish that the microphone was refused; writing still works', async () => {
    const { page } = await browser.open({ url: server.url, locale: 'es-ES', microphone: 'refused' })
    await button(page, 'Hablar').click()
    await page.getByText(/^Se denegó el micrófono/).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('es')
    await page.getByLabel('Escribe en vez de hablar').fill('Wait')
    await button(page, 'Enviar').click()
    await said(page, 'I am waiting.').waitFor()
  })

  test('says that there is no microphone, and why an insecure page has none', async () => {
    const absent = await browser.open({ url: server.url, microphone: 'absent' })
    await button(absent.page, 'Talk').click()
    await absent.page.getByText(/^No microphone was found/).waitFor()
    const port = new URL(server.url).port
    const insecure = await browser.open({ url: `http://${INSECURE_HOST}:${port}` })
    await button(insecure.page, 'Talk').click()
    const problem = await insecure.page.getByText(/secure pages only/).textContent()
    expect(problem).toContain(`http://localhost:${port}`)
  })
})
