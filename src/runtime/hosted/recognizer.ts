/** A recogniser that lives in a child process. Inputs are samples, or `settle`; every `settle` is answered by one part. */
import type { EngineInfo, Recognition, Recognizer, Transcript } from '../../engine/index.js'
import type { EngineProcess } from '../engine-process.js'

const CREDIT = Number.MAX_SAFE_INTEGER

export function hostedRecognizer(process: EngineProcess, info: EngineInfo): Recognizer {
  return {
    info,
    open({ signal, language, languages }): Recognition {
      const call = process.call<Transcript>('recognise', { language, languages }, { signal, credit: CREDIT })
      const answers = call[Symbol.asyncIterator]()
      let last: Promise<Transcript> | undefined
      return {
        push(samples) {
          last = undefined
          call.input(samples)
        },
        settle() {
          if (last) return last
          call.input('settle')
          last = answers.next().then((answer) => {
            if (answer.done) throw signal.reason ?? new Error('The recognition was closed.')
            return answer.value
          })
          return last
        },
        close: () => call.endInput(),
      }
    },
  }
}
