/**
 * Walks through the states of the page that the other suites leave out (calls by hand and canned, new instructions
 * mid-session, captions, presets), weighs the page, and takes a picture of each state: into docs/studio/ where
 * UPDATE_SCREENSHOTS is set, to see that they can be taken otherwise.
 */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT, startServer, type TestServer } from '../sdk/server.js'
import {
  button,
  executablePath,
  launchStudioBrowser,
  openGroups,
  questionsAt,
  type StudioBrowser,
  said,
  status,
} from './page.js'

const SCRIPT = `
delaysMs: { recognizer: 60, firstToken: 180, perToken: 12, firstAudio: 90 }
rules:
  - match: { toolResult: get_weather }
    reply: It is sunny in Lisbon, with a light wind from the sea.
  - match: { contains: weather }
    reply: ""
    toolCalls: [{ name: get_weather, args: { place: Lisbon } }]
  - match: { turn: 1, audioMs: { min: 1 } }
    transcript: Hello, are you there?
  - match: { contains: are you there }
    reply: "${'Yes, I am here, and there is a lot to tell about lighthouses and the people in them. '.repeat(5).trim()}"
  - match: { audioMs: { min: 1 } }
    transcript: Wait a moment, please.
  - match: { contains: wait }
    reply: Of course. Take all the time you need.
`
const TOOLS = JSON.stringify([
  {
    name: 'get_weather',
    description: 'The weather at a place.',
    parameters: { type: 'OBJECT', properties: { place: { type: 'STRING' } } },
  },
])
const withTools = `tools=${encodeURIComponent(TOOLS)}`

/** First load, everything that the page fetches before the first talk; bytes as sent. */
const MAX_PAGE_BYTES = 300_000

describe.skipIf(executablePath === undefined)('states', () => {
  let server: TestServer
  let browser: StudioBrowser
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([
      startServer({ script: SCRIPT, arguments: ['--silence-duration-ms', '1000'] }),
      launchStudioBrowser(questionsAt(1, 7)),
    ])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function picture(page: Page, name: string): Promise<void> {
    const isKept = process.env.UPDATE_SCREENSHOTS !== undefined
    const place = isKept ? { path: join(ROOT, 'docs/studio', `${name}.png`) } : {}
    // What is on its way to another colour has arrived.
    await page.screenshot({ ...place, animations: 'disabled' })
  }
  async function write(page: Page, words: string): Promise<void> {
    await page.getByLabel('Write instead of talking').fill(words)
    await page.keyboard.press('Enter')
  }

  test('the page weighs little before the first talk', async () => {
    const { page } = await browser.open({ url: server.url })
    await button(page, 'Talk').waitFor()
    const bytes = (await page.evaluate(`performance.getEntriesByType('resource')
      .concat(performance.getEntriesByType('navigation'))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`)) as number
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(MAX_PAGE_BYTES)
    await picture(page, 'start')
  })

  test('a call is answered by hand', async () => {
    const { page, sent } = await browser.open({ url: server.url, fragment: withTools, colorScheme: 'dark' })
    await write(page, 'How is the weather in Lisbon?')
    await page.getByText('Calls get_weather').first().waitFor()
    const answer = page.getByRole('textbox', { name: 'Answer', exact: true })
    await answer.fill('sunny')
    await button(page, 'Send the answer').click()
    await page.getByText(/This is not a JSON object/).waitFor()
    await answer.fill('{ "output": "sunny" }')
    await picture(page, 'tool-call')
    await button(page, 'Send the answer').click()
    await said(page, /It is sunny in Lisbon/).waitFor()
    const { functionResponses } = sent.at(-1)!.toolResponse as { functionResponses: { id: string }[] }
    expect(functionResponses).toEqual([
      { id: functionResponses[0]!.id, name: 'get_weather', response: { output: 'sunny' } },
    ])
  })

  test('a call is answered by itself, with JSON that was prepared', async () => {
    const { page, sent } = await browser.open({ url: server.url, fragment: withTools })
    await openGroups(page)
    await page.getByLabel(/get_weather · Answer calls by themselves/).check()
    await page.getByLabel('get_weather: Answer').fill('{ "output": "rain" }')
    await write(page, 'How is the weather?')
    await said(page, /It is sunny in Lisbon/).waitFor()
    expect(sent.at(-1)!.toolResponse).toMatchObject({ functionResponses: [{ response: { output: 'rain' } }] })
  })

  test('declarations that the server would refuse are marked as they are written', async () => {
    const { page } = await browser.open({ url: server.url })
    await openGroups(page)
    const editor = page.getByLabel('Function declarations')
    await editor.fill('[{ "name": ')
    await expect.poll(() => editor.getAttribute('aria-invalid')).toBe('true')
    await editor.fill('[{ "name": "has space" }]')
    await page
      .getByText(/functionDeclarations/)
      .first()
      .waitFor()
    await editor.fill('')
    await button(page, 'Example').click()
    await expect.poll(() => editor.getAttribute('aria-invalid')).toBe('false')
  })

  test('new instructions reach the model in mid-session, and what cannot is said to wait', async () => {
    const { page, sent } = await browser.open({ url: server.url })
    await write(page, 'Hello')
    await status(page, 'live')
    await page.getByLabel('System instruction').fill('Speak like a sailor.')
    await button(page, 'Tell the model now').click()
    await said(page, 'The model was given the new instructions.').waitFor()
    expect(sent.at(-1)).toMatchObject({
      contextUpdate: { systemInstruction: { parts: [{ text: 'Speak like a sailor.' }] } },
    })
    await page.getByLabel('Voice', { exact: true }).selectOption('Puck')
    await page.getByText('Takes effect with the next conversation.').waitFor()
    await page.getByLabel('Presets').selectOption('patient')
    expect(page.url()).toContain('silenceDurationMs=1500')
  })

  test('talking, looked at from every side', async () => {
    const { page, problems } = await browser.open({ url: server.url })
    await button(page, 'Talk').click()
    await page.getByText('Speaking. Talk to interrupt.').waitFor()
    // The answer is heard for a moment before it is looked at.
    await page.getByText(/a lot to tell/).waitFor()
    await page.emulateMedia({ colorScheme: 'dark' })
    await picture(page, 'talking')
    await page.emulateMedia({ colorScheme: 'light' })
    await page.locator('.line.model[data-state="cut"]').waitFor()
    await page.locator('.line.model[data-state="complete"]').waitFor()
    await page.getByRole('button', { name: /^Turn 1/ }).click()
    await page.getByRole('row', { name: /End of turn decided/ }).waitFor()
    await picture(page, 'timeline')
    await page.getByRole('tab', { name: 'Wire' }).click()
    await page.getByLabel('Search').fill('interrupted')
    await expect.poll(() => page.locator('.wire-rows li').count()).toBe(1)
    await page.getByLabel('Search').fill('')
    await page.locator('.wire-rows button').first().click()
    await page.locator('.wire-detail pre').waitFor()
    await picture(page, 'wire')
    await page.getByRole('tab', { name: 'Session' }).click()
    await picture(page, 'session')
    await button(page, 'Get code').click()
    await page.locator('dialog pre').waitFor()
    await picture(page, 'code')
    await page.keyboard.press('Escape')
    await button(page, 'Captions').click()
    await page.locator('.captions').waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    await picture(page, 'phone')
    const panes = page.locator('.panes')
    await panes.getByRole('button', { name: 'See' }).click()
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await page.getByRole('button', { name: /^Turn 1/ }).click()
    await page.getByRole('row', { name: /End of turn decided/ }).waitFor()
    await picture(page, 'phone-see')
    await panes.getByRole('button', { name: 'Set up' }).click()
    await picture(page, 'phone-setup')
    expect(problems).toEqual([])
  })

  test('the camera in a conversation', async () => {
    const { page } = await browser.open({ url: server.url })
    await button(page, 'Show the camera').click()
    await write(page, 'Please wait.')
    await said(page, /Take all the time you need/).waitFor()
    await page.getByAltText('What the camera showed').first().waitFor()
    await page.getByRole('row', { name: /Words written/ }).waitFor()
    await picture(page, 'camera')
  })

  test('refused microphone, in Spanish and dark', async () => {
    const { page } = await browser.open({
      url: server.url,
      locale: 'es-ES',
      colorScheme: 'dark',
      microphone: 'refused',
    })
    await button(page, 'Hablar').click()
    await page.getByText(/^Se denegó el micrófono/).waitFor()
    await picture(page, 'microphone-refused')
  })
})
