/** A clock that stands still until a test moves it: timers run in order, and pending promises settle in between. */
import type { Clock } from '../runtime/clock.js'

export interface ManualClock extends Clock {
  /** Moves time on, running every timer that falls due, earliest first. */
  advance(ms: number): Promise<void>
  /** Timers that are armed. */
  readonly pending: number
}

export function createManualClock(startMs = 0): ManualClock {
  let now = startMs
  let nextId = 0
  const timers = new Map<number, { at: number; run: () => void }>()

  const clock: ManualClock = {
    now: () => now,
    setTimer(at, run) {
      const id = nextId++
      timers.set(id, { at, run })
      return () => timers.delete(id)
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason)
          return
        }
        const onAbort = () => {
          disarm()
          reject(signal.reason)
        }
        const disarm = clock.setTimer(now + ms, () => {
          signal.removeEventListener('abort', onAbort)
          resolve()
        })
        signal.addEventListener('abort', onAbort, { once: true })
      }),
    async advance(ms) {
      const until = now + ms
      await settled()
      for (;;) {
        const due = [...timers.entries()]
          .filter(([, timer]) => timer.at <= until)
          .sort((a, b) => a[1].at - b[1].at)[0]
        if (!due) break
        timers.delete(due[0])
        now = Math.max(now, due[1].at)
        due[1].run()
        await settled()
      }
      now = until
      await settled()
    },
    get pending() {
      return timers.size
    },
  }
  return clock
}

/** Lets everything that is ready run: promise chains of any realistic depth and immediates; a step on the processor takes one. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 32; turn++) await new Promise((resolve) => setImmediate(resolve))
}
