/** A speaker encoder that lives in a child process, which is started when somebody first asks for it. */
import { EngineError, type EngineInfo, type SpeakerEncoder, type VoicePrint } from '../../engine/index.js'
import type { EngineProcess } from '../engine-process.js'

/** `start` resolves when the process is ready; it is called again after it has failed. */
export function hostedSpeakerEncoder(start: () => Promise<EngineProcess>, info: EngineInfo): SpeakerEncoder {
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
    async encode(samples, signal) {
      const process = await started()
      signal.throwIfAborted()
      for await (const print of process.call<VoicePrint>('encode', { samples }, { signal, credit: 1 }))
        return print
      throw signal.reason ?? new EngineError('engine-failed', 'The speaker encoder gave no direction.')
    },
  }
}
