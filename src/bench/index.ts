/** Benchmarks of a running server, measured from the client's side. */

export {
  type EndpointingCase,
  type EndpointingUnit,
  endpointingRows,
  measureEndpointing,
} from './endpointing.js'
export {
  type InterruptionCase,
  type InterruptionUnit,
  interruptionRows,
  LONG_ANSWERS,
  measureInterruption,
  removedShare,
} from './interruption.js'
export { type LatencyResult, type LatencyUnit, measureLatency } from './latency.js'
export {
  holds,
  type IdleMemory,
  type LoadSchedule,
  type LoadStep,
  type LoadTarget,
  measureIdle,
  measureStep,
} from './load.js'
export { babble, cough, keyboard, music, noise, television } from './noises.js'
export { type Summary, summarize } from './percentiles.js'
export { type Question, readQuestion } from './question.js'
export { createRandom, shuffled } from './random.js'
export { aligned, latencyTable, summaryRow, systemPromptTable } from './report.js'
export { type GrowingResult, openResult } from './result-file.js'
export { serverFacts } from './server-facts.js'
export { openSoundSet, type Sound, type SoundEntry, type SoundSet } from './sound-files.js'
export { type Half, type ListedSound, SOUND_SET_VERSION } from './sound-list.js'
export { SOUND_SETS } from './sound-sets.js'
export { measureSystemPrompt, type SystemPromptResult } from './system-prompt.js'
