/**
 * How many conversations one core's gateway carries: steps of ever more sessions on scripted engines, until the 99th percentile of what
 * the load adds is over the limit; and what an idle session weighs. It owns the schedule and the judgement; who starts the server and
 * where is the caller's business.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { liveUrl } from '../client/index.js'
import { startLoad } from './load-generator.js'
import { type Summary, summarize } from './percentiles.js'
import type { Question } from './question.js'
import { createRandom } from './random.js'

export interface LoadTarget {
  readonly url: string
  readonly model: string
  readonly apiKey?: string
  /** Processor time that the server's processes have used, ms; undefined where it cannot be known. */
  readonly cpuMs: () => number | undefined
}

export interface LoadStep {
  readonly sessions: number
  /** Last frame of speech → first audio. */
  readonly responseMs: Summary | undefined
  /** The same less the median of a few sessions alone: what the load adds. */
  readonly addedMs: Summary | undefined
  /** How much later than a metronome pieces of answers came. */
  readonly latenessMs: Summary | undefined
  readonly underruns: number
  readonly turns: number
  readonly closed: readonly string[]
  readonly cpuShare: number | undefined
  /** How late the generator sent: over the limit, it is the generator that was measured. */
  readonly generatorDelayMs: Summary | undefined
}

export interface LoadSchedule {
  readonly question: Question
  readonly seed: number
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly thinkMs: number
  /** Median response of few sessions, ms; 0 = this is that step. */
  readonly aloneMs: number
}

export async function measureStep(
  target: LoadTarget,
  sessions: number,
  schedule: LoadSchedule,
  signal: AbortSignal,
): Promise<LoadStep> {
  const { question, thinkMs, seed, aloneMs } = schedule
  const generator = await startLoad({ ...target, question, sessions, thinkMs, random: createRandom(seed) })
  try {
    await sleep(schedule.warmUpSeconds * 1000, undefined, { signal })
    generator.reset()
    const cpuBefore = target.cpuMs()
    const startMs = performance.now()
    await sleep(schedule.seconds * 1000, undefined, { signal })
    const elapsedMs = performance.now() - startMs
    const cpuAfter = target.cpuMs()
    const { responseMs, latenessMs, underruns, turns, closed, generatorDelayMs } = generator.measures
    return {
      sessions,
      responseMs: summarize(responseMs),
      addedMs: summarize(responseMs.map((ms) => ms - aloneMs)),
      latenessMs: summarize(latenessMs),
      underruns,
      turns,
      closed,
      cpuShare:
        cpuBefore === undefined || cpuAfter === undefined ? undefined : (cpuAfter - cpuBefore) / elapsedMs,
      generatorDelayMs: summarize(generatorDelayMs),
    }
  } finally {
    await generator.close()
  }
}

/** Whether the step is within the limit, in all that was measured. */
export function holds(step: LoadStep, limitMs: number): boolean {
  const p99 = Math.max(step.addedMs?.p99 ?? Number.POSITIVE_INFINITY, step.latenessMs?.p99 ?? 0)
  return p99 <= limitMs && step.closed.length === 0
}

export interface IdleMemory {
  readonly sessions: number
  /** Each, resident: the socket alone, and what the session adds to it. */
  readonly socketBytes: number
  readonly sessionBytes: number
  /** The same of the heap and the buffers beside it, after a collection; undefined where the server cannot collect. */
  readonly sessionHeapBytes: number | undefined
}

interface Footprint {
  readonly rssBytes: number
  readonly heapBytes: number
}

/** `footprint` of the server, after a collection of garbage. */
export async function measureIdle(
  target: LoadTarget,
  sessions: number,
  footprint: () => Promise<Footprint>,
): Promise<IdleMemory> {
  const sockets: WebSocket[] = []
  try {
    const before = await settled(footprint)
    for (let count = 0; count < sessions; count++) sockets.push(await openSocket(target))
    const connected = await settled(footprint)
    for (const socket of sockets) await setUp(socket, target.model)
    const open = await settled(footprint)
    return {
      sessions,
      socketBytes: (connected.rssBytes - before.rssBytes) / sessions,
      sessionBytes: (open.rssBytes - connected.rssBytes) / sessions,
      sessionHeapBytes: (open.heapBytes - connected.heapBytes) / sessions,
    }
  } finally {
    for (const socket of sockets) socket.terminate()
  }
}

async function settled(footprint: () => Promise<Footprint>): Promise<Footprint> {
  await footprint()
  await sleep(500)
  return footprint()
}

function openSocket(target: LoadTarget): Promise<WebSocket> {
  const socket = new WebSocket(liveUrl(target.url, target.apiKey), { perMessageDeflate: false })
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}

function setUp(socket: WebSocket, model: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('message', () => resolve())
    socket.once('close', (code, reason) => reject(new Error(`refused at setup: ${code} ${reason}`)))
    socket.send(JSON.stringify({ setup: { model: `models/${model}` } }))
  })
}
