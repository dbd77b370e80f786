/**
 * A recogniser that lives in a child process. Inputs are samples, `settle`, or `abandon` for what was settled before; every `settle` is
 * answered by one part, null where it was abandoned.
 */
import type { EngineInfo, Recognition, Recognizer, Transcript } from '../../engine/index.js'
import type { EngineProcess } from '../engine-process.js'

const CREDIT = Number.MAX_SAFE_INTEGER

export function hostedRecognizer(process: EngineProcess, info: EngineInfo): Recognizer {
  return {
    info,
    open({ signal, language, languages, languageBefore, likely, rivals }): Recognition {
      const call = process.call<Transcript | null>(
        'recognise',
        { language, languages, languageBefore, likely, rivals },
        { signal, credit: CREDIT },
      )
      const answers = call[Symbol.asyncIterator]()
      let last: Promise<Transcript> | undefined
      return {
        push(samples) {
          last = undefined
          call.input(samples)
        },
        settle(wanted) {
          if (last) return last
          if (wanted?.aborted) return Promise.reject(wanted.reason)
          call.input('settle')
          const abandon = () => call.input('abandon')
          wanted?.addEventListener('abort', abandon, { once: true })
          // Not before the other side has let go of it: until then the processor is taken.
          const attempt = answers.next().then((answer) => {
            wanted?.removeEventListener('abort', abandon)
            if (answer.done) throw signal.reason ?? new Error('The recognition was closed.')
            if (answer.value !== null) return answer.value
            if (last === attempt) last = undefined
            throw wanted?.reason
          })
          last = attempt
          return attempt
        },
        close: () => call.endInput(),
      }
    },
  }
}
