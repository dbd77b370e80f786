/**
 * A conversation far longer than the window, on the embedded language model: time to the first word of each turn, with what
 * was done between turns outside of it, as in a session. Prints whether the turns after a slide of the window are slower.
 *
 *   node --import tsx test/models/long-conversation.ts [--turns 40] [--window 768]
 */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Message, Prompt } from '../../src/engine/index.js'
import { loadLlama } from '../../src/engines/llama/index.js'

const { values: flags } = parseArgs({
  options: { turns: { type: 'string', default: '40' }, window: { type: 'string', default: '768' } },
})
const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const contextTokens = Number(flags.window)
const load = (sequences: number) =>
  loadLlama({
    modelPath: join(home, 'models', 'qwen2.5-coder-1.5b', 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf'),
    runtimeDir: join(home, 'runtimes', 'node-llama-cpp-3.22.1'),
    threads: 2,
    contextTokens,
    sequences,
  })
const never = new AbortController().signal
const system = 'You are Ada, a friendly voice assistant. Answer in one short sentence.'

const model = await load(1)
const conversation = model.open({ signal: never })
const messages: Message[] = []
const turns: { firstMs: number; betweenMs: number; slid: boolean; evaluated: number }[] = []
let before = 0
for (let turn = 0; turn < Number(flags.turns); turn++) {
  const place = ['kitchen', 'garden', 'cellar', 'attic', 'hall'][turn % 5]
  messages.push({ role: 'user', text: `Parcel number ${turn} is for the ${place}. Where does it go?` })
  const prompt: Prompt = { system, messages }
  const start = performance.now()
  let firstMs = 0
  let text = ''
  for await (const part of conversation.generate(prompt, { maxOutputTokens: 16 }, never)) {
    if (part.type === 'text') {
      firstMs ||= performance.now() - start
      text += part.text
    }
    if (part.type !== 'end') continue
    const { promptTokens, cachedTokens } = part.usage
    turns.push({ firstMs, betweenMs: 0, slid: promptTokens < before, evaluated: promptTokens - cachedTokens })
    before = promptTokens
  }
  messages.push({ role: 'model', text })
  const done = performance.now()
  for await (const _ of conversation.prefill(prompt, never));
  turns.at(-1)!.betweenMs = performance.now() - done
}
const [first, ...rest] = turns
const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const after = rest.filter(({ slid }) => slid)
const others = rest.filter(({ slid }) => !slid)
const line = (name: string, list: typeof turns) =>
  `${name}: ${list.length} turns, first word after ${Math.round(median(list.map(({ firstMs }) => firstMs)))} ms ` +
  `(${median(list.map(({ evaluated }) => evaluated))} tokens evaluated); between turns ${Math.round(median(list.map(({ betweenMs }) => betweenMs)))} ms`
console.log(`window ${contextTokens} tokens; first turn ${Math.round(first?.firstMs ?? 0)} ms`)
console.log(line('turns after a slide', after))
console.log(line('other turns', others))
const ratio = median(after.map(({ firstMs }) => firstMs)) / median(others.map(({ firstMs }) => firstMs))
console.log(`ratio ${ratio.toFixed(2)}; goal: at most 1.2`)
await model.close()

const memoryMb = async (sequences: number) => {
  const engine = await load(sequences)
  const held = Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
  await engine.close()
  return held
}
const [one, five] = [await memoryMb(1), await memoryMb(5)]
console.log(
  `memory of a further session's cache: ${((five - one) / 4).toFixed(1)} MB for ${contextTokens} tokens`,
)
process.exit(0)
