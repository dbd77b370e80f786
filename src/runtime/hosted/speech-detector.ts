/** A speech detector that lives in a child process. */
import { createFramer } from '../../audio/index.js'
import {
  type EngineInfo,
  SPEECH_FRAME_SAMPLES,
  type SpeechDetector,
  type SpeechScore,
} from '../../engine/index.js'
import type { EngineProcess } from '../engine-process.js'

/** Scores are tiny and must never wait for the reader. */
const CREDIT = Number.POSITIVE_INFINITY

export function hostedSpeechDetector(process: EngineProcess, info: EngineInfo): SpeechDetector {
  return {
    info,
    open({ signal }) {
      const call = process.call<SpeechScore>('detect', {}, { signal, credit: CREDIT })
      // Part of a frame has no score: it need not be told of before the frame is whole.
      const framer = createFramer(SPEECH_FRAME_SAMPLES)
      return {
        push(samples) {
          for (const frame of framer.push(samples)) call.input(frame)
        },
        finish: () => call.endInput(),
        [Symbol.asyncIterator]: () => call[Symbol.asyncIterator](),
      }
    },
  }
}
