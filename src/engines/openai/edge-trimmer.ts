/**
 * Cuts the silence before and after speech that arrives in pieces, without waiting for its end: silence is held back
 * until more speech follows, and the last of it becomes a pause of a given length. Knows nothing of texts.
 */
import { fromDbfs, joinSamples, rms } from '../../audio/index.js'

export interface EdgeTrimmer {
  /** Returns what can be played; may be empty. */
  push(samples: Float32Array): Float32Array
  /** The rest, ending with the pause; empty when there was no sound at all. */
  flush(): Float32Array
}

const WINDOW_MS = 5
const SILENCE_RMS = fromDbfs(-52)
/** Kept before the first sound, so that soft consonants are not clipped. */
const KEEP_BEFORE_MS = 15

export function createEdgeTrimmer(sampleRateHz: number, pauseMs: number): EdgeTrimmer {
  const inSamples = (ms: number) => Math.round((ms * sampleRateHz) / 1000)
  const windowSamples = inSamples(WINDOW_MS)
  let begun = false
  let held: Float32Array = new Float32Array(0)
  /** How much of `held`, from its start, was found silent; the rest is less than a window. */
  let silentSamples = 0

  return {
    push(samples) {
      held = joinSamples([held, samples])
      let position = silentSamples
      let soundEnd = 0
      while (position + windowSamples <= held.length) {
        const loud = rms(held.subarray(position, position + windowSamples)) >= SILENCE_RMS
        if (loud && !begun) {
          begun = true
          const cut = Math.max(0, position - inSamples(KEEP_BEFORE_MS))
          held = held.subarray(cut)
          position -= cut
        }
        position += windowSamples
        if (loud) soundEnd = position
      }
      const sound = held.slice(0, soundEnd)
      held = held.slice(soundEnd)
      silentSamples = position - soundEnd
      return sound
    },
    flush() {
      const isSound = rms(held.subarray(silentSamples)) >= SILENCE_RMS
      if (!begun && !isSound) return new Float32Array(0)
      const start = begun ? 0 : Math.max(0, silentSamples - inSamples(KEEP_BEFORE_MS))
      const end = new Float32Array((isSound ? held.length - start : 0) + inSamples(pauseMs))
      end.set(held.subarray(start, Math.min(held.length, start + end.length)))
      return end
    },
  }
}
