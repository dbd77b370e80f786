/** What a session keeps of the user's speech for a model that hears: the newest minute. Of older speech the words are told. */
import type { ActivityId } from '../core/index.js'

/**
 * 2.6 MB of each request as base64 WAV, encoded in 14 ms (10 s of speech: 2.5 ms). Models of this kind take half a minute to several of
 * them in one piece.
 */
const MOST_SAMPLES = 60 * 16_000

export interface Recordings {
  /** Speech that is longer than what is kept altogether is not kept. */
  keep(id: ActivityId, samples: Float32Array): void
  find(id: ActivityId): Float32Array | undefined
}

export function createRecordings(mostSamples: number = MOST_SAMPLES): Recordings {
  const kept = new Map<ActivityId, Float32Array>()
  let length = 0
  const drop = (id: ActivityId) => {
    length -= kept.get(id)?.length ?? 0
    kept.delete(id)
  }
  return {
    keep(id, samples) {
      drop(id)
      if (samples.length > mostSamples) return
      kept.set(id, samples)
      length += samples.length
      for (const oldest of kept.keys()) {
        if (length <= mostSamples) break
        drop(oldest)
      }
    },
    find: (id) => kept.get(id),
  }
}
