/**
 * The named timers of one session. Most are put off again and again before they run out (a timer of silence with each piece of audio), so
 * that one which is due later than the clock was told stays as it is there, and is looked at again when it comes.
 */
import type { Clock } from './clock.js'

export interface Timers<Name> {
  /** Calls `run` once at or after `at`, in place of what was set before. */
  set(name: Name, at: number): void
  clear(name: Name): void
  clearAll(): void
}

interface Timer {
  /** Infinite where it was cleared. */
  dueAt: number
  armedAt: number
  disarm: () => void
}

export function createTimers<Name>(clock: Clock, run: (name: Name) => void): Timers<Name> {
  const timers = new Map<Name, Timer>()

  function arm(name: Name, timer: Timer): void {
    timer.armedAt = timer.dueAt
    timer.disarm = clock.setTimer(timer.dueAt, () => {
      if (clock.now() < timer.dueAt && timer.dueAt !== Number.POSITIVE_INFINITY) {
        arm(name, timer)
        return
      }
      timers.delete(name)
      if (timer.dueAt !== Number.POSITIVE_INFINITY) run(name)
    })
  }

  return {
    set(name, at) {
      const known = timers.get(name)
      const timer = known ?? { dueAt: at, armedAt: 0, disarm: () => {} }
      timer.dueAt = at
      timers.set(name, timer)
      if (known && known.armedAt <= at) return
      timer.disarm()
      arm(name, timer)
    },
    clear(name) {
      const timer = timers.get(name)
      if (timer) timer.dueAt = Number.POSITIVE_INFINITY
    },
    clearAll() {
      for (const { disarm } of timers.values()) disarm()
      timers.clear()
    },
  }
}
