/** A turn detector that lives in a child process. */
import { EngineError, type EngineInfo, type TurnDetector } from '../../engine/index.js'
import type { EngineProcess } from '../engine-process.js'

export function hostedTurnDetector(process: EngineProcess, info: EngineInfo): TurnDetector {
  return {
    info,
    async score(samples, signal) {
      for await (const part of process.call<number>('score', { samples }, { signal, credit: 1 })) return part
      throw signal.reason ?? new EngineError('engine-failed', 'The turn detector gave no score.')
    },
  }
}
