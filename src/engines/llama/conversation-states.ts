/**
 * Conversations whose sequence somebody else needs: what they hold is saved, and loaded when they go on. In memory alone: nothing that is said is
 * written to disk, and nothing of a conversation that is over is kept.
 */
import { accessSync, constants, statfsSync } from 'node:fs'
import type { EncodedPrompt } from './chat-format.js'
import { matchLength, sharedTokens } from './evaluation.js'
import type { LlamaSequence, Token } from './runtime-types.js'
import type { Holder } from './sequence-pool.js'
import { createStateFiles, type StateFiles } from './state-files.js'

export interface ConversationStates {
  /** Before somebody else gets the sequence. */
  keep(owner: Holder, sequence: LlamaSequence): Promise<void>
  /** Loads what was kept, where more of it is of use than of what the sequence holds. */
  restore(owner: Holder, plan: EncodedPrompt, sequence: LlamaSequence): Promise<void>
  /** The conversation is over. */
  forget(owner: Holder): void
}

/** Of Linux; elsewhere there is none, and what was lost is evaluated again. */
const MEMORY_FOLDER = '/dev/shm'
/** What `statfs` calls file systems in memory: tmpfs and ramfs. */
const MEMORY_TYPES = [0x0102_1994, 0x8584_58f6]
/** 9,000 tokens of a 1.5B model, in all. */
const MAX_KEPT_BYTES = 256 * 1024 * 1024
/** Fewer behind the system instruction are evaluated in half a second; not every short question is worth a file. */
const LEAST_TOKENS = 64

interface Kept {
  readonly tokens: readonly Token[]
  readonly saved: Promise<void>
}

/** Files in memory; undefined where there is no folder for them. `given` is believed to lie there. */
export function filesInMemory(given?: string): StateFiles | undefined {
  const folder = given ?? MEMORY_FOLDER
  try {
    accessSync(folder, constants.W_OK)
    const { bavail, bsize, type } = statfsSync(folder)
    if (given === undefined && !MEMORY_TYPES.includes(type)) return undefined
    // A container has 64 MB there, unless it was given more.
    return createStateFiles(folder, Math.min(MAX_KEPT_BYTES, (bavail * bsize) / 2))
  } catch {
    return undefined
  }
}

export function createConversationStates(files: StateFiles | undefined): ConversationStates {
  const conversations = new Map<Holder, Kept>()

  return {
    async keep(owner, sequence) {
      const tokens = sequence.nextTokenIndex - owner.systemTokens
      if (!files || owner.isOver || tokens < LEAST_TOKENS) return
      const kept = { tokens: [...sequence.contextTokens], saved: files.save(owner, sequence) }
      conversations.set(owner, kept)
      await kept.saved
    },
    async restore(owner, plan, sequence) {
      const kept = conversations.get(owner)
      if (!files || kept === undefined) return
      conversations.delete(owner)
      await kept.saved
      const present = sharedTokens(sequence, plan.tokens)
      // Behind a stretch of history that was left out the rest is of use as well.
      if (matchLength(kept.tokens, 0, plan.tokens, 0) >= Math.max(plan.systemTokens, present))
        await files.load(owner, sequence)
      await files.drop(owner)
    },
    forget(owner) {
      owner.isOver = true
      const kept = conversations.get(owner)
      conversations.delete(owner)
      void kept?.saved.then(() => files?.drop(owner))
    },
  }
}
