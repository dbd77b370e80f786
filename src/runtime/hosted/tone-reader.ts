/** A tone reader that lives in a child process. */
import type { EngineInfo, ToneReader } from '../../engine/index.js'
import type { EngineProcess } from '../engine-process.js'
import { onDemand } from './on-demand.js'

export function hostedToneReader(start: () => Promise<EngineProcess>, info: EngineInfo): ToneReader {
  return { info, listen: onDemand(start, 'listen', 'The tone reader gave no figures.') }
}
