/** A child process that is started when somebody first asks it for something, and gives one answer to each call. */
import { EngineError } from '../../engine/index.js'
import type { EngineProcess } from '../engine-process.js'

/**
 * `start` resolves when the process is ready; it is called again after it has failed. The call it returns throws what `start` or the process
 * throws, the signal's reason, or `EngineError` with `noAnswer`.
 */
export function onDemand<Answer>(
  start: () => Promise<EngineProcess>,
  method: string,
  noAnswer: string,
): (samples: Float32Array, signal: AbortSignal) => Promise<Answer> {
  let starting: Promise<EngineProcess> | undefined
  const started = () => {
    starting ??= start().catch((error: unknown) => {
      starting = undefined
      throw error
    })
    return starting
  }
  return async (samples, signal) => {
    const process = await started()
    signal.throwIfAborted()
    for await (const answer of process.call<Answer>(method, { samples }, { signal, credit: 1 })) return answer
    throw signal.reason ?? new EngineError('engine-failed', noAnswer)
  }
}
