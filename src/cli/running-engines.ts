/** A set of engines that is loaded and warmed up, and what is to be told about it. Types only. */
import type { EngineSet } from '../engine/index.js'

export interface RunningEngines {
  readonly set: EngineSet
  readonly processes: () => readonly { readonly name: string; readonly pid: number | undefined }[]
  readonly computeSlots: number
  /** What another machine computes. */
  readonly remoteLanes: readonly ('asr' | 'llm' | 'tts')[]
  /** Seconds of speech made per second, as measured; scripted and remote voices count as fast. */
  readonly speechSpeed: number
  /** For people: one line per engine, what it is and why. */
  readonly choices: readonly string[]
  close(): Promise<void>
}
