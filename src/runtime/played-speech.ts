/**
 * What the client is playing: the last seconds of what was sent to it, with when it is heard at the earliest. Tells how much of what its microphone hears is
 * that, out of its own loudspeaker.
 */
import { LONGEST_ECHO_MS } from '../core/index.js'
import { SPEECH_OUTPUT_HZ } from '../engine/index.js'
import { createEchoShare, ECHO_HZ } from './echo-share.js'

export interface PlayedSpeech {
  /** At 24 kHz. `atMs`: when the client has played all before, which may be far ahead of now. */
  note(samples: Float32Array, atMs: number): void
  /** 0 … 1, of what was heard at 16 kHz until `endMs`; 0 = nothing played. */
  shareOf(heard: Float32Array, endMs: number): number
}

/** As much is compared at the most. */
export const COMPARED_MS = 400
const KEPT_MS = LONGEST_ECHO_MS + COMPARED_MS
const HEARD_HZ = 16_000

/** One for all: its tables take 1 MB, and a comparison is never interrupted by another. */
const echoShare = createEchoShare()

/** `now`: of the same clock. */
export function createPlayedSpeech(now: () => number): PlayedSpeech {
  let played: { readonly fromMs: number; readonly endMs: number; readonly samples: Float32Array }[] = []

  /** At 8 kHz; silence where nothing was played. */
  function read(fromMs: number, endMs: number): Float32Array {
    const output = new Float32Array(Math.round(((endMs - fromMs) * ECHO_HZ) / 1000))
    for (const { samples, ...piece } of played) {
      if (piece.endMs <= fromMs || piece.fromMs >= endMs) continue
      const at = Math.round(((piece.fromMs - fromMs) * ECHO_HZ) / 1000)
      const skipped = Math.max(0, -at)
      output.set(samples.subarray(skipped, Math.max(skipped, output.length - at)), at + skipped)
    }
    return output
  }

  return {
    note(samples, atMs) {
      const endMs = atMs + (samples.length * 1000) / SPEECH_OUTPUT_HZ
      played = played.filter((piece) => piece.endMs > now() - KEPT_MS)
      played.push({ fromMs: atMs, endMs, samples: thinned(samples, SPEECH_OUTPUT_HZ / ECHO_HZ) })
    },
    shareOf(heard, endMs) {
      const lower = thinned(heard, HEARD_HZ / ECHO_HZ)
      const fromMs = endMs - (lower.length * 1000) / ECHO_HZ - LONGEST_ECHO_MS
      return echoShare(lower, read(fromMs, endMs))
    },
  }
}

const REHEARSALS = 12
/** To be done before anybody listens: the first comparison takes 0.1 s, until its code is compiled; then 1.3 ms. */
export function rehearseComparison(): void {
  const played = createPlayedSpeech(() => 0)
  const sound = Float32Array.from({ length: (COMPARED_MS * SPEECH_OUTPUT_HZ) / 1000 }, (_, index) =>
    Math.sin(index * index),
  )
  played.note(sound, 0)
  for (let time = 0; time < REHEARSALS; time++)
    played.shareOf(sound.subarray(0, (COMPARED_MS * HEARD_HZ) / 1000), COMPARED_MS)
}

/** Every so many samples their mean: what folds back is little, and nobody hears it. */
function thinned(samples: Float32Array, factor: number): Float32Array {
  return Float32Array.from({ length: Math.floor(samples.length / factor) }, (_, index) => {
    let sum = 0
    for (let i = 0; i < factor; i++) sum += samples[index * factor + i]!
    return sum / factor
  })
}
