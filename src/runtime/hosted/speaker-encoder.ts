/** A speaker encoder that lives in a child process. */
import type { EngineInfo, SpeakerEncoder } from '../../engine/index.js'
import type { EngineProcess } from '../engine-process.js'
import { onDemand } from './on-demand.js'

export function hostedSpeakerEncoder(start: () => Promise<EngineProcess>, info: EngineInfo): SpeakerEncoder {
  return { info, encode: onDemand(start, 'encode', 'The speaker encoder gave no direction.') }
}
