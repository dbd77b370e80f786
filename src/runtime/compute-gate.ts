/**
 * Gives the processor to one heavy piece of work at a time, most urgent first: language model and synthesis that run
 * side by side on few cores starve each other (measured on two cores: decoding falls from 25 to 3.9 tokens a second), taking
 * turns does not. Work is cut into short steps by its callers (a token, a chunk of prompt, a clause); a step that runs is never
 * stopped. Steps of the language model share one slot, since it evaluates several conversations in one batch. Where users wait too
 * long, what nobody has asked for yet does not run at all. Recognition runs beside a look at a picture: each takes one thread.
 */
import type { GateStep } from '../telemetry/index.js'
import type { Clock } from './clock.js'
import { createPressure, type Optional } from './pressure.js'

/** `speaker`: a model that speaks itself. */
export type Lane = 'asr' | 'llm' | 'tts' | 'vision' | 'speaker'

/** Smaller runs first: committed before speculative, first audio before continuation. */
export const PRIORITY = {
  /** The user has finished and waits. */
  recognise: 0,
  /** Nothing was heard yet, or the client is about to run dry. */
  firstAudio: 1,
  firstToken: 2,
  nextClause: 3,
  nextToken: 4,
  /** The user has probably finished: recognition and an answer that may be dropped. */
  speculation: 5,
  /** While somebody speaks: to look at what they show. */
  shown: 5.9,
  /** Words shown while the user speaks. */
  partials: 6,
  /** What was seen, and is read ahead of the user's words: which lines of it are worth reading the words tell. */
  reading: 6.5,
  /** Nobody waits for it. */
  background: 7,
} as const

/** Work for a turn that may not be over yet comes after all that is certain. */
export function speculative(priority: number): number {
  return PRIORITY.speculation + priority / 10
}

/** Steps up to here are what a user waits for in silence. */
const WAITED_FOR: number = PRIORITY.firstToken
const OPTIONAL: readonly (readonly [from: number, what: Optional])[] = [
  [PRIORITY.background, 'background'],
  [PRIORITY.partials, 'partials'],
  [PRIORITY.speculation, 'speculation'],
]

/**
 * A step that takes longer than any computation should is waiting for something else (a free sequence, an engine that restarts): its slot
 * goes to the others.
 */
const LONGEST_STEP_MS = 3_000
/** A step that waits gains one level of priority in this time, so that nothing starves. */
const AGING_MS = 1_500
/** How often it is looked at whether what was given up may run again. */
const RECONSIDER_MS = 250

interface Waiting {
  readonly lane: Lane
  readonly priority: () => number
  readonly since: number
  readonly start: () => void
}

export interface ComputeGate {
  /**
   * Runs one step when its turn has come. A priority given as a function is asked anew each time: speculative work becomes urgent
   * when it is confirmed (then call `reconsider`). Rejects with the signal's reason when aborted while waiting.
   */
  run<T>(
    lane: Lane,
    priority: number | (() => number),
    signal: AbortSignal,
    step: () => Promise<T>,
  ): Promise<T>
  /** Priorities have changed. */
  reconsider(): void
  /** Whether this is given up just now because users wait too long. */
  gives(up: Optional): boolean
  /** How long users wait for the processor at present, ms. */
  readonly waitMs: number
}

export interface ComputeGateOptions {
  /** Pieces of work that may run at the same time: one for every two cores. */
  readonly slots: number
  readonly clock: Clock
  /** Work that another machine does: it waits for nobody here. */
  readonly remote?: readonly Lane[]
  readonly onStep?: (step: GateStep) => void
}

/** The gate as work sees it that is speculative as long as `held` says so. */
export function heldGate(gate: ComputeGate, held: () => boolean): ComputeGate {
  return {
    run(lane, priority, signal, step) {
      const urgency = typeof priority === 'number' ? () => priority : priority
      return gate.run(lane, () => (held() ? speculative(urgency()) : urgency()), signal, step)
    },
    reconsider: gate.reconsider,
    gives: gate.gives,
    get waitMs() {
      return gate.waitMs
    },
  }
}

export function createComputeGate(options: ComputeGateOptions): ComputeGate {
  const { slots, clock, remote = [], onStep } = options
  const pressure = createPressure()
  const waiting: Waiting[] = []
  const running = { asr: 0, tts: 0, llm: 0, vision: 0, speaker: 0 }
  let disarmReconsider: (() => void) | undefined
  let choosing = false

  // Recognition and looking compute on one thread each: the two cores of a slot hold both.
  const busySlots = ({ asr, vision, tts, speaker, llm }: Readonly<Record<Lane, number>>) =>
    Math.max(asr, vision) + tts + speaker + (llm > 0 ? 1 : 0)
  const fits = (lane: Lane) => {
    const before = busySlots(running)
    return before < slots || busySlots({ ...running, [lane]: running[lane] + 1 }) === before
  }

  function longestWaitMs(): number {
    let longest = 0
    for (const { priority, since } of waiting) {
      if (priority() <= WAITED_FOR) longest = Math.max(longest, clock.now() - since)
    }
    return longest
  }
  const gives = (up: Optional) => pressure.gives(up, clock.now(), longestWaitMs())

  /** The most urgent step that may run; those that are given up are passed over. */
  function mostUrgent(): Waiting | undefined {
    const now = clock.now()
    const wait = longestWaitMs()
    const limit = OPTIONAL.reduce(
      (lowest, [from, what]) => (pressure.gives(what, now, wait) ? from : lowest),
      Number.POSITIVE_INFINITY,
    )
    let best: Waiting | undefined
    let bestUrgency = Number.POSITIVE_INFINITY
    for (const entry of waiting) {
      const priority = entry.priority()
      if (priority >= limit) continue
      const urgency = priority - (now - entry.since) / AGING_MS
      if (urgency >= bestUrgency) continue
      best = entry
      bestUrgency = urgency
    }
    return best
  }

  function admit(): void {
    if (choosing) return
    while (waiting.length > 0) {
      const next = mostUrgent()
      if (!next) {
        disarmReconsider ??= clock.setTimer(clock.now() + RECONSIDER_MS, () => {
          disarmReconsider = undefined
          admit()
        })
        return
      }
      // Strictly the most urgent first: letting a later one slip by would keep the slot from ever falling free.
      if (!fits(next.lane)) return
      waiting.splice(waiting.indexOf(next), 1)
      running[next.lane]++
      next.start()
    }
    disarmReconsider?.()
    disarmReconsider = undefined
  }

  /**
   * What follows on a step that has just ended (the next token of an answer) asks before the event loop has turned: until then nothing less urgent takes its place. It
   * also gives the loop its turn where engines of this process answer at once.
   */
  function chooseNext(): void {
    if (choosing) return
    choosing = true
    setImmediate(() => {
      choosing = false
      admit()
    })
  }

  function turnFor(lane: Lane, priority: () => number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason)
        return
      }
      const entry: Waiting = {
        lane,
        priority,
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
  }

  return {
    async run(lane, given, signal, step) {
      if (remote.includes(lane)) return step()
      const priority = typeof given === 'function' ? given : () => given
      const askedAt = clock.now()
      await turnFor(lane, priority, signal)
      const startedAt = clock.now()
      const level = priority()
      if (level <= WAITED_FOR) pressure.note(startedAt, startedAt - askedAt)
      let holds = true
      const release = () => {
        if (!holds) return
        holds = false
        disarm()
        running[lane]--
        chooseNext()
      }
      const disarm = clock.setTimer(clock.now() + LONGEST_STEP_MS, release)
      try {
        return await step()
      } finally {
        release()
        onStep?.({
          lane,
          priority: level,
          waitedMs: startedAt - askedAt,
          ranMs: clock.now() - startedAt,
        })
      }
    },
    reconsider: admit,
    gives,
    get waitMs() {
      return pressure.atLeast(clock.now(), longestWaitMs())
    },
  }
}
