/**
 * Measures how fast a synthesizer is on this machine and chooses between the full voice (Kokoro) and the light one
 * (Piper). It measures engines that others loaded and keeps no files: the result is plain JSON for the caller to store.
 */
import { SPEECH_OUTPUT_HZ, type Synthesizer } from '../engine/index.js'

/** A sentence of about four seconds: shorter ones cost more per second than replies do. */
const SENTENCE =
  'When we arrived at the hotel, the room was not ready, so we left our bags and went out for a walk.'
const WARM_UP = 'Good morning.'

/**
 * With half of the cores. Above it the language model, which wants the same cores in turn, would leave the voice
 * short of audio: measured 1.8 s of under-run per reply at 0.56.
 */
export const KOKORO_MAX_REAL_TIME_FACTOR = 0.35

/** Seconds of computing per second of audio; 1 = it just keeps up. */
export type RealTimeFactor = number

export interface VoiceChoice {
  readonly engine: 'kokoro' | 'piper'
  /** Absent where the engine was not measured. */
  readonly realTimeFactor?: RealTimeFactor
  /** One line for people: what was chosen and why. */
  readonly reason: string
}

/**
 * Speaks one sentence after a warm-up and returns its real-time factor. The synthesizer must not have a cache around it. Throws
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

/** The factors that were measured, each with half of the cores; an engine that is not there is absent. */
export function chooseVoiceEngine(measured: {
  kokoro?: RealTimeFactor
  piper?: RealTimeFactor
}): VoiceChoice {
  const { kokoro, piper } = measured
  const limit = `${KOKORO_MAX_REAL_TIME_FACTOR} at most`
  if (kokoro !== undefined && kokoro <= KOKORO_MAX_REAL_TIME_FACTOR)
    return {
      engine: 'kokoro',
      realTimeFactor: kokoro,
      reason: `Kokoro, because it speaks at ${kokoro.toFixed(2)} of real time here with half of the cores (${limit})`,
    }
  const light = piper === undefined ? {} : { realTimeFactor: piper }
  const reason =
    kokoro === undefined
      ? 'Piper, because Kokoro was not measured'
      : `Piper, because Kokoro would speak at ${kokoro.toFixed(2)} of real time here with half of the cores (${limit})`
  return {
    engine: 'piper',
    ...light,
    reason: piper === undefined ? reason : `${reason}; Piper speaks at ${piper.toFixed(2)}`,
  }
}

async function secondsSpoken(synthesizer: Synthesizer, text: string, signal: AbortSignal): Promise<number> {
  let samples = 0
  for await (const piece of synthesizer.speak(text, {}, signal)) samples += piece.length
  return samples / SPEECH_OUTPUT_HZ
}
