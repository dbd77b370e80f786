/** A vision model that lives in a child process; views are numbers there and are opened by their first look. */
import type { EngineInfo, LookPart, VisionModel } from '../../engine/index.js'
import type { EngineProcess } from '../engine-process.js'

/** No step is made before it is asked for: the processor is given out step by step. */
const CREDIT = 0

export function hostedVisionModel(process: EngineProcess, info: EngineInfo): VisionModel {
  let nextView = 1
  return {
    info,
    open({ signal }) {
      const view = nextView++
      let closed = false
      const close = () => {
        if (closed) return
        closed = true
        signal.removeEventListener('abort', close)
        const call = process.call('close', { view }, { signal: new AbortController().signal, credit: 1 })
        // A lost engine has forgotten the view anyway.
        void call[Symbol.asyncIterator]()
          .next()
          .catch(() => {})
      }
      signal.addEventListener('abort', close, { once: true })
      return {
        look: (picture, options, callSignal) =>
          process.call<LookPart>('look', { view, picture, options }, { signal: callSignal, credit: CREDIT }),
        close,
      }
    },
  }
}
