/**
 * One path through the Studio on real engines: a spoken question, its transcript, an answer that is heard and says what
 * is written, and a second question that interrupts it by voice. The microphone speaks when the page has come so far,
 * since nobody knows how long a machine takes to answer.
 */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pcm16ToFloat, readWav, resample, writeWav } from '../../src/audio/index.js'
import { defaultModelIds, listModels, modelPaths, runtimePaths } from '../../src/catalog/index.js'
import { loadWhisper } from '../../src/engines/whisper/index.js'
import { wordErrorRate } from '../../src/testing/word-error-rate.js'
import { questionPcm, ROOT, startServer, type TestServer } from '../sdk/server.js'
import {
  button,
  executablePath,
  launchStudioBrowser,
  type StudioBrowser,
  status,
} from '../sdk/studio-page.js'

const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const missing = (await listModels(home)).flatMap(({ model, state }) =>
  defaultModelIds.includes(model.id) && state !== 'ready' ? model.id : [],
)
if (missing.length > 0)
  process.stderr.write(`skipped, the Studio on real engines: no ${missing.join(', ')}\n`)

const LONG =
  'You are a guide. Greet the user and talk about the sea in ten long sentences, without a question.'
const WAIT_MS = 240_000

/** In the place of the browser's microphone: silence, and what `say` is given. */
const MICROPHONE = `
  let context, target
  navigator.mediaDevices.getUserMedia = async () => {
    context = new AudioContext()
    target = context.createMediaStreamDestination()
    return target.stream
  }
  window.say = async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const source = new AudioBufferSourceNode(context, { buffer: await context.decodeAudioData(bytes.buffer) })
    source.connect(target)
    source.start()
  }
`

describe.skipIf(missing.length > 0 || executablePath === undefined)('the Studio on real engines', () => {
  let server: TestServer
  let browser: StudioBrowser
  beforeAll(async () => {
    server = await startServer({ home, arguments: ['--offline'], readyWithinMs: 500_000 })
    browser = await launchStudioBrowser([])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const say = (page: Page, wav: Uint8Array) =>
    page.evaluate(`say(${JSON.stringify(Buffer.from(wav).toString('base64'))})`)

  async function transcribe(samples: Float32Array, sampleRateHz: number): Promise<string> {
    const ears = await loadWhisper({
      dir: modelPaths(home, 'whisper-base').directory,
      runtimeDir: runtimePaths(home, 'onnxruntime-node').directory,
      threads: 1,
    })
    try {
      const recognition = ears.open({ signal: new AbortController().signal, language: 'en' })
      recognition.push(resample(samples, sampleRateHz, 16_000))
      const { text } = await recognition.settle()
      recognition.close()
      return text
    } finally {
      await ears.close()
    }
  }

  test('talk, transcript, audible answer, barge-in by voice', async () => {
    const fragment = new URLSearchParams({ system: LONG, temperature: '0' }).toString()
    const { page, problems } = await browser.open({ url: server.url, fragment, probe: MICROPHONE })
    page.setDefaultTimeout(WAIT_MS)
    await button(page, 'Keep').click()
    await page.getByLabel('Record the sound').check()
    await page.keyboard.press('Escape')
    await button(page, 'Talk').click()
    await status(page, 'live')
    await say(page, writeWav(pcm16ToFloat(questionPcm()), 16_000))
    await page.getByText('Speaking. Talk to interrupt.').waitFor()
    // Some words of the answer have been heard by then.
    await expect
      .poll(() => page.locator('.line.model p').first().textContent(), { timeout: WAIT_MS })
      .toMatch(/(\S+\s+){6}/)
    await say(page, readFileSync(join(ROOT, 'examples/question.wav')))
    await page.locator('.line.model[data-state="cut"]').waitFor()
    await page
      .getByText(/capital of France/i)
      .first()
      .waitFor()
    await page.locator('.line.model').nth(1).waitFor()
    await page.locator('.line.model').nth(1).getByText(/\w/).waitFor()
    const heard = await page.locator('.line.user p').first().textContent()
    const spoken = await page
      .locator('.line.model[data-state="cut"] p')
      .evaluate((line) => line.firstChild?.textContent)
    const saved = page.waitForEvent('download')
    await button(page, 'Recording').click()
    await button(page, 'Save the session').click()
    const files = unzipSync(readFileSync(await (await saved).path()))
    await button(page, 'Stop').click()
    expect(problems).toEqual([])

    expect(heard).toMatch(/are you there/i)
    const wire: { kind: string; atMs: number }[] = JSON.parse(Buffer.from(files['wire.json']!).toString())
    const model = readWav(files['model.wav']!)
    const untilMs = wire.find(({ kind }) => kind === 'serverContent.interrupted')!.atMs
    const untilCut = model.samples.subarray(0, Math.round((untilMs / 1000) * model.sampleRateHz))
    const transcript = await transcribe(untilCut, model.sampleRateHz)
    const { errors, words } = wordErrorRate(spoken ?? '', transcript)
    process.stdout.write(
      `  shown as heard: ${spoken}\n  heard by Whisper: ${transcript}\n  ${errors} errors in ${words} words\n`,
    )
    expect(words).toBeGreaterThan(3)
    // The last word may be cut in two, and the figure of the voice itself is measured elsewhere.
    expect(errors).toBeLessThanOrEqual(Math.max(3, words / 3))
  })
})
