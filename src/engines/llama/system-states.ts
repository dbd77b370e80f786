/**
 * The evaluated state of system instructions, so that the second session with the same instruction loads it, and sessions that start together
 * evaluate it once. What is saved is what the developer of the application put into the system instruction.
 */
import type { LlamaSequence, Token } from './runtime-types.js'
import type { Slot } from './sequence-pool.js'
import type { StateFiles } from './state-files.js'

export interface SystemStates {
  /** The sequence in which somebody is evaluating exactly these tokens, unless they are already saved. */
  evaluatedIn(system: readonly Token[]): Slot | undefined
  /** Says what the sequence is used for from now on: to evaluate these tokens for all who need them, or else. */
  assign(slot: Slot, system: readonly Token[] | undefined): void
  /** Loads the state where one is saved. */
  load(system: readonly Token[], sequence: LlamaSequence): Promise<boolean>
  /** Saves a sequence that holds exactly these tokens. */
  save(system: readonly Token[], sequence: LlamaSequence): Promise<void>
}

export function createSystemStates(files: StateFiles): SystemStates {
  const evaluations = new Map<string, Slot>()
  // The tokens themselves: no collision, and a lookup costs microseconds.
  const keyOf = (system: readonly Token[]) => system.join(' ')

  return {
    evaluatedIn: (system) => evaluations.get(keyOf(system)),
    assign(slot, system) {
      for (const [key, evaluatedIn] of evaluations) if (evaluatedIn === slot) evaluations.delete(key)
      if (system === undefined || system.length === 0) return
      const key = keyOf(system)
      if (!evaluations.has(key) && !files.has(key)) evaluations.set(key, slot)
    },
    load: (system, sequence) => files.load(keyOf(system), sequence),
    async save(system, sequence) {
      const key = keyOf(system)
      if (files.has(key)) return
      await files.save(key, sequence)
      evaluations.delete(key)
    },
  }
}
