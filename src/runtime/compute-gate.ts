/**
 * Gives the processor to one heavy piece of work at a time, most urgent first: language model and synthesis that run
 * side by side on few cores starve each other (measured on two cores: decoding falls from 25 to 3.9 tokens a second), taking
 * turns does not. Work is cut into short steps by its callers (a token, a chunk of prompt, a clause); a step that runs is never
 * stopped. Steps of the language model share one slot, since it evaluates several conversations in one batch.
 */
import type { Clock } from './clock.js'

export type Lane = 'asr' | 'llm' | 'tts'

/** Smaller runs first. */
export const PRIORITY = {
  /** The user has finished and waits. */
  recognise: 0,
  /** Nothing was heard yet, or the client is about to run dry. */
  firstAudio: 1,
  firstToken: 2,
  nextClause: 3,
  nextToken: 4,
  /** Nobody waits for it. */
  background: 6,
} as const

/** Work for a turn that may not be over yet comes after all that is certain, and before what nobody waits for. */
export function speculative(priority: number): number {
  return 4.5 + priority / 10
}

/**
 * A step that takes longer than any computation should is waiting for something else (a free sequence, an engine that restarts): its slot
 * goes to the others.
 */
const LONGEST_STEP_MS = 3_000
/** A step that waits gains one level of priority in this time, so that nothing starves. */
const AGING_MS = 1_500

interface Waiting {
  readonly lane: Lane
  readonly priority: () => number
  readonly since: number
  readonly start: () => void
}

export interface ComputeGate {
  /**
   * Runs one step when its turn has come. Rejects with the signal's reason when aborted while waiting. A priority that may change
   * while the step waits is a function.
   */
  run<T>(
    lane: Lane,
    priority: number | (() => number),
    signal: AbortSignal,
    step: () => Promise<T>,
  ): Promise<T>
}

export interface ComputeGateOptions {
  /** Pieces of work that may run at the same time: one for every two cores. */
  readonly slots: number
  readonly clock: Clock
  /** Work that another machine does: it waits for nobody here. */
  readonly remote?: readonly Lane[]
}

/** The gate as work sees it that is speculative as long as `held` says so. */
export function heldGate(gate: ComputeGate, held: () => boolean): ComputeGate {
  return {
    run(lane, priority, signal, step) {
      const urgency = typeof priority === 'number' ? () => priority : priority
      return gate.run(lane, () => (held() ? speculative(urgency()) : urgency()), signal, step)
    },
  }
}

export function createComputeGate(options: ComputeGateOptions): ComputeGate {
  const { slots, clock, remote = [] } = options
  const waiting: Waiting[] = []
  const running = { asr: 0, tts: 0, llm: 0 }

  const busySlots = () => running.asr + running.tts + (running.llm > 0 ? 1 : 0)
  const fits = (lane: Lane) => (lane === 'llm' && running.llm > 0) || busySlots() < slots
  const urgency = (entry: Waiting) => entry.priority() - (clock.now() - entry.since) / AGING_MS

  function admit(): void {
    while (waiting.length > 0) {
      waiting.sort((a, b) => urgency(a) - urgency(b))
      const next = waiting[0]
      // Strictly the most urgent first: letting a later one slip by would keep the slot from ever falling free.
      if (!next || !fits(next.lane)) return
      waiting.shift()
      running[next.lane]++
      next.start()
    }
  }

  return {
    async run(lane, priority, signal, step) {
      if (remote.includes(lane)) return step()
      await new Promise<void>((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason)
          return
        }
        const entry: Waiting = {
          lane,
          priority: typeof priority === 'number' ? () => priority : priority,
          since: clock.now(),
          start: () => {
            signal.removeEventListener('abort', onAbort)
            resolve()
          },
        }
        const onAbort = () => {
          const index = waiting.indexOf(entry)
          if (index < 0) return
          waiting.splice(index, 1)
          reject(signal.reason)
          admit()
        }
        signal.addEventListener('abort', onAbort, { once: true })
        waiting.push(entry)
        admit()
      })
      let holds = true
      const release = () => {
        if (!holds) return
        holds = false
        disarm()
        running[lane]--
        admit()
      }
      const disarm = clock.setTimer(clock.now() + LONGEST_STEP_MS, release)
      try {
        return await step()
      } finally {
        release()
      }
    },
  }
}
