/**
 * The REST side and ephemeral tokens through Google's SDKs, each an ordinary program that is given nothing but the
 * environment of `vivavoce env`, against the real server with scripted engines.
 */
import { execFile, execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findPython, requireRuntime } from './runtimes.js'
import { PATIENCE_MS, PROGRAM, ROOT, startServer, type TestServer } from './server.js'

let server: TestServer
let environment: NodeJS.ProcessEnv
beforeAll(async () => {
  server = await startServer()
  environment = server.environment()
})
afterAll(async () => {
  await server?.stop()
})

const python = requireRuntime('REST with Python google-genai', () => findPython([]))
const PROGRAMS = [
  ['Python google-genai', python, 'python/rest.py'],
  ['JavaScript @google/genai', process.execPath, 'node/rest.mjs'],
] as const

for (const [name, command, program] of PROGRAMS) {
  describe.skipIf(command === undefined)(`[REST-1] ${name}`, () => {
    test.concurrent.each(['developer', 'vertex'])('%s', async (flavour) => {
      const { stdout } = await promisify(execFile)(command!, [join(ROOT, 'test/sdk', program), flavour], {
        env: environment,
        timeout: PATIENCE_MS,
      })
      const found = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
      expect(found).toMatchObject({
        text: 'one two',
        finishReason: 'MAX_TOKENS',
        totalTokens: 9,
        pieces: expect.arrayContaining(['one', ' two', ' three']),
        counted: 5,
        error: { code: 404, message: expect.stringContaining('nobody') },
      })
      expect(found.models.length).toBeGreaterThan(10)
      expect(found.models).toContain(found.model)
      if (flavour === 'vertex') return
      expect(found.token).toEqual({
        text: 'hi there',
        second: expect.stringMatching(/^1008 .*The ephemeral token is used up/),
      })
    })
  })
}

test('[TOK-18] vivavoce token prints a token that opens a session', () => {
  const [command, ...program] = PROGRAM
  const run = (...args: string[]) =>
    execFileSync(command, [...program, ...args], { env: environment, encoding: 'utf8', stdio: 'pipe' })
  const token = run('token', '--url', server.url, '--expires-in', '5m').trim()
  expect(token).toMatch(/^auth_tokens\/[\w-]+$/)
  const answer = JSON.parse(
    run('ask', 'hi there', '--text-only', '--json', '--url', server.url, '--api-key', token),
  )
  expect(answer).toMatchObject({ answer: 'hi there' })
  expect(() => run('ask', 'again', '--text-only', '--url', server.url, '--api-key', token)).toThrow('used up')
  expect(() => run('token', '--url', server.url, '--expires-in', '21h')).toThrow('20 hours')
})
