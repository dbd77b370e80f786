/** The one place where time is read. Everything else is given a clock, so that tests can turn it by hand. */
export interface Clock {
  /** Monotonic milliseconds. Not related to the time of day. */
  now(): number
  /** Calls `run` once at or after `at`. The returned function disarms it. */
  setTimer(at: number, run: () => void): () => void
  /** Resolves after `ms`; rejects with the signal's reason when aborted first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(at, run) {
    // Node cuts a delay to whole milliseconds: as it is, the timer would run out before its time and be set again.
    const timer = setTimeout(run, Math.max(0, Math.ceil(at - performance.now())))
    return () => clearTimeout(timer)
  },
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason)
        return
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      const onAbort = () => {
        clearTimeout(timer)
        reject(signal.reason)
      }
      signal.addEventListener('abort', onAbort, { once: true })
    })
  },
}
