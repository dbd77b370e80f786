/** A rate limit with a burst allowance. Knows no clock: the caller passes the time. */

export interface TokenBucket {
  /** Takes one token at `nowMs` (monotonic); false when there is none. */
  take(nowMs: number): boolean
}

export function createTokenBucket(perSecond: number, burst: number, nowMs: number): TokenBucket {
  let tokens = burst
  let filledMs = nowMs
  return {
    take(atMs) {
      tokens = Math.min(burst, tokens + ((atMs - filledMs) * perSecond) / 1000)
      filledMs = atMs
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
