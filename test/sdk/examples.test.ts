/** The examples check themselves; here they are run, with nothing but the environment of `vivavoce env`. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findPython, requireRuntime } from './runtimes.js'
import { PATIENCE_MS, ROOT, startServer, type TestServer, TSX } from './server.js'

const EXAMPLES = join(ROOT, 'examples')
/** Other folders hold settings, not programs. */
const stories = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'main.py')))
const run = promisify(execFile)

const folder = mkdtempSync(join(tmpdir(), 'vivavoce-examples-'))
let server: TestServer
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  server = await startServer({ script: readFileSync(join(EXAMPLES, 'script.yaml'), 'utf8') })
  env = server.environment()
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('there is an example for each thing that the page shows', () => {
  expect(stories).toEqual(['raw-websocket', 'speech-from-text', 'text-from-audio', 'transcripts'])
  expect(stories.filter((story) => !existsSync(join(EXAMPLES, story, 'main.ts')))).toEqual([])
})

const python = requireRuntime('the Python examples', () => findPython(['numpy', 'websockets']))
describe.skipIf(python === undefined)('Python', () => {
  test.concurrent.each(stories)('%s', async (story) => {
    const cwd = mkdtempSync(join(folder, 'python-'))
    await run(python!, [join(EXAMPLES, story, 'main.py')], { cwd, env, timeout: PATIENCE_MS })
  })
})

describe('TypeScript', () => {
  test('the examples are well typed', async () => {
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
    await run(process.execPath, [tsc, '-p', EXAMPLES], { cwd: ROOT })
  })

  test.concurrent.each(stories)('%s', async (story) => {
    const cwd = mkdtempSync(join(folder, 'typescript-'))
    const main = join(EXAMPLES, story, 'main.ts')
    await run(process.execPath, ['--import', TSX, main], { cwd, env, timeout: PATIENCE_MS })
  })
})

test('an answer that is wrong fails the example', async () => {
  const wrong = await startServer({ script: 'rules:\n  - reply: I do not know.\n' })
  try {
    const main = join(EXAMPLES, 'text-from-audio/main.ts')
    const failure = run(process.execPath, ['--import', TSX, main], {
      env: wrong.environment(),
      timeout: PATIENCE_MS,
    })
    await expect(failure).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('wrong:') })
  } finally {
    await wrong.stop()
  }
})
