/** The Studio in a real browser with a simulated microphone, against the real engines: heard, answered aloud, interrupted, killed, gone on with. */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readWav, resample } from '../../src/audio/index.js'
import { modelPaths, runtimePaths } from '../../src/catalog/index.js'
import { loadWhisper } from '../../src/engines/whisper/index.js'
import { wordErrorRate } from '../../src/testing/word-error-rate.js'
import { startServer, type TestServer } from '../sdk/server.js'
import {
  button,
  executablePath,
  launchStudioBrowser,
  type StudioBrowser,
  said,
  status,
} from '../studio/page.js'

const HOME = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const weightsThere = existsSync(modelPaths(HOME, 'whisper-base').main)
if (!weightsThere)
  process.stderr.write(`studio: skipped, there are no weights in ${HOME} (vivavoce models pull)\n`)

/** The beginning of an answer, before it is interrupted. */
const COMPARED_WORDS = 20

const question = (name: string) =>
  readWav(readFileSync(resolve(import.meta.dirname, '../../src/bench/questions', `${name}.wav`))).samples

describe.skipIf(executablePath === undefined || !weightsThere)('the Studio on real engines', () => {
  let server: TestServer
  let browser: StudioBrowser
  beforeAll(async () => {
    // The second question comes in the middle of the long answer to the first, on a busy machine as well.
    ;[server, browser] = await Promise.all([
      startServer({ home: HOME }),
      launchStudioBrowser([
        { atS: 1, samples: question('violin-and-viola') },
        { atS: 22, samples: question('moon') },
      ]),
    ])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test('is talked to, answers aloud what it claims to say, and is interrupted', async () => {
    const system = 'Answer every question with a long story of twenty sentences.'
    const fragment = `model=gemini-live-2.5-flash-preview-native-audio&affective=true&system=${encodeURIComponent(system)}`
    const { page, problems } = await browser.open({ url: server.url, fragment })
    await button(page, 'Keep').click()
    await page.getByLabel('Record the sound').check()
    await page.keyboard.press('Escape')
    await button(page, 'Talk').click()
    await status(page, 'live')
    await said(page, /a violin and a viola/i).waitFor()
    await page.locator('.line.model[data-state="cut"]').waitFor()
    await said(page, /how far away is the moon/i).waitFor()
    const second = page.locator('.line.model').nth(1)
    await second.filter({ hasText: /moon|mile|kilomet/i }).waitFor()
    await page.getByRole('button', { name: /^Turn 1/ }).click()
    // How it was said is read on the way, and shown with what it changed.
    await page.getByRole('row', { name: /^You sounded/ }).waitFor()
    await page.getByRole('row', { name: /^The answer’s voice/ }).waitFor()

    const first = (await page.locator('.line.model p').first().textContent()) ?? ''
    const beginning = (text: string) => text.trim().split(/\s+/).slice(0, COMPARED_WORDS).join(' ')
    const heard = beginning(await transcribe(await recording(page)))
    process.stdout.write(`  said  ${beginning(first)}\n  heard ${heard}\n`)
    const { errors, words } = wordErrorRate(beginning(first), heard)
    expect(errors / words).toBeLessThanOrEqual(0.25)

    await button(page, 'Stop').click()
    await status(page, 'ended')
    expect(problems).toEqual([])
  })

  test('remembers what was said before the server was killed', async () => {
    const { page } = await browser.open({ url: server.url })
    const write = async (text: string) => {
      await page.getByLabel('Write instead of talking').fill(text)
      await page.keyboard.press('Enter')
    }
    await write('My name is Martha. Remember that.')
    await page.locator('.line.model[data-state="complete"]').first().waitFor()
    const port = Number(new URL(server.url).port)
    await server.stop('kill')
    await status(page, 'reconnecting')
    server = await startServer({ home: HOME, port })
    await status(page, 'live')
    await write('What is my name?')
    await page.locator('.line.model').filter({ hasText: 'Martha' }).last().waitFor()
    await page.locator('.line.model[data-state="complete"]').nth(1).waitFor()
    expect(await page.locator('.line.model p').last().textContent()).toContain('Martha')
  })

  /** What the page played, 24 kHz. */
  async function recording(page: import('playwright-core').Page): Promise<Float32Array> {
    const saved = page.waitForEvent('download')
    await button(page, 'Recording').click()
    await button(page, 'Save the session').click()
    const files = unzipSync(readFileSync(await (await saved).path()))
    return readWav(files['model.wav']!).samples
  }

  async function transcribe(samples: Float32Array): Promise<string> {
    const recognizer = await loadWhisper({
      dir: modelPaths(HOME, 'whisper-base').directory,
      runtimeDir: runtimePaths(HOME, 'onnxruntime-node').directory,
    })
    const recognition = recognizer.open({ signal: new AbortController().signal, language: 'en' })
    recognition.push(resample(samples, 24_000, 16_000))
    const { text } = await recognition.settle()
    recognition.close()
    await recognizer.close()
    return text
  }
})
