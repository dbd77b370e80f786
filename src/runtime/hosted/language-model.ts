/** A language model that lives in a child process; conversations are numbers there and are opened by their first call. */
import type {
  EngineInfo,
  GenerationPart,
  LanguageModel,
  PrefillProgress,
  Prompt,
  WeighingPart,
} from '../../engine/index.js'
import type { EngineProcess } from '../engine-process.js'

/** No part is made before it is asked for: the processor is given out step by step. */
const CREDIT = 0

export function hostedLanguageModel(process: EngineProcess, info: EngineInfo): LanguageModel {
  let nextConversation = 1
  return {
    info,
    open({ signal }) {
      const conversation = nextConversation++
      let closed = false
      const close = () => {
        if (closed) return
        closed = true
        signal.removeEventListener('abort', close)
        drain(process.call('close', { conversation }, { signal: new AbortController().signal, credit: 1 }))
      }
      signal.addEventListener('abort', close, { once: true })
      return {
        prefill: (prompt, callSignal) =>
          process.call<PrefillProgress>(
            'prefill',
            { conversation, prompt },
            { signal: callSignal, credit: CREDIT },
          ),
        generate: (prompt, sampling, callSignal) =>
          process.call<GenerationPart>(
            'generate',
            { conversation, prompt, sampling },
            { signal: callSignal, credit: CREDIT },
          ),
        weigh: (prompt, words, callSignal) =>
          process.call<WeighingPart>(
            'weigh',
            { conversation, prompt, words },
            { signal: callSignal, credit: CREDIT },
          ),
        ...(info.foresees && {
          foresee: (prompt: Prompt, callSignal: AbortSignal) =>
            process.call<WeighingPart>(
              'foresee',
              { conversation, prompt },
              { signal: callSignal, credit: CREDIT },
            ),
        }),
        close,
      }
    },
  }
}

/** Runs a call for its effect; a lost engine has forgotten the conversation anyway. */
function drain(call: AsyncIterable<unknown>): void {
  const run = async () => {
    for await (const _ of call);
  }
  run().catch(() => {})
}
