/**
 * The same conversations in Chromium: a page that loads the web build of @google/genai, from a server of its own.
 * Usage: drive-browser.mjs <bundle> <browser> <pcm file> <scenario>…, all in one page; the server to talk to is GOOGLE_GEMINI_BASE_URL.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

const [bundle, executablePath, file, ...scenarios] = process.argv.slice(2)
const pcm = [...readFileSync(file)]
const FILES = {
  '/': ['text/html', '<!doctype html><title>@google/genai</title>'],
  '/bundle.js': ['text/javascript', readFileSync(bundle)],
}

const files = createServer((request, response) => {
  const [type, body] = FILES[request.url] ?? []
  response.writeHead(type ? 200 : 404, { 'content-type': type ?? 'text/plain' }).end(body)
})
await new Promise((resolve) => files.listen(0, '127.0.0.1', resolve))
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
try {
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${files.address().port}/`)
  const converse = async (scenario) => {
    const outcome = await page.evaluate(
      async ({ scenario, baseUrl, pcm }) => {
        const { GoogleGenAI, runScenario } = await import('/bundle.js')
        const client = new GoogleGenAI({ apiKey: 'any-key', httpOptions: { baseUrl } })
        return runScenario(scenario, { client, pcm: Uint8Array.from(pcm) })
      },
      { scenario, baseUrl: process.env.GOOGLE_GEMINI_BASE_URL, pcm },
    )
    process.stdout.write(`${JSON.stringify({ scenario, ...outcome })}\n`)
  }
  await Promise.all(scenarios.map(converse))
} finally {
  await browser.close()
  files.close()
}
