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

export interface ThreadGovernor {
  /** Threads for the run that begins now: from 1 to the most, as many as there were cores that others left free during the last runs. */
  begin(): number
  /** The run is over. Between runs other engines have the processor: that says nothing about how many cores are free during one. */
  end(): void
}

/** The kernel counts in steps of 10 ms; runs are looked at together until they have taken this long. */
const MIN_STRETCH_MS = 100

export function createThreadGovernor(
  maxThreads: number,
  cores: number = Math.max(availableParallelism(), maxThreads),
  read: () => CpuReading = readCpu,
): ThreadGovernor {
  if (maxThreads <= 1) return { begin: () => 1, end: () => {} }
  let threads = maxThreads
  /** Runs may overlap: several conversations are evaluated in one batch. */
  let running = 0
  let since: CpuReading | undefined
  const stretch = { wallMs: 0, freeMs: 0 }

  /** Takes what has passed since the last look into account. */
  function look(): void {
    const reading = read()
    if (since) {
      stretch.wallMs += reading.wallMs - since.wallMs
      stretch.freeMs += reading.idleMs - since.idleMs + (reading.ownMs - since.ownMs)
    }
    since = reading
    if (stretch.wallMs < MIN_STRETCH_MS) return
    const free = Math.min(cores, stretch.freeMs / stretch.wallMs)
    threads = Math.max(1, Math.min(maxThreads, Math.round(free)))
    stretch.wallMs = 0
    stretch.freeMs = 0
  }

  return {
    begin() {
      if (running++ === 0) since = undefined
      look()
      return threads
    },
    end() {
      look()
      running--
    },
  }
}

function readCpu(): CpuReading {
  const { user, system } = process.cpuUsage()
  const idleMs = cpus().reduce((sum, { times }) => sum + times.idle, 0)
  return { wallMs: performance.now(), idleMs, ownMs: (user + system) / 1000 }
}
