/** What stands in a picture can be asked about, on real engines: a sample of the frozen set; measure.ts asks about all of it. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelPaths, runtimePaths } from '../../src/catalog/index.js'
import { loadEyes } from '../../src/engines/ocr/index.js'
import { testVisionModel } from '../../src/testing/contract/index.js'
import { GREEN_PNG, RED_BLUE_JPEG, RED_BLUE_PNG, RED_BLUE_WEBP } from '../../src/testing/pictures.js'
import { findPython, requireRuntime } from '../sdk/runtimes.js'
import { startServer, type TestServer } from '../sdk/server.js'
import { askAbout } from './vision/measure.js'
import { PAGES } from './vision/pages.js'

const HOME = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const weightsThere = ['pp-ocr-v4', 'qwen2.5-coder-1.5b'].every((id) => existsSync(modelPaths(HOME, id).main))
if (!weightsThere)
  process.stderr.write(`vision: skipped, there are no weights in ${HOME} (vivavoce models pull)\n`)

const SAMPLE = ['receipt-1', 'terminal-5', 'dialog-3', 'sign-5', 'table-5']

const PICTURES = join(import.meta.dirname, 'vision/pictures')

testVisionModel(
  'embedded, PP-OCRv4',
  () => {
    const dir = modelPaths(HOME, 'pp-ocr-v4').directory
    const runtimeDir = runtimePaths(HOME, 'onnxruntime-node').directory
    return loadEyes({ text: { dir, runtimeDir, threads: 1 } })
  },
  {
    pictures: [RED_BLUE_PNG, RED_BLUE_JPEG, RED_BLUE_WEBP],
    other: GREEN_PNG,
    reads: {
      picture: {
        get bytes() {
          return readFileSync(join(PICTURES, 'receipt-1.jpg'))
        },
        mimeType: 'image/jpeg',
      },
      text: /^TOTAL \| 13\.50$/m,
    },
    ...(weightsThere ? {} : { skip: `no weights in ${HOME}` }),
  },
)

describe.skipIf(!weightsThere)('what stands in a picture', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ home: HOME, arguments: ['--tts', 'piper'], readyWithinMs: 300_000 })
  })
  afterAll(() => server?.stop())

  it('is what the answers are about', async () => {
    const asked = []
    for (const page of PAGES.filter(({ id }) => SAMPLE.includes(id)))
      asked.push(await askAbout(server.url, page))
    expect(
      asked.filter(({ right }) => right).length,
      JSON.stringify(asked, undefined, 1),
    ).toBeGreaterThanOrEqual(4)
  })

  it.each(['video', 'image'])('is told through the Python SDK, as %s', (how) => {
    const python = requireRuntime('Python', () => findPython([]))
    if (!python) return
    const program = join(import.meta.dirname, 'vision/ask_about_picture.py')
    const picture = join(PICTURES, 'receipt-1.jpg')
    const out = execFileSync(python, [program, how, picture, 'What is the total on this receipt?'], {
      env: server.environment(),
      encoding: 'utf8',
    })
    const { said, promptTokens } = JSON.parse(out)
    expect(said).toContain('13.50')
    expect(promptTokens[how.toUpperCase()]).toBe(258)
  })
})
