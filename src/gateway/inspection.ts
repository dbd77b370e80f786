/**
 * What the server tells about its own work: the turn timeline, memory and event-loop delay. Numbers only, never words; so that a benchmark
 * and the page see the same figures as the logs.
 */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface InspectedProcess {
  readonly name: string
  readonly pid: number | undefined
}

export interface InspectionOptions {
  readonly turns: () => readonly unknown[]
  readonly processes: () => readonly InspectedProcess[]
  readonly openSessions: () => number
}

export interface Inspection {
  /** Answers `/api/turns` and `/api/stats`. */
  handle(request: Request): Response | undefined
  close(): void
}

const NANOSECONDS_PER_MS = 1e6
/** Resolution of the event-loop delay, ms. */
const SAMPLING_MS = 5

export function createInspection(options: InspectionOptions): Inspection {
  const delay = monitorEventLoopDelay({ resolution: SAMPLING_MS })
  delay.enable()
  const milliseconds = (nanoseconds: number) => Math.round((nanoseconds / NANOSECONDS_PER_MS) * 100) / 100

  return {
    handle(request) {
      const { pathname, searchParams } = new URL(request.url)
      if (pathname === '/api/turns') return Response.json(options.turns())
      if (pathname !== '/api/stats') return undefined
      const stats = {
        openSessions: options.openSessions(),
        processes: [
          { name: 'server', pid: process.pid, rssBytes: process.memoryUsage.rss() },
          ...options.processes().flatMap(({ name, pid }) => {
            const rssBytes = pid === undefined ? undefined : residentBytes(pid)
            return rssBytes === undefined ? [] : [{ name, pid, rssBytes }]
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
function residentBytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}
