/**
 * Decides how many threads the next run may use, from how busy everything else on the machine is. Knows nothing of
 * models.
 *
 * Why: the threads of a run wait for each other many times per token, spinning. Two threads on two free cores make 17
 * to 21 tokens a second; with one of the cores taken by someone else they make 1, where a single thread makes 8 to 12.
 */
import { availableParallelism, cpus } from 'node:os'

export interface CpuReading {
  readonly wallMs: number
  /** Sum over all cores. */
  readonly idleMs: number
  /** Used by all threads of this process. */
  readonly ownMs: number
}

/** The kernel counts in steps of 10 ms; shorter stretches say little. */
const MIN_STRETCH_MS = 100

/**
 * Returns a function to ask before every run: a number from 1 to `maxThreads`, as many as there are cores that others
 * leave free, measured over the time since the last measurement.
 */
export function createThreadGovernor(
  maxThreads: number,
  cores: number = Math.max(availableParallelism(), maxThreads),
  read: () => CpuReading = readCpu,
): () => number {
  if (maxThreads <= 1) return () => 1
  let last = read()
  let threads = maxThreads
  return () => {
    const reading = read()
    const wallMs = reading.wallMs - last.wallMs
    if (wallMs < MIN_STRETCH_MS) return threads
    const freeMs = reading.idleMs - last.idleMs + (reading.ownMs - last.ownMs)
    last = reading
    threads = Math.max(1, Math.min(maxThreads, Math.round(Math.min(cores, freeMs / wallMs))))
    return threads
  }
}

function readCpu(): CpuReading {
  const { user, system } = process.cpuUsage()
  const idleMs = cpus().reduce((sum, { times }) => sum + times.idle, 0)
  return { wallMs: performance.now(), idleMs, ownMs: (user + system) / 1000 }
}
