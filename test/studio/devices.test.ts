/** The conversation outlives what happens to devices and tabs: another microphone, none at all, another loudspeaker, a tab that slept. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../sdk/server.js'
import {
  button,
  executablePath,
  launchStudioBrowser,
  type StudioBrowser,
  type StudioPage,
  said,
  status,
} from './page.js'

const SCRIPT = 'rules: [{ match: {}, reply: I am here. }]'

/** Keeps what the page opens, and what it asked for. */
const PROBE = `
  const opened = (window.opened = { streams: [], asked: [], contexts: [] })
  const lend = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices)
  if (lend) navigator.mediaDevices.getUserMedia = async (constraints) => {
    if (window.noMicrophone) throw new DOMException('none', 'NotFoundError')
    opened.asked.push(constraints)
    const stream = await lend(constraints)
    opened.streams.push(stream)
    return stream
  }
  window.AudioContext = class extends AudioContext {
    constructor(...given) {
      super(...given)
      opened.contexts.push(this)
    }
  }
  // What the system does where a device is pulled out.
  window.pullOut = () => {
    const [track] = opened.streams.at(-1).getAudioTracks()
    track.stop()
    track.dispatchEvent(new Event('ended'))
  }
`

describe.skipIf(executablePath === undefined)('devices', () => {
  let server: TestServer
  let browser: StudioBrowser
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startServer({ script: SCRIPT }), launchStudioBrowser([])])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function talking(): Promise<StudioPage> {
    const opened = await browser.open({ url: server.url, probe: PROBE })
    await button(opened.page, 'Talk').click()
    await status(opened.page, 'live')
    await hears(opened)
    return opened
  }
  /** Sound goes out, from now on. */
  async function hears({ audioSent }: StudioPage): Promise<void> {
    const before = audioSent()
    await expect.poll(audioSent).toBeGreaterThan(before + 10)
  }
  async function answers(page: Page): Promise<void> {
    const count = await said(page, 'I am here.').count()
    await page.getByLabel('Write instead of talking').fill('Hello')
    await page.keyboard.press('Enter')
    await expect.poll(() => said(page, 'I am here.').count()).toBe(count + 1)
  }

  test('a microphone that is pulled out is replaced, and the page says by which', async () => {
    const opened = await talking()
    await opened.page.evaluate('pullOut()')
    await said(opened.page, /^Now listening through /).waitFor()
    await hears(opened)
    expect(await opened.page.evaluate('opened.streams.length')).toBe(2)
    expect(opened.problems).toEqual([])
  })

  test('without another microphone one can write, and talks again once there is one', async () => {
    const opened = await talking()
    const { page, audioSent } = opened
    await page.evaluate('window.noMicrophone = true; pullOut()')
    await page.getByText(/^No microphone was found/).waitFor()
    await answers(page)
    const before = audioSent()
    await page.evaluate('window.noMicrophone = false')
    await button(page, 'Talk').click()
    await hears(opened)
    expect(audioSent()).toBeGreaterThan(before)
    await page.getByText(/^No microphone was found/).waitFor({ state: 'detached' })
  })

  test('another microphone and another loudspeaker are chosen in the middle of it', async () => {
    const opened = await talking()
    const { page } = opened
    await button(page, 'Devices').click()
    const microphones = page.getByRole('combobox', { name: 'Microphone' })
    await expect.poll(() => microphones.locator('option').count()).toBeGreaterThan(1)
    await microphones.selectOption({ index: 1 })
    const id = await microphones.inputValue()
    await expect.poll(() => page.evaluate('opened.asked.at(-1).audio.deviceId')).toEqual({ exact: id })
    await hears(opened)
    expect(await page.evaluate('opened.streams[0].getAudioTracks()[0].readyState')).toBe('ended')
    // All three of them as the browser has them: it removes echoes only where it is told to.
    expect(await page.evaluate('opened.asked.at(-1).audio')).toMatchObject({
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
    })

    const speakers = page.getByRole('combobox', { name: 'Loudspeaker' })
    await expect.poll(() => speakers.locator('option').count()).toBeGreaterThan(1)
    await speakers.selectOption({ index: 1 })
    const speaker = await speakers.inputValue()
    await expect
      .poll(() =>
        page.evaluate(`opened.contexts.some(({ sinkId }) => sinkId === ${JSON.stringify(speaker)})`),
      )
      .toBe(true)
    await page.keyboard.press('Escape')
    await answers(page)
    // Remembered for the next time.
    expect(await page.evaluate(`localStorage.getItem('vivavoce.microphoneId')`)).toBe(id)
  })

  test('audio that the system put to sleep wakes up', async () => {
    const opened = await talking()
    await opened.page.evaluate('Promise.all(opened.contexts.map((context) => context.suspend()))')
    await expect
      .poll(() => opened.page.evaluate('opened.contexts.every(({ state }) => state === "running")'))
      .toBe(true)
    await hears(opened)
  })

  test('a tab that slept goes on where it was', async () => {
    const opened = await talking()
    const { page } = opened
    await answers(page)
    const debug = await page.context().newCDPSession(page)
    await debug.send('Page.setWebLifecycleState', { state: 'frozen' })
    await new Promise((resolve) => setTimeout(resolve, 3000))
    await debug.send('Page.setWebLifecycleState', { state: 'active' })
    await status(page, 'live')
    await hears(opened)
    await answers(page)
    expect(opened.problems).toEqual([])
  })
})
