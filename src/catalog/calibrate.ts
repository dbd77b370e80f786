/**
 * Measures how fast a synthesizer is on this machine and chooses between the full voice (Kokoro) and a light one. It measures engines
 * that others loaded and keeps no files.
 */
import { SPEECH_OUTPUT_HZ, type Synthesizer } from '../engine/index.js'

/**
 * About seven seconds: shorter ones cost more per second than replies do, and it is longer than what a clause cache
 * in front of the engine would keep.
 */
const SENTENCE =
  'When we arrived at the hotel late in the afternoon, the room was not ready, so we left our bags with the porter ' +
  'and went out for a walk along the river.'
const WARM_UP = 'Good morning.'

/**
 * With half of the cores. Above it the language model, which wants the same cores in turn, would leave the voice
 * short of audio: measured 1.8 s of under-run per reply at 0.56.
 */
export const KOKORO_MAX_REAL_TIME_FACTOR = 0.35

/** Seconds of computing per second of audio; 1 = it just keeps up. */
export type RealTimeFactor = number

/**
 * Speaks one sentence after a warm-up and returns its real-time factor. Throws
 * `EngineError` from the engine, the signal's reason on abort, and `Error` where it gives no audio.
 */
export async function measureRealTimeFactor(
  synthesizer: Synthesizer,
  signal: AbortSignal,
  now: () => number = () => performance.now(),
): Promise<RealTimeFactor> {
  await secondsSpoken(synthesizer, WARM_UP, signal)
  const startMs = now()
  const seconds = await secondsSpoken(synthesizer, SENTENCE, signal)
  const elapsedSeconds = (now() - startMs) / 1000
  if (seconds === 0) throw new Error(`${synthesizer.info.id} gave no audio for the calibration sentence.`)
  return Math.round((elapsedSeconds / seconds) * 1000) / 1000
}

/** Whether the full voice keeps up, by its factor with half of the cores; and why, for people: a half-sentence behind what was chosen. */
export function kokoroKeepsUp(factor: RealTimeFactor): {
  readonly keepsUp: boolean
  readonly reason: string
} {
  const keepsUp = factor <= KOKORO_MAX_REAL_TIME_FACTOR
  const whose = keepsUp ? 'its' : "Kokoro's"
  return {
    keepsUp,
    reason: `because ${whose} real-time factor here is ${factor.toFixed(2)} with half of the cores (${KOKORO_MAX_REAL_TIME_FACTOR} at most)`,
  }
}

async function secondsSpoken(synthesizer: Synthesizer, text: string, signal: AbortSignal): Promise<number> {
  let samples = 0
  for await (const piece of synthesizer.speak(text, {}, signal)) samples += piece.length
  return samples / SPEECH_OUTPUT_HZ
}
