/**
 * A simulated loudspeaker: plays every chunk from the moment it arrives, without a gap as long as there is something
 * left to play. From that it knows when the first audible sample was heard and where playback ran dry. It knows
 * times and samples only, no sockets.
 */
import { firstAudibleSample } from '../audio/index.js'

export interface Underrun {
  readonly atMs: number
  readonly lengthMs: number
}

export interface Playback {
  /** Queues samples (±1) that arrived at `atMs`; times never go backwards. */
  receive(atMs: number, samples: Float32Array): void
  /** Throws away what has not been played, as clients must on `interrupted`. */
  clear(atMs: number): void
  /** When the first audible sample was or will be heard; undefined while there was none. */
  readonly firstAudibleMs: number | undefined
  /** When the first sample of any level arrived. */
  readonly firstArrivalMs: number | undefined
  /** When everything received so far has been played. */
  readonly endMs: number
  readonly receivedMs: number
  readonly underruns: readonly Underrun[]
}

/** Gaps shorter than this cannot be heard and are mostly the timer granularity of the measuring process. */
const SHORTEST_UNDERRUN_MS = 5

/** `quietDbfs` is the level below which output does not count as audible. */
export function createPlayback(sampleRateHz: number, quietDbfs = -50): Playback {
  const underruns: Underrun[] = []
  let firstAudibleMs: number | undefined
  let firstArrivalMs: number | undefined
  let endMs = 0
  let receivedMs = 0
  return {
    receive(atMs, samples) {
      if (samples.length === 0) return
      if (firstArrivalMs !== undefined && atMs - endMs >= SHORTEST_UNDERRUN_MS) {
        underruns.push({ atMs: endMs, lengthMs: atMs - endMs })
      }
      firstArrivalMs ??= atMs
      const startMs = Math.max(atMs, endMs)
      const audible = firstAudibleMs === undefined ? firstAudibleSample(samples, quietDbfs) : -1
      if (audible >= 0) firstAudibleMs = startMs + (audible / sampleRateHz) * 1000
      const lengthMs = (samples.length / sampleRateHz) * 1000
      endMs = startMs + lengthMs
      receivedMs += lengthMs
    },
    clear(atMs) {
      endMs = Math.min(endMs, atMs)
    },
    get firstAudibleMs() {
      return firstAudibleMs
    },
    get firstArrivalMs() {
      return firstArrivalMs
    },
    get endMs() {
      return endMs
    },
    get receivedMs() {
      return receivedMs
    },
    underruns,
  }
}
