/** A speech detector that lives in a child process. */
import type { EngineInfo, SpeechDetector, SpeechScore } from '../../engine/index.js'
import type { EngineProcess } from '../engine-process.js'

/** Scores are tiny and must never wait for the reader: as good as unlimited. */
const CREDIT = Number.MAX_SAFE_INTEGER

export function hostedSpeechDetector(process: EngineProcess, info: EngineInfo): SpeechDetector {
  return {
    info,
    open({ signal }) {
      const call = process.call<SpeechScore>('detect', {}, { signal, credit: CREDIT })
      return {
        push: (samples) => call.input(samples),
        finish: () => call.endInput(),
        [Symbol.asyncIterator]: () => call[Symbol.asyncIterator](),
      }
    },
  }
}
