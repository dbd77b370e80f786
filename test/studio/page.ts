/** One Chromium for a suite, with a microphone that speaks from a file, and the Studio opened in it as asked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { pcm16ToFloat, writeWav } from '../../src/audio/index.js'
import { findChromium, requireRuntime } from '../sdk/runtimes.js'
import { questionPcm, ROOT } from '../sdk/server.js'
import { writeFilm } from './camera-file.js'

export const executablePath = requireRuntime('the Studio', findChromium)

/** A tab with this title is what is shared when a page asks for a screen; closing it ends that. */
export const SHARED_TITLE = 'Shared tab'

/** What a page may take where other suites keep the cores busy. */
const PATIENCE_MS = 60_000

/** Resolves to this machine, and is no secure origin. */
export const INSECURE_HOST = 'studio.test'

export interface OpenOptions {
  readonly url: string
  readonly locale?: string
  readonly colorScheme?: 'light' | 'dark'
  readonly width?: number
  readonly height?: number
  /** Default: given. */
  readonly microphone?: 'refused' | 'absent'
  /** Default: given. */
  readonly camera?: 'refused'
  /** Behind `#`. */
  readonly fragment?: string
  /** Runs in the page before its own code. */
  readonly probe?: string
}

export interface SentMessage {
  readonly setup?: Record<string, unknown>
  readonly [member: string]: unknown
}

export interface StudioPage {
  readonly page: Page
  /** Parsed, audio left out, in order. */
  readonly sent: readonly SentMessage[]
  /** Audio messages sent. */
  readonly audioSent: () => number
  readonly origins: ReadonlySet<string>
  /** Errors of the page and refusals of its policy. */
  readonly problems: readonly string[]
}

export interface StudioBrowser {
  open(options: OpenOptions): Promise<StudioPage>
  close(): Promise<void>
}

/** What the microphone says, 16 kHz, and when: seconds after it was opened. */
export interface Utterance {
  readonly atS: number
  readonly samples: Float32Array
}

/** The recorded question at these moments. */
export function questionsAt(...seconds: readonly number[]): readonly Utterance[] {
  const samples = pcm16ToFloat(questionPcm())
  return seconds.map((atS) => ({ atS, samples }))
}

/** The microphone says that, with silence between and behind; the camera sees a lighthouse. */
export async function launchStudioBrowser(
  spoken: readonly Utterance[] = questionsAt(1.5),
): Promise<StudioBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'vivavoce-studio-'))
  const samples = new Float32Array(16_000 * 60)
  for (const { atS, samples: said } of spoken) samples.set(said, atS * 16_000)
  const file = join(folder, 'microphone.wav')
  writeFileSync(file, writeWav(samples, 16_000))
  const film = join(folder, 'camera.y4m')
  await writeFilm(join(ROOT, 'examples/notebooks/lighthouse.png'), film)
  const browser: Browser = await chromium.launch({
    executablePath: executablePath!,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--autoplay-policy=user-gesture-required',
      '--deny-permission-prompts',
      '--use-fake-device-for-media-stream',
      `--auto-select-tab-capture-source-by-title=${SHARED_TITLE}`,
      `--use-file-for-fake-audio-capture=${file}%noloop`,
      `--use-file-for-fake-video-capture=${film}`,
      `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
    ],
  })
  return {
    async open({ url, locale = 'en-GB', colorScheme = 'light', width = 1360, height = 860, ...options }) {
      const context = await browser.newContext({ locale, colorScheme, viewport: { width, height } })
      if (options.microphone !== 'refused') {
        const camera = options.camera === 'refused' ? [] : ['camera']
        await context.grantPermissions(['microphone', ...camera, 'clipboard-read', 'clipboard-write'])
      }
      const page = await context.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      if (options.probe !== undefined) await page.addInitScript(options.probe)
      if (options.microphone === 'absent') {
        await page.addInitScript(`navigator.mediaDevices.getUserMedia = () =>
          Promise.reject(new DOMException('none', 'NotFoundError'))`)
      }
      const sent: SentMessage[] = []
      const origins = new Set<string>()
      const problems: string[] = []
      let audioSent = 0
      page.on('pageerror', (error) => problems.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text())
      })
      page.on('request', (request) => origins.add(new URL(request.url()).origin))
      page.on('websocket', (socket) => {
        origins.add(new URL(socket.url()).origin.replace(/^ws/, 'http'))
        socket.on('framesent', ({ payload }) => {
          const text = String(payload)
          if (text.startsWith('{"realtimeInput":{"audio":')) audioSent++
          else sent.push(JSON.parse(text))
        })
      })
      await page.goto(options.fragment === undefined ? url : `${url}/#${options.fragment}`)
      // On a busy machine the page has loaded well before React has put anything in it.
      await page.locator('main').waitFor()
      return { page, sent, audioSent: () => audioSent, origins, problems }
    },
    async close() {
      await browser.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const status = (page: Page, name: string) => page.waitForSelector(`body[data-status="${name}"]`)
export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
/** In the conversation, not what screen readers are told. */
export const said = (page: Page, text: string | RegExp) => page.locator('#conversation').getByText(text)

/** Unfolds every group of the form. */
export async function openGroups(page: Page): Promise<void> {
  await page.evaluate(`for (const group of document.querySelectorAll('.setup details')) group.open = true`)
}
