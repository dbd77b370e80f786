/** A synthesiser that lives in a child process. */
import type { EngineInfo, Synthesizer } from '../../engine/index.js'
import type { EngineProcess } from '../engine-process.js'

export function hostedSynthesizer(process: EngineProcess, info: EngineInfo): Synthesizer {
  return {
    info,
    speak: (text, voice, signal) =>
      process.call<Float32Array>('speak', { text, voice }, { signal, credit: 4 }),
  }
}
