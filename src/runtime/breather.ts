/**
 * Gives the event loop its turn within long chains of promises. Engines in this process answer without ever leaving the
 * chain, so that one long answer would keep every socket waiting. Knows no work.
 */
import type { Clock } from './clock.js'

/** What others may have to wait for one chain. */
const LONGEST_MS = 4

/** The returned function is called before each step; where it gives a promise, the loop is to be waited for. */
export function createBreather(clock: Clock): () => Promise<void> | undefined {
  /** When the loop last had its turn; undefined until something has run since. */
  let since: number | undefined
  return () => {
    const now = clock.now()
    if (since === undefined) {
      since = now
      setImmediate(() => {
        since = undefined
      })
    }
    if (now - since < LONGEST_MS) return undefined
    return new Promise((resolve) => setImmediate(resolve))
  }
}
