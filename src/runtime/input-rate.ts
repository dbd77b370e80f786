/**
 * Tells a person at a microphone from a file sent at once: by how far audio runs ahead of 1.5 × real time. Pure; times are the
 * caller's.
 */
export interface InputRate {
  /** Notes `audioMs` of audio that arrived at `at`; answers whether the stream is live. */
  note(at: number, audioMs: number): boolean
}

/** Audio may come at this multiple of real time and still be live. */
const LIVE_SPEED = 1.5
/** Ahead by more than this, it is a burst. Clients send 20 … 250 ms at a time. */
const BURST_LEAD_MS = 400
/** After a gap in the network as much may come at once without being taken for a burst. */
const CATCH_UP_MS = 2_000

export function createInputRate(): InputRate {
  let leadMs = 0
  let lastAt: number | undefined
  return {
    note(at, audioMs) {
      const elapsedMs = lastAt === undefined ? 0 : at - lastAt
      lastAt = at
      leadMs = Math.max(-CATCH_UP_MS, leadMs - elapsedMs * LIVE_SPEED) + audioMs
      return leadMs <= BURST_LEAD_MS
    },
  }
}
