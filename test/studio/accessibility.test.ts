/** axe-core over every state of the page: both themes, both languages, three widths; and the keyboard alone. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../sdk/server.js'
import { executablePath, launchStudioBrowser, openGroups, type StudioBrowser, said } from './page.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const SCRIPT = `
rules:
  - match: { contains: call }
    reply: I am done with it.
  - match: {}
    reply: I am here.
`
const LOOKS = (['light', 'dark'] as const).flatMap((colours) =>
  (['en-GB', 'es-ES'] as const).flatMap((locale) =>
    [1360, 900, 360].map((width) => [colours, locale, width] as const),
  ),
)

const WORDS = {
  'en-GB': {
    write: 'Write instead of talking',
    keep: 'Keep',
    code: 'Get code',
    setUp: 'Set up',
    see: 'See',
    devices: 'Devices',
    showCamera: 'Show the camera',
    hideCamera: 'Stop the camera',
  },
  'es-ES': {
    write: 'Escribe en vez de hablar',
    keep: 'Guardar',
    code: 'Ver código',
    setUp: 'Ajustes',
    see: 'Ver',
    devices: 'Dispositivos',
    showCamera: 'Mostrar la cámara',
    hideCamera: 'Parar la cámara',
  },
} as const

describe.skipIf(executablePath === undefined)('axe', () => {
  let server: TestServer
  let browser: StudioBrowser
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startServer({ script: SCRIPT }), launchStudioBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function violations(page: Page): Promise<string[]> {
    return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
        id + ' at ' + target.join(' ') + ': ' + failureSummary)))`)
  }

  test.each(LOOKS)('%s, %s, %i px', async (colorScheme, locale, width) => {
    const words = WORDS[locale]
    const { page } = await browser.open({ url: server.url, colorScheme, locale, width })
    // The page's policy lets no script in but its own; a debugger may.
    await page.evaluate(axe)
    const pane = async (name: string) => {
      const tab = page.locator('.panes').getByRole('button', { name, exact: true })
      if (await tab.isVisible()) await tab.click()
    }
    expect(await violations(page), 'at first').toEqual([])
    await page.getByLabel(words.write).fill('Hello')
    await page.keyboard.press('Enter')
    await said(page, 'I am here.').waitFor()
    await page.locator('.line.model[data-state="complete"]').waitFor()
    expect(await violations(page), 'conversation').toEqual([])
    await page.getByRole('button', { name: words.devices }).click()
    expect(await violations(page), 'devices').toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: words.showCamera }).click()
    await page.locator('.line.image img').waitFor()
    expect(await violations(page), 'camera').toEqual([])
    await page.getByRole('button', { name: words.hideCamera }).click()
    await page.getByRole('button', { name: words.keep }).click()
    expect(await violations(page), 'keep').toEqual([])
    const menu = await page.locator('.menu-panel').boundingBox()
    expect(menu!.x).toBeGreaterThanOrEqual(0)
    expect(menu!.x + menu!.width).toBeLessThanOrEqual(width)
    await page.keyboard.press('Escape')
    await pane(words.setUp)
    await openGroups(page)
    expect(await violations(page), 'set up').toEqual([])
    const code = page.getByRole('button', { name: words.code }).filter({ visible: true })
    if ((await code.count()) > 0) {
      await code.first().click()
      await page.locator('dialog pre').waitFor()
      expect(await violations(page), 'code').toEqual([])
      await page.keyboard.press('Escape')
    }
    await pane(words.see)
    const tabs = await page.getByRole('tab').all()
    for (const tab of tabs) {
      if (!(await tab.isVisible())) continue
      await tab.click()
      const line = page.locator('.wire-rows button').first()
      if (await line.isVisible()) await line.click()
      expect(await violations(page), (await tab.textContent()) ?? '').toEqual([])
    }
    expect(await page.evaluate(`document.documentElement.scrollWidth <= ${width}`)).toBe(true)
  })

  test('with the keyboard alone: everything is reached, the focus is seen, screen readers are told', async () => {
    const { page } = await browser.open({ url: server.url })
    const reached: string[] = []
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press('Tab')
      const found = (await page.evaluate(`(() => {
        const node = document.activeElement
        if (!node || node === document.body) return ''
        const style = getComputedStyle(node)
        const isSeen = style.outlineStyle !== 'none' || node.closest('.composer, .icon-select') !== null
        return (isSeen ? '' : 'unseen ') + (node.innerText || node.getAttribute('aria-label') || node.name || node.tagName)
      })()`)) as string
      if (found === '') break
      reached.push(found.trim())
    }
    expect(reached.filter((name) => name.startsWith('unseen'))).toEqual([])
    for (const name of [
      'Skip to the conversation',
      'Get code',
      'Keep',
      'Talk',
      'Timeline',
      'Write instead of talking',
    ]) {
      expect(reached).toContain(name)
    }
    await page.getByLabel('Write instead of talking').focus()
    await page.keyboard.type('Hello')
    await page.keyboard.press('Enter')
    const log = page.getByRole('log')
    await expect.poll(() => log.textContent()).toBe('Model: I am here.')
    await page.getByRole('tab', { name: 'Timeline' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('tab', { name: 'Wire', selected: true }).waitFor()
  })
})
