/** What went over the wire, held to the types that OpenAI publishes: those of its Python SDK can be asked while a program runs. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { findPython, requireRuntime } from './runtimes.js'
import { PATIENCE_MS, ROOT } from './server.js'

export const openAiPython = requireRuntime('the types of Python openai', () => findPython(['openai']))

/** What does not fit, and why; nothing where the Python SDK is missing, which is said. */
export function misfits(kind: 'chat' | 'realtime', values: readonly unknown[]): readonly unknown[] {
  if (openAiPython === undefined) return []
  const program = join(ROOT, 'test/sdk/python/openai_types.py')
  const input = JSON.stringify(values)
  return JSON.parse(
    execFileSync(openAiPython, [program, kind], { input, encoding: 'utf8', timeout: PATIENCE_MS }),
  )
}
