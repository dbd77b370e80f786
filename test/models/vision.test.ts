/**
 * What stands in a picture can be asked about, on real engines: a sample of the frozen set; measure.ts asks about all of it, objects.ts counts
 * what is seen beside text.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelPaths, runtimePaths } from '../../src/catalog/index.js'
import type { Fact, View } from '../../src/engine/index.js'
import { loadEyes } from '../../src/engines/eyes/index.js'
import { testVisionModel } from '../../src/testing/contract/index.js'
import { GREEN_PNG, RED_BLUE_JPEG, RED_BLUE_PNG, RED_BLUE_WEBP } from '../../src/testing/pictures.js'
import { findPython, requireRuntime } from '../sdk/runtimes.js'
import { startServer, type TestServer } from '../sdk/server.js'
import { askAbout } from './vision/measure.js'
import { PAGES } from './vision/pages.js'

const HOME = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const weightsThere = ['pp-ocr-v4', 'efficientnet-lite2', 'blazeface', 'qwen2.5-coder-1.5b'].every((id) =>
  existsSync(modelPaths(HOME, id).main),
)
if (!weightsThere)
  process.stderr.write(`vision: skipped, there are no weights in ${HOME} (vivavoce models pull)\n`)

const SAMPLE = ['receipt-1', 'terminal-5', 'dialog-3', 'sign-5', 'table-5']

const PICTURES = join(import.meta.dirname, 'vision/pictures')

const runtime = { runtimeDir: runtimePaths(HOME, 'onnxruntime-node').directory, threads: 1 }
const things = { path: modelPaths(HOME, 'efficientnet-lite2').main, ...runtime }
const faces = { path: modelPaths(HOME, 'blazeface').main, ...runtime }

testVisionModel(
  'embedded, all of it',
  () => loadEyes({ text: { dir: modelPaths(HOME, 'pp-ocr-v4').directory, ...runtime }, things, faces }),
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

/** NASA (the astronaut) and CC0, out of scikit-image, made smaller. */
describe.skipIf(!weightsThere)('what a photograph shows', () => {
  let eyes: Awaited<ReturnType<typeof loadEyes>>
  beforeAll(async () => {
    eyes = await loadEyes({ things, faces })
  })
  afterAll(() => eyes?.close())

  async function factsIn(view: View, name: string): Promise<readonly Fact[]> {
    const bytes = readFileSync(join(import.meta.dirname, 'vision/photographs', `${name}.jpg`))
    const abort = new AbortController()
    for await (const part of view.look({ bytes, mimeType: 'image/jpeg' }, { detail: 'medium' }, abort.signal))
      if (part.type === 'sight') return part.sight.facts
    return []
  }
  const open = () => eyes.open({ signal: new AbortController().signal })
  const textsOf = (facts: readonly Fact[], kind: Fact['kind']) =>
    facts.filter((fact) => fact.kind === kind).map(({ text }) => text)

  it.each([
    ['cat', 'a cat'],
    ['coffee', 'a cup'],
  ])('is named: %s', async (name, thing) => {
    const facts = await factsIn(open(), name)
    expect(textsOf(facts, 'thing')).toEqual([thing])
    expect(textsOf(facts, 'face')).toEqual([])
  })

  it('has a face where somebody looks into the camera, and that goes with them', async () => {
    const view = open()
    const facts = await factsIn(view, 'astronaut')
    expect(textsOf(facts, 'face')).toEqual(['looking at the camera'])
    const { box } = facts.find(({ kind }) => kind === 'face')!
    // The middle of the picture, its upper half.
    expect(box!.left).toBeGreaterThan(0.25)
    expect(box!.top + box!.height).toBeLessThan(0.5)
    const after = await factsIn(view, 'coffee')
    expect(textsOf(after, 'face')).toEqual([])
    expect(textsOf(after, 'motion')).toEqual(['the whole picture'])
  })

  it('names nothing on a page of text', async () => {
    const bytes = readFileSync(join(PICTURES, 'receipt-1.jpg'))
    for await (const part of open().look(
      { bytes, mimeType: 'image/jpeg' },
      { detail: 'medium' },
      new AbortController().signal,
    ))
      if (part.type === 'sight') {
        expect(textsOf(part.sight.facts, 'thing')).toEqual([])
        expect(textsOf(part.sight.facts, 'face')).toEqual([])
      }
  })
})

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
