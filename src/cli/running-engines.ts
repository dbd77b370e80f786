/** A set of engines that is loaded and warmed up, and what is to be told about it. Types only. */
import type { EngineSet } from '../engine/index.js'
import type { ProcessFacts } from '../telemetry/metrics.js'

export interface RunningEngines {
  readonly set: EngineSet
  readonly processes: () => readonly ProcessFacts[]
  readonly computeSlots: number
  /** What another machine computes. */
  readonly remoteLanes: readonly ('asr' | 'llm' | 'tts' | 'vision')[]
  /** Of typed words; absent where the voice speaks one language only. */
  readonly identifyLanguage?: (text: string) => string | undefined
  /** Seconds of speech made per second, as measured; scripted and remote voices count as fast. */
  readonly speechSpeed: number
  /** For people: one line per engine, what it is and why. */
  readonly choices: readonly string[]
  close(): Promise<void>
}
