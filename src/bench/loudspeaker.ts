/**
 * A simulated loudspeaker that remembers what it played and when, so that a microphone near it can hear it: `playback` tells when it was
 * silent, this tells what sounded. It knows times and samples only.
 */
import { createPlayback, type Playback } from './playback.js'

export interface Loudspeaker extends Playback {
  /** Adds what sounded from `fromMs` on to a frame of the given rate, `gain` times as loud. */
  mixInto(frame: Float32Array, sampleRateHz: number, fromMs: number, gain: number): void
}

/** What was played longer ago is not heard by any microphone any more. */
const KEPT_MS = 2_000

export function createLoudspeaker(outputHz: number): Loudspeaker {
  const playback = createPlayback(outputHz)
  let played: { startMs: number; samples: Float32Array }[] = []
  const lengthMs = (samples: Float32Array) => (samples.length / outputHz) * 1000

  return Object.defineProperties(
    {
      receive(atMs: number, samples: Float32Array) {
        if (samples.length === 0) return
        played = played.filter((piece) => piece.startMs + lengthMs(piece.samples) > atMs - KEPT_MS)
        played.push({ startMs: Math.max(atMs, playback.endMs), samples })
        playback.receive(atMs, samples)
      },
      clear(atMs: number) {
        playback.clear(atMs)
        played = played.flatMap((piece) => {
          const kept = Math.round(((atMs - piece.startMs) / 1000) * outputHz)
          return kept <= 0 ? [] : [{ ...piece, samples: piece.samples.subarray(0, kept) }]
        })
      },
      mixInto(frame: Float32Array, sampleRateHz: number, fromMs: number, gain: number) {
        const ratio = outputHz / sampleRateHz
        for (const { startMs, samples } of played) {
          const offset = ((fromMs - startMs) / 1000) * outputHz
          if (offset >= samples.length || offset + frame.length * ratio < 0) continue
          for (let index = 0; index < frame.length; index++) {
            const position = offset + index * ratio
            const before = Math.floor(position)
            if (before < 0 || before + 1 >= samples.length) continue
            const part = position - before
            frame[index]! += gain * ((1 - part) * samples[before]! + part * samples[before + 1]!)
          }
        }
      },
    },
    {
      firstAudibleMs: { get: () => playback.firstAudibleMs },
      firstArrivalMs: { get: () => playback.firstArrivalMs },
      endMs: { get: () => playback.endMs },
      receivedMs: { get: () => playback.receivedMs },
      underruns: { get: () => playback.underruns },
    },
  ) as Loudspeaker
}
