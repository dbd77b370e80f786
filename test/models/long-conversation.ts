/**
 * A conversation far longer than the window, on the embedded language model: time to the first word of each turn, with what
 * was done between turns outside of it, as in a session. Prints whether the turns that make the window slide are slower, and what a
 * session's cache costs; ends with status 1 where they are slower than 1.2 times the others.
 *
 *   node --import tsx test/models/long-conversation.ts [--turns 40] [--window 768] [--out bench/results/kv-window.json]
 */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openResult, summarize } from '../../src/bench/index.js'
import type { Message, Prompt } from '../../src/engine/index.js'
import { loadLlama } from '../../src/engines/llama/index.js'

const { values: flags } = parseArgs({
  options: {
    turns: { type: 'string', default: '40' },
    window: { type: 'string', default: '768' },
    out: { type: 'string' },
  },
})
const MODEL = 'qwen2.5-coder-1.5b'
const GOAL_RATIO = 1.2
const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const contextTokens = Number(flags.window)
const load = (sequences: number) =>
  loadLlama({
    modelPath: join(home, 'models', MODEL, 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf'),
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
interface Turn {
  /** To the first word. */
  readonly firstMs: number
  /** What was done after the turn, while nobody waited. */
  readonly betweenMs: number
  /** The prompt has become shorter than the one before it: the window slid for this turn. */
  readonly slid: boolean
  /** Tokens of the prompt that were not in the cache. */
  readonly evaluated: number
}
const configuration = { model: MODEL, turns: Number(flags.turns), windowTokens: contextTokens }
const file = flags.out === undefined ? undefined : openResult<Turn>(flags.out, 'kv-window', configuration)
const turns: Turn[] = []
let before = 0
for (let turn = 0; turn < Number(flags.turns); turn++) {
  const place = ['kitchen', 'garden', 'cellar', 'attic', 'hall'][turn % 5]
  messages.push({ role: 'user', text: `Parcel number ${turn} is for the ${place}. Where does it go?` })
  const prompt: Prompt = { system, messages }
  const start = performance.now()
  let firstMs = 0
  let slid = false
  let evaluated = 0
  let text = ''
  for await (const part of conversation.generate(prompt, { maxOutputTokens: 16 }, never)) {
    if (part.type === 'text') {
      firstMs ||= performance.now() - start
      text += part.text
    }
    if (part.type !== 'end') continue
    const { promptTokens, cachedTokens } = part.usage
    slid = promptTokens < before
    evaluated = promptTokens - cachedTokens
    before = promptTokens
  }
  messages.push({ role: 'model', text })
  const done = performance.now()
  for await (const _ of conversation.prefill(prompt, never));
  const measured: Turn = { firstMs, betweenMs: performance.now() - done, slid, evaluated }
  turns.push(measured)
}
await model.close()

const memoryMb = async (sequences: number) => {
  const engine = await load(sequences)
  const held = Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
  await engine.close()
  return held
}
const [one, five] = [await memoryMb(1), await memoryMb(5)]

// The first turn finds an empty cache: it is neither.
const [first, ...rest] = turns
const summaryOf = (list: readonly Turn[]) => ({
  turns: list.length,
  firstMs: summarize(list.map(({ firstMs }) => firstMs)),
  betweenMs: summarize(list.map(({ betweenMs }) => betweenMs)),
  evaluatedTokens: summarize(list.map(({ evaluated }) => evaluated)),
})
const sliding = summaryOf(rest.filter(({ slid }) => slid))
const others = summaryOf(rest.filter(({ slid }) => !slid))
const ratio = (sliding.firstMs?.p50 ?? Number.NaN) / (others.firstMs?.p50 ?? Number.NaN)
const result = {
  ratio,
  goalRatio: GOAL_RATIO,
  firstTurnMs: first?.firstMs,
  sliding,
  others,
  memoryPerSessionMb: (five - one) / 4,
}
// A conversation that was broken off is begun anew: nothing of it is kept before its end.
for (const turn of turns) file?.add(turn)
file?.finish(true, result)

const row = (name: string, { turns: count, firstMs, betweenMs, evaluatedTokens }: typeof sliding) => {
  const whole = (value: number | undefined) => (value === undefined ? '-' : Math.round(value))
  return `${name}: ${count}; first word after ${whole(firstMs?.p50)} ms (P95 ${whole(firstMs?.p95)}), ${whole(evaluatedTokens?.p50)} tokens evaluated; between turns ${whole(betweenMs?.p50)} ms\n`
}
process.stdout.write(
  `window of ${contextTokens} tokens, first turn of all ${Math.round(first?.firstMs ?? 0)} ms\n` +
    row('turns that make it slide', sliding) +
    row('other turns', others) +
    `ratio of the medians ${ratio.toFixed(2)}; goal: at most ${GOAL_RATIO}\n` +
    `cache of one more session: ${result.memoryPerSessionMb.toFixed(1)} MB\n`,
)
process.exit(ratio <= GOAL_RATIO ? 0 : 1)
