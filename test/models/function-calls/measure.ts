/**
 * Runs a half of the frozen set through the embedded language model and prints the figures:
 *
 *   node --import tsx test/models/function-calls/measure.ts --half tune|practice|report [--show] [--only t001,t002] [--part 1/2] [--out result.json]
 *
 * `--latency` measures instead: the first word with and without functions, and the first call, when the user's words were
 * evaluated while they were spoken (quiet machine!). `--show` prints every miss. The report half is for the final figure: prompts and thresholds are never tuned on it.
 * With `--out`, a run that was broken off is gone on with, and a long one can go in parts: `--part 1/2`, then without.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openResult } from '../../../src/bench/index.js'
import type { LanguageModel } from '../../../src/engine/index.js'
import { loadLlama } from '../../../src/engines/llama/index.js'
import { type Half, type Item, judge, type Outcome, promptOf, readFrozenSet } from './frozen-set.js'

interface Result extends Outcome {
  readonly id: string
  /** From the request to the first words, the first call and the end; the turns before were evaluated. */
  readonly firstTextMs?: number
  readonly firstCallMs?: number
  readonly totalMs: number
}

const { values: flags } = parseArgs({
  options: {
    half: { type: 'string', default: 'tune' },
    show: { type: 'boolean', default: false },
    only: { type: 'string' },
    part: { type: 'string' },
    out: { type: 'string' },
    threads: { type: 'string', default: '2' },
    latency: { type: 'boolean', default: false },
    words: { type: 'string', default: '8' },
  },
})
const never = new AbortController().signal
const half = flags.half as Half
const items = readFrozenSet(half)
const MODEL = 'qwen2.5-coder-1.5b'
const file =
  flags.out === undefined || flags.only !== undefined
    ? undefined
    : openResult<Result>(flags.out, 'function-calls', { half, model: MODEL, words: Number(flags.words) })
const results = new Map(file?.units.map((result) => [result.id, result]))

const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const model = await loadLlama({
  modelPath: join(home, 'models', MODEL, 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf'),
  runtimeDir: join(home, 'runtimes', 'node-llama-cpp-3.22.1'),
  threads: Number(flags.threads),
  contextTokens: 4096,
  sequences: 1,
})
if (flags.latency) {
  await measureLatency()
} else {
  for (const item of chosen(items)) {
    const result = await run(model, item)
    results.set(item.id, result)
    if (flags.show) show(item, result)
    file?.add(result)
  }
  file?.finish(results.size === items.length, figures())
  report()
}
await model.close()

async function measureLatency(): Promise<void> {
  const home = items.filter(({ app, turns }) => app === 'home' && turns === undefined)
  const talk = home.filter(({ expect }) => expect.length === 0).slice(0, 16)
  const request = home.filter(({ expect }) => expect.length === 1).slice(0, 16)
  const timed = async (item: Item, hasFunctions: boolean, wanted: 'text' | 'call') => {
    const conversation = model.open({ signal: never })
    const { functions, ...plain } = promptOf(item)
    const prompt = hasFunctions ? { ...plain, functions } : plain
    for await (const _ of conversation.prefill(prompt, never));
    const start = performance.now()
    let found: number | undefined
    for await (const part of conversation.generate(prompt, { maxOutputTokens: 2 }, never)) {
      if (part.type === wanted) found ??= Math.round(performance.now() - start)
    }
    conversation.close()
    return found ?? []
  }
  const row = async (name: string, list: readonly Item[], hasFunctions: boolean, wanted: 'text' | 'call') => {
    const times = []
    for (const item of list) times.push(await timed(item, hasFunctions, wanted))
    console.log(`${name}: ${JSON.stringify(quantiles(times.slice(1).flat()))} ms`)
  }
  await row('first word, no functions', talk, false, 'text')
  await row('first word, 6 functions', talk, true, 'text')
  await row('first call, 6 functions', request, true, 'call')
}

function chosen(all: readonly Item[]): Item[] {
  const [part = 1, parts = 1] = (flags.part ?? '1/1').split('/').map(Number)
  const wanted = flags.only?.split(',')
  return all
    .filter(({ id }, index) => wanted?.includes(id) ?? (index % parts === part - 1 && !results.has(id)))
    .sort((a, b) => a.app.localeCompare(b.app))
}

async function run(llm: LanguageModel, item: Item): Promise<Result> {
  const conversation = llm.open({ signal: never })
  const prompt = promptOf(item)
  const before = { ...prompt, messages: prompt.messages.slice(0, -1) }
  for await (const _ of conversation.prefill(before, never));
  const calls: { name: string; args: Outcome['calls'][number]['args'] }[] = []
  const start = performance.now()
  const sinceStart = () => Math.round(performance.now() - start)
  let text = ''
  let firstTextMs: number | undefined
  let firstCallMs: number | undefined
  // The words of small talk are not judged: a few are enough. Those about a result are.
  const isAboutResult = item.mention !== undefined || item.language !== undefined
  const maxOutputTokens = isAboutResult ? 48 : Number(flags.words)
  for await (const part of conversation.generate(prompt, { maxOutputTokens }, never)) {
    if (part.type === 'text') {
      firstTextMs ??= sinceStart()
      text += part.text
    }
    if (part.type === 'call') {
      firstCallMs ??= sinceStart()
      calls.push({ name: part.name, args: part.args })
    }
  }
  conversation.close()
  return {
    id: item.id,
    text,
    calls,
    ...(firstTextMs === undefined ? {} : { firstTextMs }),
    ...(firstCallMs === undefined ? {} : { firstCallMs }),
    totalMs: sinceStart(),
  }
}

function show(item: Item, result: Result): void {
  const verdict = judge(item, result)
  const made = result.calls.map(({ name, args }) => `${name} ${JSON.stringify(args)}`).join('; ')
  const mark = verdict.right && verdict.flaw === undefined ? 'ok  ' : 'MISS'
  const words = item.say ?? JSON.stringify(item.turns?.at(-1)?.[1])
  console.log(
    `${mark} ${item.id} ${words} => ${made || result.text} ${verdict.flaw ?? ''} (${result.totalMs} ms)`,
  )
}

function figures() {
  const done = items.filter(({ id }) => results.has(id))
  const judged = done.map((item) => ({
    item,
    result: results.get(item.id)!,
    verdict: judge(item, results.get(item.id)!),
  }))
  const wanted = judged.filter(({ item }) => item.expect.length > 0)
  const unwanted = judged.filter(({ item }) => item.expect.length === 0)
  const count = <T>(list: readonly T[], is: (one: T) => boolean) => list.filter(is).length
  return {
    half,
    prompts: judged.length,
    ofPrompts: items.length,
    needCall: wanted.length,
    right: count(wanted, ({ verdict }) => verdict.right),
    rightFunctions: count(wanted, ({ verdict }) => verdict.rightFunctions),
    needNone: unwanted.length,
    falseCalls: count(unwanted, ({ result }) => result.calls.length > 0),
    nonConforming: count(judged, ({ verdict }) => !verdict.conforming),
    wordsAboutResults: count(judged, ({ item }) => item.language !== undefined),
    flawedWords: count(judged, ({ verdict }) => verdict.flaw !== undefined),
    firstTextMs: quantiles(judged.flatMap(({ result }) => result.firstTextMs ?? [])),
    firstCallMs: quantiles(judged.flatMap(({ result }) => result.firstCallMs ?? [])),
  }
}

function quantiles(values: number[]): { median: number; p95: number } | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
  return sorted.length === 0 ? undefined : { median: at(0.5), p95: at(0.95) }
}

function report(): void {
  const { needCall, right, needNone, falseCalls, ...rest } = figures()
  const share = (part: number, whole: number) =>
    `${part} of ${whole} (${((100 * part) / Math.max(1, whole)).toFixed(1)} %)`
  console.log(`right function and arguments: ${share(right, needCall)}; goal: at least 90 %`)
  console.log(`false calls: ${share(falseCalls, needNone)}; goal: at most 3 %`)
  console.log(JSON.stringify(rest))
}
