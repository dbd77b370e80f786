/**
 * The fault matrix of resumption: conversations that are broken off in every way there is, and must go on with no turn lost and none
 * repeated. Prints a table, and keeps it in bench/results/.
 *
 *   node --import tsx test/soak/resumptions.ts [--count 1000] [--real HOME] [--out FILE]
 *
 * Without --real on scripted engines, which repeat what they hear. With it on the engines of that home, and the connection is cut in
 * the middle of answers only.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openResult, type Summary, summarize } from '../../src/bench/index.js'
import { findRedis, startRedis } from '../../src/testing/redis-server.js'
import { each, FAULTS, type Fault, nextQuestion, pause, type Stage } from './resumption-faults.js'
import { startServerProcess } from './server-process.js'
import { createTalker, TALKER_SCRIPT, type Talker } from './talker.js'

const TALKERS_AT_ONCE = 12
/** Real engines on a busy machine. */
const REAL_ANSWER_WITHIN_MS = 120_000

export interface FaultResult {
  readonly fault: string
  readonly resumptions: number
  readonly lost: number
  readonly repeated: number
  /** From the setup to the first of the answer that was owed, ms. */
  readonly firstOutputMs: readonly number[]
  readonly problems: readonly string[]
}

/** Before the first handle there is nothing to resume: the client begins again, and says again what it said. */
async function beforeTheFirstHandle(stage: Stage, count: number): Promise<FaultResult> {
  const result = emptyResult('connection cut before the first handle')
  await batches(count, TALKERS_AT_ONCE, async (size) => {
    const talkers = Array.from({ length: size }, () => createTalker(false, true))
    await each(talkers, async (talker) => {
      const opening = talker.connect(stage.disk.url)
      if (Math.random() < 0.5) await pause(Math.random() * 5)
      talker.cut()
      await opening.catch(() => {})
      await talker.connect(stage.disk.url)
      talker.ask(nextQuestion())
    })
    await conclude(talkers, result, 1)
  })
  return result
}

async function strikeAll(fault: Fault, stage: Stage, count: number): Promise<FaultResult> {
  const result = emptyResult(fault.name)
  const home = fault.needsRedis ? stage.shared!.one : stage.disk
  const perStrike = fault.name.startsWith('goes on at another') ? 2 : 1
  await batches(Math.ceil(count / perStrike), TALKERS_AT_ONCE * 3, async (size) => {
    // Each conversation is broken several times, so that histories grow.
    const talkers = Array.from({ length: Math.ceil(size / 3) }, () => createTalker(fault.transparent, true))
    await each(talkers, async (talker) => {
      await talker.connect(home.url)
      talker.ask(nextQuestion())
      await talker.answered()
    })
    for (let round = 0; round < 3; round++) {
      await fault.strike(talkers, stage)
      await conclude(talkers, result, perStrike)
    }
    for (const talker of talkers) talker.cut()
  })
  return result
}

type Counting = { -readonly [Key in keyof FaultResult]: FaultResult[Key] } & {
  firstOutputMs: number[]
  problems: string[]
}

const emptyResult = (fault: string): Counting => ({
  fault,
  resumptions: 0,
  lost: 0,
  repeated: 0,
  firstOutputMs: [],
  problems: [],
})

/** Waits for the answers, asks once more to see the history, and counts what went wrong. */
async function conclude(talkers: readonly Talker[], result: Counting, resumptions: number): Promise<void> {
  await each(talkers, async (talker) => {
    result.resumptions += resumptions
    const before = talker.faults.length
    try {
      await talker.answered()
      if (talker.firstOutputMs !== undefined) result.firstOutputMs.push(talker.firstOutputMs)
      talker.ask(nextQuestion())
      await talker.answered()
      await pause(50)
    } catch (error) {
      result.lost++
      result.problems.push(String(error))
    }
    const faults = talker.faults.slice(before)
    if (faults.length > 0) result.repeated++
    result.problems.push(...faults)
  })
}

async function batches(count: number, size: number, run: (size: number) => Promise<void>): Promise<void> {
  for (let done = 0; done < count; done += size) await run(Math.min(size, count - done))
}

/** `count` resumptions, spread over all faults. */
export async function runFaultMatrix(count: number, onResult: (result: FaultResult) => void): Promise<void> {
  const program = findRedis()
  const redis = program === undefined ? undefined : await startRedis(program)
  const disk = await startServerProcess({ script: TALKER_SCRIPT })
  const sharing = redis && ['--redis-url', redis.url]
  const shared = redis &&
    sharing && {
      one: await startServerProcess({ script: TALKER_SCRIPT, arguments: sharing }),
      two: await startServerProcess({ script: TALKER_SCRIPT, arguments: sharing }),
      redis,
    }
  const stage: Stage = { disk, ...(shared && { shared }) }
  try {
    const faults = FAULTS.filter((fault) => !fault.needsRedis || shared)
    const share = Math.ceil(count / (faults.length + 1))
    onResult(await beforeTheFirstHandle(stage, share))
    for (const fault of faults) onResult(await strikeAll(fault, stage, share))
  } finally {
    await disk.stop()
    await shared?.one.stop()
    await shared?.two.stop()
    await redis?.stop()
  }
}

/** Cut in the middle of answers, on real engines. Turns are counted; words are whatever the model says. */
export async function runOnRealEngines(home: string, count: number): Promise<FaultResult> {
  const result = emptyResult('connection cut in the middle of an answer, real engines')
  const server = await startServerProcess({ home, readyWithinMs: 300_000 })
  const asked = ['Name three rivers.', 'Why is the sky blue?', 'What is a violin?', 'Tell me about the moon.']
  try {
    const talker = createTalker(false, false, REAL_ANSWER_WITHIN_MS)
    await talker.connect(server.url)
    for (let index = 0; index < count; index++) {
      talker.ask(asked[index % asked.length]!)
      await talker.output()
      talker.cut()
      await talker.connect(server.url)
      result.resumptions++
      try {
        await talker.answered()
        result.firstOutputMs.push(talker.firstOutputMs ?? Number.NaN)
      } catch (error) {
        result.lost++
        result.problems.push(String(error))
      }
    }
    if (talker.faults.length > 0) result.repeated = talker.faults.length
    result.problems.push(...talker.faults)
    talker.cut()
  } finally {
    await server.stop()
  }
  return result
}

type FaultSummary = Omit<FaultResult, 'firstOutputMs'> & { readonly firstOutputMs: Summary | undefined }

const summaryOf = (result: FaultResult): FaultSummary => ({
  ...result,
  firstOutputMs: summarize(result.firstOutputMs),
  problems: result.problems.slice(0, 10),
})

function row(result: FaultResult): string {
  const { fault, resumptions, lost, repeated, firstOutputMs } = summaryOf(result)
  const ms = (value: number | undefined) => (value === undefined ? '' : `${Math.round(value)} ms`)
  return `| ${fault} | ${resumptions} | ${lost} | ${repeated} | ${ms(firstOutputMs?.p50)} | ${ms(firstOutputMs?.p95)} |`
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { count: { type: 'string' }, real: { type: 'string' }, out: { type: 'string' } },
  })
  const engines = values.real === undefined ? 'scripted' : 'real'
  const count = Number(values.count ?? (engines === 'real' ? 20 : 1_000))
  const name = engines === 'real' ? 'resumptions-real' : 'resumptions'
  const file = openResult<FaultSummary>(values.out ?? resolve('bench/results', `${name}.json`), name, {
    count,
    engines,
  })
  const startedMs = performance.now()
  const results: FaultResult[] = []
  const show = (result: FaultResult) => {
    results.push(result)
    file.add(summaryOf(result))
    process.stdout.write(`${row(result)}\n`)
    for (const problem of result.problems.slice(0, 10)) process.stdout.write(`    ${problem}\n`)
  }
  process.stdout.write(
    '| Fault | Resumptions | Turns lost | Repeated or wrong | First output after setup, median | P95 |\n|---|---|---|---|---|---|\n',
  )
  if (values.real !== undefined) show(await runOnRealEngines(values.real, count))
  else await runFaultMatrix(count, show)
  const sum = (of: (result: FaultResult) => number) => results.reduce((total, each) => total + of(each), 0)
  const resumptions = sum((result) => result.resumptions)
  const lost = sum((result) => result.lost)
  const repeated = sum((result) => result.repeated)
  file.finish(true, { resumptions, lost, repeated })
  process.stdout.write(
    `${resumptions} resumptions in ${Math.round((performance.now() - startedMs) / 1000)} s: ` +
      `${lost} turns lost, ${repeated} repeated or wrong\n`,
  )
  process.exitCode = lost + repeated === 0 ? 0 : 1
}

if (import.meta.url === `file://${process.argv[1]}`) await main()
