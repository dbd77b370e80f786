/** Voice activity by loudness alone: anything clearly louder than the noise of a quiet room counts as speech. */
import { createFramer, rms, toDbfs } from '../../audio/index.js'
import {
  SPEECH_FRAME_SAMPLES,
  type SpeechDetection,
  type SpeechDetector,
  type SpeechScore,
} from '../../engine/index.js'

/**
 * Frames of recorded speech lie at −35 … −10 dBFS, the noise between them at −45 and below (52 recordings), so the
 * probability rises from 0 at −46 to 1 at −38 dBFS.
 */
const SILENT_DBFS = -46
const SPEECH_DBFS = -38

/** 0 … 1 for one frame. */
export function loudnessProbability(frame: Float32Array): number {
  const position = (toDbfs(rms(frame)) - SILENT_DBFS) / (SPEECH_DBFS - SILENT_DBFS)
  return Math.max(0, Math.min(1, position))
}

export function createScriptedSpeechDetector(): SpeechDetector {
  return {
    info: {
      id: 'scripted',
      kind: 'vad',
      languages: [],
      description: 'Takes everything louder than −42 dBFS for speech.',
    },
    open: ({ signal }) => createDetection(signal),
  }
}

function createDetection(signal: AbortSignal): SpeechDetection {
  const framer = createFramer(SPEECH_FRAME_SAMPLES)
  let scores: SpeechScore[] = []
  let nextStartSample = 0
  let finished = false
  let wake: (() => void) | undefined
  const onAbort = () => wake?.()
  signal.addEventListener('abort', onAbort, { once: true })

  async function* iterate(): AsyncGenerator<SpeechScore> {
    while (!signal.aborted) {
      const batch = scores
      scores = []
      for (const score of batch) {
        if (signal.aborted) return
        yield score
      }
      if (scores.length > 0) continue
      if (finished || signal.aborted) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  return {
    push(samples) {
      if (finished || signal.aborted) return
      for (const frame of framer.push(samples)) {
        scores.push({ startSample: nextStartSample, probability: loudnessProbability(frame) })
        nextStartSample += SPEECH_FRAME_SAMPLES
      }
      wake?.()
    },
    finish() {
      finished = true
      signal.removeEventListener('abort', onAbort)
      wake?.()
    },
    [Symbol.asyncIterator]: iterate,
  }
}
