/** Draws the pictures of the set anew: `node --import tsx test/models/vision/render.ts`. Needs Chromium (VIVAVOCE_TEST_CHROMIUM). */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { PAGES } from './pages.js'

const folder = join(import.meta.dirname, 'pictures')
mkdirSync(folder, { recursive: true })
const executablePath = process.env.VIVAVOCE_TEST_CHROMIUM ?? '/usr/bin/chromium'
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const tab = await browser.newPage()
for (const { id, html, width, height } of PAGES) {
  await tab.setViewportSize({ width, height })
  await tab.setContent(html)
  // As frames of a camera or a shared screen come.
  writeFileSync(join(folder, `${id}.jpg`), await tab.screenshot({ type: 'jpeg', quality: 75 }))
}
await browser.close()
