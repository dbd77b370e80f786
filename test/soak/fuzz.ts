/**
 * A million hostile messages against the real program with scripted engines. Prints what happened and the memory of the server on the
 * way; ends with status 1 where it crashed, grew, or where the healthy session noticed.
 *
 *   node --import tsx test/soak/fuzz.ts [--messages 1000000] [--seed 1] [--out bench/results/fuzz.json]
 */

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import { openResult } from '../../src/bench/index.js'
import { decodeBase64Fast } from '../../src/gateway/decode-base64.js'
import { decodeClientMessage, MAX_REASON_BYTES, ProtocolError } from '../../src/protocol/index.js'
import { LIVE_PATH } from '../../src/testing/echo-gateway.js'
import { startServer } from '../sdk/server.js'
import { attack } from './attack.js'
import { createRandom, hostileMessage } from './hostile-messages.js'

const MIB = 1024 * 1024
/** What the memory may grow by from the second quarter of the messages to the last: the heap has its size by then. */
const MAX_GROWTH_MIB = 64

const CONNECTIONS = 16

const { values: flags } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
})
const messages = Number(flags.messages)
const seed = Number(flags.seed)

/** The state of the server on the way. */
interface Step {
  readonly sent: number
  readonly seconds: number
  readonly memoryMib: number
  readonly openSessions: number
  readonly longestDelayMs: number
}

const server = await startServer({ arguments: ['--max-sessions', '200', '--log-level', 'fatal'] })
interface Stats {
  readonly openSessions: number
  readonly processes: readonly { readonly rssBytes: number }[]
  readonly eventLoopDelayMs: { readonly p99: number; readonly max: number }
}
const stats = async (): Promise<Stats> =>
  (await (await fetch(`${server.url}/api/stats?reset`)).json()) as Stats
/** A machine that stands still is seen here as well: then the delay of the server is not its own. */
const ownDelay = monitorEventLoopDelay({ resolution: 5 })
ownDelay.enable()
const steps: Step[] = []
const problems: string[] = []
const startedAt = new Date().toISOString()
try {
  const startMs = performance.now()
  const before = await stats()
  const report = await attack({
    url: `${server.url.replace('http', 'ws')}${LIVE_PATH}`,
    messages,
    seed,
    connections: CONNECTIONS,
    async onProgress(sent) {
      const { processes, openSessions, eventLoopDelayMs } = await stats()
      const seconds = (performance.now() - startMs) / 1000
      const memoryMib = processes[0]!.rssBytes / MIB
      steps.push({ sent, seconds, memoryMib, openSessions, longestDelayMs: eventLoopDelayMs.max })
      process.stdout.write(
        `${String(sent).padStart(9)} messages, ${seconds.toFixed(0)} s, ${memoryMib.toFixed(0)} MiB, ${openSessions} sessions, ` +
          `delay at most ${eventLoopDelayMs.max.toFixed(0)} ms (attacker ${(ownDelay.max / 1e6).toFixed(0)} ms)\n`,
      )
      ownDelay.reset()
    },
  })
  const seconds = (performance.now() - startMs) / 1000
  const decoded = decodeHostile(messages / 5)
  await sleep(5_000)
  const after = await stats()
  process.stdout.write(`${JSON.stringify({ seed, seconds: Math.round(seconds), ...report }, null, 2)}\n`)
  process.stdout.write(
    `after it: ${(after.processes[0]!.rssBytes / MIB).toFixed(0)} MiB, ${JSON.stringify(after.eventLoopDelayMs)}\n`,
  )
  const memory = steps.map(({ memoryMib }) => memoryMib)
  const quarter = Math.floor(memory.length / 4)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const growth = mean(memory.slice(-quarter)) - mean(memory.slice(quarter, 2 * quarter))
  problems.push(...report.complaints)
  if (report.healthyTurns === 0) problems.push('the healthy session had no turn')
  if (report.withoutReason > 0)
    problems.push(`${report.withoutReason} connections were closed without a reason`)
  if (report.endings['1011'] !== undefined) problems.push(`${report.endings['1011']} internal errors`)
  if (after.openSessions > 0) problems.push(`${after.openSessions} sessions are still open`)
  if (growth > MAX_GROWTH_MIB) problems.push(`memory grew by ${growth.toFixed(0)} MiB`)
  if (flags.out !== undefined) {
    const configuration = { messages, seed, connections: CONNECTIONS, engines: 'scripted' }
    const file = openResult<Step>(flags.out, 'fuzz', configuration)
    for (const step of steps) file.add(step)
    file.finish(true, {
      startedAt,
      seconds,
      // A server that had crashed would not have answered.
      crashes: 0,
      ...report,
      decoded,
      memoryMib: {
        before: before.processes[0]!.rssBytes / MIB,
        after: after.processes[0]!.rssBytes / MIB,
        growthFromSecondQuarterToLast: growth,
      },
      openSessionsAfter: after.openSessions,
      problems,
    })
  }
} finally {
  await server.stop()
}
/** On a connection the first bad message is the last that is looked at: here every one is. */
function decodeHostile(count: number): { count: number; refused: number; slowestMs: number } {
  const random = createRandom(seed)
  const startMs = performance.now()
  let refused = 0
  let slowestMs = 0
  for (let index = 0; index < count; index++) {
    const message = hostileMessage(random)
    const atMs = performance.now()
    try {
      decodeClientMessage(message, { decodeBase64: decodeBase64Fast, strict: index % 2 === 0 })
    } catch (error) {
      refused += 1
      const isOurs = error instanceof ProtocolError && Buffer.byteLength(error.reason) <= MAX_REASON_BYTES
      if (!isOurs && problems.length < 10) problems.push(`decoding: ${String(error)}`)
    }
    slowestMs = Math.max(slowestMs, performance.now() - atMs)
  }
  const seconds = ((performance.now() - startMs) / 1000).toFixed(0)
  process.stdout.write(
    `decoded ${count} hostile messages in ${seconds} s, ${refused} refused, the slowest took ${slowestMs.toFixed(1)} ms\n`,
  )
  return { count, refused, slowestMs }
}

process.stdout.write(problems.length === 0 ? 'nothing was noticed\n' : `${problems.join('\n')}\n`)
process.exit(problems.length === 0 ? 0 : 1)
