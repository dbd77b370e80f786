/** Proactive audio: the timeline has a turn for what was said to somebody else, and says of every turn whom it was said to and why. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../sdk/server.js'
import { button, executablePath, launchStudioBrowser, questionsAt, type StudioBrowser, said } from './page.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const SCRIPT = `
rules:
  - match: { turn: 1, audioMs: { min: 1 } }
    transcript: Tom, could you set the table, please?
  - match: { audioMs: { min: 1 } }
    transcript: What time is it?
  - match: { contains: what time }
    reply: It is ten.
`
const fragment = 'model=gemini-2.5-flash-native-audio-latest&proactive=true'

describe.skipIf(executablePath === undefined)('the addressee', () => {
  let server: TestServer
  let browser: StudioBrowser
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([
      startServer({ script: SCRIPT }),
      launchStudioBrowser(questionsAt(1, 6)),
    ])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test.each([
    ['en-GB', 'light', 'Talk', /^Turn 1/, /^Said to the model/, /somebody else was called/, 'yes'],
    ['es-ES', 'dark', 'Hablar', /^Turno 1/, /^Dicho al modelo/, /se llamó a otra persona/, 'sí'],
  ] as const)('%s, %s', async (locale, colorScheme, talk, first, label, why, yes) => {
    const { page, problems } = await browser.open({ url: server.url, fragment, locale, colorScheme })
    await button(page, talk).click()
    await said(page, 'It is ten.').waitFor()
    expect(await page.locator('.line.user').count()).toBe(2)
    const row = page.getByRole('row', { name: label })
    await expect.poll(() => row.getByRole('cell').textContent()).toBe(yes)
    expect(await page.locator('.turns li').count()).toBe(2)
    await page.getByRole('button', { name: first }).click()
    await row.getByText(why).waitFor()
    expect(await row.getByRole('cell').textContent()).toBe('no')
    await page.evaluate(axe)
    const violations = await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })
      .then(({ violations }) => violations.map(({ id }) => id))`)
    expect(violations).toEqual([])
    expect(problems).toEqual([])
  })
})
