/**
 * What the server tells about its own work: the turn timeline, memory and event-loop delay. Numbers only, never words; so that a benchmark
 * and the page see the same figures as the logs.
 */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type TurnRecord, viewTurn } from '../telemetry/index.js'

export interface InspectedProcess {
  readonly name: string
  readonly pid: number | undefined
  readonly restarts?: number
}

export interface InspectionOptions {
  readonly turns: () => readonly TurnRecord[]
  readonly processes: () => readonly InspectedProcess[]
  readonly openSessions: () => number
  /** The Prometheus exposition of the moment. */
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>
}

export interface Inspection {
  /** Answers `/api/turns`, `/api/stats` and `/metrics`. */
  handle(request: Request): Response | Promise<Response> | undefined
  close(): void
}

const NANOSECONDS_PER_MS = 1e6
/** Resolution of the event-loop delay, ms. */
const SAMPLING_MS = 5

export function createInspection(options: InspectionOptions): Inspection {
  const delay = monitorEventLoopDelay({ resolution: SAMPLING_MS })
  delay.enable()
  const milliseconds = (nanoseconds: number) => Math.round((nanoseconds / NANOSECONDS_PER_MS) * 100) / 100

  /** `?session=…` for one session, `?last=20` for the newest. */
  const turns = (search: URLSearchParams): readonly TurnRecord[] => {
    const session = search.get('session')
    const found = options.turns().filter((turn) => session === null || turn.session === session)
    const last = Number(search.get('last') ?? Number.NaN)
    return last > 0 ? found.slice(-last) : found
  }
  const metrics = async () => {
    const { text, contentType } = await options.metrics()
    return new Response(text, { headers: { 'content-type': contentType } })
  }

  return {
    handle(request) {
      const { pathname, searchParams } = new URL(request.url)
      if (pathname === '/api/turns') return Response.json(turns(searchParams).map(viewTurn))
      if (pathname === '/metrics') return metrics()
      if (pathname !== '/api/stats') return undefined
      // Of use with node --expose-gc only: memory without what is merely not collected yet.
      if (searchParams.has('gc')) globalThis.gc?.()
      const stats = {
        openSessions: options.openSessions(),
        // Turns are told on a monotonic clock: this is the time of day at its 0.
        clockOrigin: new Date(performance.timeOrigin).toISOString(),
        processes: [
          { name: 'server', pid: process.pid, rssBytes: process.memoryUsage.rss(), ...heap() },
          ...options.processes().flatMap(({ name, pid, restarts = 0 }) => {
            const rssBytes = pid === undefined ? undefined : residentBytes(pid)
            return rssBytes === undefined ? [] : [{ name, pid, rssBytes, restarts }]
          }),
        ],
        // The histogram counts the whole interval between two samples: what is over the resolution is delay.
        eventLoopDelayMs: {
          p50: Math.max(0, milliseconds(delay.percentile(50)) - SAMPLING_MS),
          p99: Math.max(0, milliseconds(delay.percentile(99)) - SAMPLING_MS),
          max: Math.max(0, milliseconds(delay.max) - SAMPLING_MS),
        },
      }
      if (searchParams.has('reset')) delay.reset()
      return Response.json(stats)
    },
    close() {
      delay.disable()
    },
  }
}

/** Resident memory of another process; undefined where the system has no /proc. */
export function residentBytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}

function heap() {
  const { heapUsed, external } = process.memoryUsage()
  return { heapBytes: heapUsed, externalBytes: external }
}
