/**
 * How hard pressed the server is, from how long the work that users wait for had to wait for the processor, and what is given up in
 * which order. See docs/decisions. Arithmetic on times that the caller brings.
 */

/**
 * What is given up, the least missed first: evaluating prompts ahead, partial transcripts, answers begun before the turn was
 * decided; last, new sessions. A conversation that runs is never ended.
 */
export const GIVEN_UP = ['background', 'partials', 'speculation', 'admission'] as const
export type Optional = (typeof GIVEN_UP)[number]

/** From here on, in ms of waiting. A turn on two cores waits up to 300 ms for a step of another session (one clause). */
const LIMITS_MS: Readonly<Record<Optional, number>> = {
  background: 400,
  partials: 800,
  speculation: 1_600,
  admission: 5_000,
}
/** Weight of the newest wait. */
const NEWEST = 0.3
/** The past counts half after this time. */
const HALF_LIFE_MS = 8_000

export interface Pressure {
  /** A step that a user waits for had waited so long when it started. */
  note(at: number, waitedMs: number): void
  /** `longestWaitMs`: of the steps that wait at this moment. */
  atLeast(at: number, longestWaitMs: number): number
  gives(up: Optional, at: number, longestWaitMs: number): boolean
}

export function createPressure(): Pressure {
  let mean = 0
  let notedAt = 0
  const faded = (at: number) => mean * 0.5 ** ((at - notedAt) / HALF_LIFE_MS)
  const atLeast = (at: number, longestWaitMs: number) => Math.max(faded(at), longestWaitMs)
  return {
    note(at, waitedMs) {
      const past = faded(at)
      mean = past + NEWEST * (waitedMs - past)
      notedAt = at
    },
    atLeast,
    gives: (up, at, longestWaitMs) => atLeast(at, longestWaitMs) >= LIMITS_MS[up],
  }
}
