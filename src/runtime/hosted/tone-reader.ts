/** A tone reader that lives in a child process, which is started when somebody first asks for it. */
import { EngineError, type EngineInfo, type ToneReader } from '../../engine/index.js'
import type { EngineProcess } from '../engine-process.js'

/** `start` resolves when the process is ready; it is called again after it has failed. */
export function hostedToneReader(start: () => Promise<EngineProcess>, info: EngineInfo): ToneReader {
  let starting: Promise<EngineProcess> | undefined
  const started = () => {
    starting ??= start().catch((error: unknown) => {
      starting = undefined
      throw error
    })
    return starting
  }
  return {
    info,
    async listen(samples, signal) {
      const process = await started()
      signal.throwIfAborted()
      const call = process.call<Awaited<ReturnType<ToneReader['listen']>>>(
        'listen',
        { samples },
        { signal, credit: 1 },
      )
      for await (const manner of call) return manner
      throw signal.reason ?? new EngineError('engine-failed', 'The tone reader gave no figures.')
    },
  }
}
