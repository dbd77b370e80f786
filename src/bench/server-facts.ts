/**
 * What a server tells about itself besides the conversation: its turn timeline and its processes. Other servers and
 * older ones tell nothing; then the benchmark does without.
 */

import type { TurnRecord } from '../telemetry/index.js'

export interface ServerStats {
  readonly processes: readonly { readonly name: string; readonly pid: number; readonly rssBytes: number }[]
  readonly eventLoopDelayMs?: { readonly p50: number; readonly p99: number; readonly max: number }
}

export interface ServerFacts {
  turns(): Promise<readonly TurnRecord[]>
  stats(): Promise<ServerStats | undefined>
  /** Starts the event-loop delay anew, so that it covers what is measured from now on. */
  resetStats(): Promise<void>
}

/** `url` is the HTTP address of the server. */
export function serverFacts(url: string, apiKey?: string): ServerFacts {
  const get = async (path: string): Promise<unknown> => {
    const address = new URL(path, url.replace(/^ws/, 'http'))
    try {
      const headers = apiKey === undefined ? {} : { 'x-goog-api-key': apiKey }
      const response = await fetch(address, { headers, signal: AbortSignal.timeout(5000) })
      return response.ok ? await response.json() : undefined
    } catch {
      return undefined
    }
  }
  return {
    async turns() {
      const records = await get('/api/turns')
      return Array.isArray(records) ? records.filter((record) => typeof record?.marks === 'object') : []
    },
    async stats() {
      const stats = (await get('/api/stats')) as ServerStats | undefined
      return Array.isArray(stats?.processes) ? stats : undefined
    },
    async resetStats() {
      await get('/api/stats?reset')
    },
  }
}

export interface MemoryWatch {
  /** The highest sum of the resident memory of the server's processes that was seen; undefined where it tells none. */
  readonly peakRssBytes: number | undefined
  readonly last: ServerStats | undefined
  stop(): Promise<void>
}

/** Looks every two seconds: often enough for a peak that lasts, too seldom to disturb what is measured. */
export function watchMemory(facts: ServerFacts): MemoryWatch {
  let peakRssBytes: number | undefined
  let last: ServerStats | undefined
  const look = async () => {
    const stats = await facts.stats()
    if (stats === undefined) return
    last = stats
    const rssBytes = stats.processes.reduce((sum, process) => sum + process.rssBytes, 0)
    peakRssBytes = Math.max(peakRssBytes ?? 0, rssBytes)
  }
  const timer = setInterval(() => void look(), 2000)
  return {
    get peakRssBytes() {
      return peakRssBytes
    },
    get last() {
      return last
    },
    async stop() {
      clearInterval(timer)
      await look()
    },
  }
}
