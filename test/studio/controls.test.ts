/** Every control of the form against the message that it must produce, and the address that it must leave. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FIELDS } from '../../studio/src/setup/fields.js'
import { PRESETS } from '../../studio/src/setup/presets.js'
import { setupOf, toAddress } from '../../studio/src/setup/setup-message.js'
import { startServer, type TestServer } from '../sdk/server.js'
import {
  button,
  executablePath,
  launchStudioBrowser,
  openGroups,
  type StudioBrowser,
  status,
} from './page.js'

/** Label of the control → what a user enters → where it stands in `setup` and what it says. */
const CONTROLS: Readonly<Record<string, readonly [label: string, entered: string | boolean, wire: object]>> =
  {
    model: ['Model', 'gemini-3.8-live', { model: 'models/gemini-3.8-live' }],
    modality: ['Answers as', 'TEXT', { generationConfig: { responseModalities: ['TEXT'] } }],
    voice: [
      'Voice',
      'Puck',
      { generationConfig: { speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Puck' } } } } },
    ],
    language: ['Language', 'es-ES', { generationConfig: { speechConfig: { languageCode: 'es-ES' } } }],
    affective: ['Affective dialogue', true, { generationConfig: { enableAffectiveDialog: true } }],
    proactive: ['Proactive audio', true, { proactivity: { proactiveAudio: true } }],
    system: ['System instruction', 'Be brief.', { systemInstruction: { parts: [{ text: 'Be brief.' }] } }],
    tools: [
      'Function declarations',
      '[{ "name": "now", "description": "The time." }]',
      { tools: [{ functionDeclarations: [{ name: 'now', description: 'The time.' }] }] },
    ],
    manual: [
      'Push to talk',
      true,
      { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } },
    ],
    startSensitivity: [
      'Start of speech',
      'START_SENSITIVITY_LOW',
      {
        realtimeInputConfig: {
          automaticActivityDetection: { startOfSpeechSensitivity: 'START_SENSITIVITY_LOW' },
        },
      },
    ],
    endSensitivity: [
      'End of speech',
      'END_SENSITIVITY_LOW',
      {
        realtimeInputConfig: {
          automaticActivityDetection: { endOfSpeechSensitivity: 'END_SENSITIVITY_LOW' },
        },
      },
    ],
    prefixPaddingMs: [
      'Speech before a start',
      '20',
      { realtimeInputConfig: { automaticActivityDetection: { prefixPaddingMs: 20 } } },
    ],
    silenceDurationMs: [
      'Silence before an end',
      '650',
      { realtimeInputConfig: { automaticActivityDetection: { silenceDurationMs: 650 } } },
    ],
    activityHandling: [
      'When you speak during the answer',
      'NO_INTERRUPTION',
      { realtimeInputConfig: { activityHandling: 'NO_INTERRUPTION' } },
    ],
    turnCoverage: [
      'A turn holds',
      'TURN_INCLUDES_ALL_INPUT',
      { realtimeInputConfig: { turnCoverage: 'TURN_INCLUDES_ALL_INPUT' } },
    ],
    mediaResolution: [
      'Pictures are looked at',
      'MEDIA_RESOLUTION_HIGH',
      { generationConfig: { mediaResolution: 'MEDIA_RESOLUTION_HIGH' } },
    ],
    temperature: ['Temperature', '0.4', { generationConfig: { temperature: 0.4 } }],
    topP: ['Top P', '0.9', { generationConfig: { topP: 0.9 } }],
    topK: ['Top K', '20', { generationConfig: { topK: 20 } }],
    maxOutputTokens: ['Longest answer', '99', { generationConfig: { maxOutputTokens: 99 } }],
    seed: ['Seed', '-7', { generationConfig: { seed: -7 } }],
    presencePenalty: ['Presence penalty', '0.5', { generationConfig: { presencePenalty: 0.5 } }],
    frequencyPenalty: ['Frequency penalty', '-1', { generationConfig: { frequencyPenalty: -1 } }],
    inputTranscript: ['Of what you say', false, {}],
    outputTranscript: ['Of what the model says', false, {}],
  }

/** Settings that take others off the form: they get a session of their own. */
const ALONE = ['modality', 'manual']

describe.skipIf(executablePath === undefined)('the form', () => {
  let server: TestServer
  let browser: StudioBrowser
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startServer(), launchStudioBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function setupWith(names: readonly string[]) {
    const { page, sent, problems } = await browser.open({ url: server.url, height: 2400 })
    await openGroups(page)
    for (const name of names) {
      const [label, entered] = CONTROLS[name]!
      const control = page.locator(`.setup [name="${name}"]`)
      // The label is tied to the control: it is found by it.
      expect(await page.getByLabel(label, { exact: true }).last().getAttribute('name')).toBe(name)
      if (typeof entered === 'boolean') await control.setChecked(entered)
      else if ((await control.evaluate((node) => (node as { tagName: string }).tagName)) === 'SELECT') {
        await control.selectOption(entered)
      } else await control.fill(entered)
    }
    await page.getByLabel('Write instead of talking').fill('Hello')
    await page.keyboard.press('Enter')
    await status(page, 'live')
    await expect.poll(() => sent.length).toBeGreaterThan(1)
    const address = page.url()
    await button(page, 'Stop').click()
    expect(problems).toEqual([])
    return { setup: sent[0]!.setup!, address }
  }

  test('this test knows every field that the server offers', () => {
    expect(FIELDS.map(({ name }) => name).filter((name) => !(name in CONTROLS))).toEqual([])
  })

  test('all that go together', async () => {
    const names = FIELDS.map(({ name }) => name).filter((name) => !ALONE.includes(name))
    const { setup, address } = await setupWith(names)
    const expected = names.reduce((message, name) => merge(message, CONTROLS[name]![2]), {
      generationConfig: { responseModalities: ['AUDIO'] },
      sessionResumption: {},
    } as Record<string, unknown>)
    expect(setup).toEqual(expected)

    // The address alone brings the same set-up back.
    const again = await browser.open({ url: server.url, fragment: new URL(address).hash.slice(1) })
    await again.page.getByLabel('Write instead of talking').fill('Hello')
    await again.page.keyboard.press('Enter')
    await expect.poll(() => again.sent[0]?.setup).toEqual(expected)
  })

  test.each(ALONE)('%s', async (name) => {
    const { setup } = await setupWith([name])
    expect(setup).toMatchObject(CONTROLS[name]![2])
  })

  test.each(PRESETS)('the preset $name', async ({ name, setup }) => {
    const { page, sent } = await browser.open({ url: server.url, fragment: 'seed=1' })
    await page.getByLabel('Presets').selectOption(name)
    await page.getByLabel('Write instead of talking').fill('Hello')
    await page.keyboard.press('Enter')
    await expect.poll(() => sent[0]?.setup).toEqual({ ...setupOf(setup), sessionResumption: {} })
    expect(new URL(page.url()).hash.slice(1)).toBe(toAddress(setup))
  })

  test('a voice is heard before it is chosen, in the language of the set-up', async () => {
    const { page } = await browser.open({ url: server.url, fragment: 'voice=Puck&language=es-ES' })
    const answered = page.waitForResponse(/\/api\/voices\//)
    await button(page, 'Hear this voice').click()
    const response = await answered
    expect(new URL(response.url()).pathname + new URL(response.url()).search).toBe(
      '/api/voices/Puck?language=es-ES',
    )
    expect(response.status()).toBe(200)
    // The page has read it to its end: its sound is asked for once more.
    const again = await page.request.get(response.url())
    expect(again.headers()['content-type']).toContain('audio/wav')
    expect((await again.body()).length).toBeGreaterThan(10_000)
    // It is a toggle while it plays, and is over by itself.
    await button(page, 'Hear this voice').waitFor()
  })

  test('language and colours are the reader’s choice, and remembered', async () => {
    const { page } = await browser.open({ url: server.url })
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const light = await ground()
    await page.locator('.header').getByLabel('Colours').selectOption('dark')
    expect(await ground()).not.toBe(light)
    await page.locator('.header').getByLabel('Language').selectOption('es')
    await button(page, 'Hablar').waitFor()
    await page.reload()
    await button(page, 'Hablar').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('es')
    expect(await ground()).not.toBe(light)
  })

  test('the hold button with a pointer: from down to up, wherever it goes', async () => {
    const { page, sent, audioSent } = await browser.open({ url: server.url, fragment: 'manual=true' })
    await button(page, 'Talk').click()
    const box = (await button(page, 'Hold to talk').boundingBox())!
    await page.mouse.move(box.x + 20, box.y + 20)
    await page.mouse.down()
    await expect.poll(audioSent).toBeGreaterThan(10)
    await page.mouse.move(5, 5)
    await page.mouse.up()
    await expect
      .poll(() => sent.slice(-2))
      .toEqual([{ realtimeInput: { activityStart: {} } }, { realtimeInput: { activityEnd: {} } }])
  })

  test('push to talk marks the activity, and only then is there sound', async () => {
    const { page, sent, audioSent } = await browser.open({ url: server.url, fragment: 'manual=true' })
    await button(page, 'Talk').click()
    const hold = button(page, 'Hold to talk')
    await hold.waitFor()
    expect(audioSent()).toBe(0)
    await hold.focus()
    await page.keyboard.down('Space')
    await page.getByText('Listening while you hold').waitFor()
    await expect.poll(audioSent).toBeGreaterThan(10)
    await page.keyboard.up('Space')
    await expect.poll(() => sent.at(-1)).toEqual({ realtimeInput: { activityEnd: {} } })
    expect(sent.at(-2)).toEqual({ realtimeInput: { activityStart: {} } })
    const before = audioSent()
    await page.waitForTimeout(200)
    expect(audioSent()).toBe(before)
  })

  test('mute stops the sound and tells the server; the key of the address goes along, and is not shared', async () => {
    const { page, sent, audioSent } = await browser.open({ url: server.url, fragment: 'key=secret&seed=1' })
    const opened = page.waitForEvent('websocket')
    await button(page, 'Talk').click()
    expect(new URL((await opened).url()).searchParams.get('key')).toBe('secret')
    await expect.poll(audioSent).toBeGreaterThan(10)
    await button(page, 'Mute').click()
    await expect.poll(() => sent.at(-1)).toEqual({ realtimeInput: { audioStreamEnd: true } })
    const before = audioSent()
    await page.waitForTimeout(200)
    expect(audioSent()).toBe(before)
    await button(page, 'Unmute').click()
    await expect.poll(audioSent).toBeGreaterThan(before)
    // It says so for a moment only.
    await Promise.all([page.getByText('Copied').waitFor(), button(page, 'Copy link').click()])
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${server.url}/#seed=1`)
  })

  test('an audio file is spoken in real time, and what is no audio is refused in words', async () => {
    const { page, audioSent } = await browser.open({ url: server.url, microphone: 'absent' })
    const file = page.locator('.composer input[type="file"]')
    await file.setInputFiles('examples/question.wav')
    await page.getByText('Speaking the file question.wav').waitFor()
    await page.locator('.line.user').waitFor()
    expect(audioSent()).toBeGreaterThan(50)
    await file.setInputFiles('package.json')
    await page.getByText(/cannot decode package\.json/).waitFor()
  })

  test('an audio file that is dropped on the conversation is spoken', async () => {
    const { page, audioSent } = await browser.open({ url: server.url, microphone: 'absent' })
    const bytes = readFileSync('examples/question.wav').toString('base64')
    const dataTransfer = await page.evaluateHandle((data) => {
      const transfer = new DataTransfer()
      const wav = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
      transfer.items.add(new File([wav], 'dropped.wav', { type: 'audio/wav' }))
      return transfer
    }, bytes)
    await page.dispatchEvent('.drop-zone', 'dragover', { dataTransfer })
    await page.getByText('Drop an audio file to speak it').waitFor()
    await page.dispatchEvent('.drop-zone', 'drop', { dataTransfer })
    await page.getByText('Speaking the file dropped.wav').waitFor()
    await page.locator('.line.user').waitFor()
    expect(audioSent()).toBeGreaterThan(50)
  })

  test('what the server would refuse is said before it is sent, in Spanish too', async () => {
    const spanish = await browser.open({ url: server.url, fragment: 'temperature=7', locale: 'es-ES' })
    await spanish.page.getByText(/lo rechazaría: .*temperature debe ser un número de 0 a 2/).waitFor()
    const { page } = await browser.open({ url: server.url, fragment: 'temperature=7' })
    await page.getByText(/The server would refuse this: .*temperature must be a number from 0 to 2/).waitFor()
  })
})

function merge(target: Record<string, unknown>, source: object): Record<string, unknown> {
  const result = { ...target }
  for (const [key, value] of Object.entries(source)) {
    const known = result[key]
    const both =
      typeof known === 'object' && typeof value === 'object' && !Array.isArray(value) && known && value
    result[key] = both ? merge(known as Record<string, unknown>, value) : value
  }
  return result
}
