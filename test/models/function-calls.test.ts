/**
 * The embedded language model decides on functions: a small part of the frozen set, picked so that everything that can go wrong is in
 * it once. The figures over all of it: test/models/function-calls/measure.ts.
 */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject, LanguageModel } from '../../src/engine/index.js'
import { loadLlama } from '../../src/engines/llama/index.js'
import { judge, promptOf, readFrozenSet } from './function-calls/frozen-set.js'

const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const modelPath = join(home, 'models', 'qwen2.5-coder-1.5b', 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf')
const runtimeDir = join(home, 'runtimes', 'node-llama-cpp-3.22.1')
const isAbsent = !existsSync(modelPath) || !existsSync(runtimeDir)

const PICKED = [
  't001', // an enum
  't011', // Spanish, a number in words
  't018', // an optional argument
  't021', // no arguments
  't039', // two calls
  't041', // a city from the turn before
  't042', // a call after a call
  't045', // small talk
  't047', // general knowledge about the topic of a function
  't055', // it was done already
  't056', // it must not be done
  't064', // a statement
  't070', // Spanish, it must not be done
  't075', // thanks after a result
  't076', // a result in words
  't077', // a result in the user's language
]

describe.skipIf(isAbsent)('function calls, with real weights', () => {
  let model: LanguageModel & { close(): Promise<void> }
  beforeAll(async () => {
    model = await loadLlama({ modelPath, runtimeDir, threads: 2, contextTokens: 4096, sequences: 1 })
  })
  afterAll(() => model?.close())

  const items = readFrozenSet('tune').filter(({ id }) => PICKED.includes(id))
  it.each(items.map((item) => [item.id, item] as const))('%s', async (_id, item) => {
    const { signal } = new AbortController()
    const conversation = model.open({ signal })
    const calls: { name: string; args: JsonObject }[] = []
    let text = ''
    for await (const part of conversation.generate(promptOf(item), { maxOutputTokens: 40 }, signal)) {
      if (part.type === 'text') text += part.text
      if (part.type === 'call') calls.push({ name: part.name, args: part.args })
    }
    conversation.close()
    const verdict = judge(item, { text, calls })
    expect({ said: item.say, calls, text, verdict }).toMatchObject({
      verdict: { right: true, conforming: true },
    })
    expect(verdict.flaw).toBeUndefined()
  })
})
