/** The programs of "Get code" run as they are, against the server, for a plain set-up and for a full one. */
import { execFile, execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROGRAMS, type ProgramLanguage } from '../../studio/src/code/programs.js'
import { FIELDS, type Setup } from '../../studio/src/setup/fields.js'
import { setupOf } from '../../studio/src/setup/setup-message.js'
import { findPython, requireRuntime } from '../sdk/runtimes.js'
import { ROOT, startServer, type TestServer, TSX } from '../sdk/server.js'

const run = promisify(execFile)
const ANSWER = 'I am a scripted voice.'
/** Quotes of every kind: they must survive the languages' own. */
const INSTRUCTION = `Say "hi", it's \`fine\`, \\o/ and ''' end`
const SETUPS: Readonly<Record<string, Setup>> = {
  plain: {},
  full: {
    ...Object.fromEntries(
      FIELDS.filter(({ name }) => !['manual', 'modality'].includes(name)).map(({ name, sample }) => [
        name,
        sample,
      ]),
    ),
    system: INSTRUCTION,
    maxOutputTokens: 50,
  },
  written: { modality: 'TEXT' },
}

const python = requireRuntime('programs in Python', () => findPython(['websockets']))
const go = requireRuntime('programs in Go', () => execFileSync('go', ['version'], { encoding: 'utf8' }))

describe('programs', () => {
  let server: TestServer
  // Inside the repository, so that packages are found.
  const parent = join(ROOT, 'node_modules/.cache/vivavoce-test')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'code-'))
  let environment: NodeJS.ProcessEnv
  beforeAll(async () => {
    server = await startServer({ script: `rules: [{ match: {}, reply: "${ANSWER}" }]` })
    environment = { ...process.env, ...server.environment() }
  })
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  function write(language: ProgramLanguage, setup: Setup, file: string): string {
    const program = PROGRAMS[language]({ setup: setupOf(setup), url: server.url, secureUrl: server.tlsUrl })
    const place = join(folder, `${language}-${file.replace('.', '-')}-${Object.keys(setup).length}`)
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, file), program)
    return place
  }

  const COMMANDS: Readonly<
    Record<ProgramLanguage, readonly [file: string, command: string | undefined, args: readonly string[]]>
  > = {
    python: ['main.py', python, ['main.py']],
    websocket: ['main.py', python, ['main.py']],
    typescript: ['main.mts', process.execPath, ['--import', TSX, 'main.mts']],
    go: ['main.go', go && 'go', ['run', '.']],
  }

  for (const [language, [file, command, args]] of Object.entries(COMMANDS)) {
    test.skipIf(command === undefined).for(Object.entries(SETUPS))(
      `${language}, %s`,
      async ([name, setup]) => {
        const place = write(language as ProgramLanguage, setup, file)
        if (language === 'go') {
          for (const part of ['go.mod', 'go.sum'])
            copyFileSync(join(ROOT, 'test/sdk/go', part), join(place, part))
        }
        const { stdout } = await run(command!, [...args], { cwd: place, env: environment, timeout: 150_000 })
        if (name !== 'full') expect(stdout.trim()).toBe(ANSWER)
        if (name === 'written') return
        const sound = ['answer.wav', 'answer.pcm'].map((path) => join(place, path)).find(existsSync)
        expect(statSync(sound!).size).toBeGreaterThan(24_000)
        if (sound!.endsWith('.wav')) expect(readFileSync(sound!).toString('latin1', 0, 4)).toBe('RIFF')
      },
    )
  }
})
