/**
 * The notebooks are run from the first cell to the last, against scripted engines, and print what they are kept with.
 * With UPDATE_DOCS the outputs are written into them again; sound, which would be most of a file, is left out.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findPython, requireRuntime } from '../sdk/runtimes.js'
import { ROOT, startServer, type TestServer } from '../sdk/server.js'

interface Output {
  readonly output_type: string
  readonly text?: string | readonly string[]
  readonly data?: Readonly<Record<string, unknown>>
}

interface Cell {
  readonly cell_type: string
  readonly outputs?: readonly Output[]
}

interface Notebook {
  readonly cells: readonly Cell[]
}

const FOLDER = join(ROOT, 'examples/notebooks')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.ipynb'))
const run = promisify(execFile)
const python = requireRuntime('notebooks', () =>
  findPython(['nbclient', 'ipykernel', 'websockets', 'IPython']),
)

/** A pause more or less: where an answer is cut into clauses depends on how fast it comes. */
const SECONDS = /\d+\.\d\d s\b/g

const load = (path: string): Notebook => JSON.parse(readFileSync(path, 'utf8'))

/** What each cell printed, and how many sounds and pictures it showed. */
function resultsOf({ cells }: Notebook) {
  return cells
    .filter(({ cell_type }) => cell_type === 'code')
    .map(({ outputs = [] }) => ({
      printed: outputs
        .flatMap(({ text = [] }) => text)
        .join('')
        .replace(SECONDS, '… s'),
      shown: outputs.flatMap(({ data = {} }) => data['text/plain'] ?? []),
    }))
}

function withoutSound(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) => {
    // When a cell ran is of no use to its reader.
    const { outputs, ...rest } = { ...cell, metadata: {} }
    if (outputs === undefined) return rest
    return {
      ...rest,
      outputs: outputs.map((output) => {
        const { 'text/html': html, ...data } = output.data ?? {}
        return String(html).includes('<audio') ? { ...output, data } : output
      }),
    }
  })
  return { ...notebook, cells }
}

describe.skipIf(python === undefined)('notebooks', () => {
  let server: TestServer
  const folder = mkdtempSync(join(tmpdir(), 'vivavoce-notebooks-'))
  beforeAll(async () => {
    server = await startServer({ script: readFileSync(join(ROOT, 'examples/script.yaml'), 'utf8') })
  })
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(names)('%s', async (name) => {
    const target = join(folder, name)
    await run(python!, [join(import.meta.dirname, 'run-notebook.py'), join(FOLDER, name), target], {
      env: { ...server.environment(), IPYTHONDIR: folder, JUPYTER_CONFIG_DIR: folder },
      timeout: 150_000,
    })
    const executed = load(target)
    if (process.env.UPDATE_DOCS) {
      writeFileSync(join(FOLDER, name), `${JSON.stringify(withoutSound(executed), null, 1)}\n`)
    }
    const results = resultsOf(executed)
    expect(results.filter(({ printed }) => printed !== '').length).toBeGreaterThan(3)
    expect(results).toEqual(resultsOf(load(join(FOLDER, name))))
  })
})
