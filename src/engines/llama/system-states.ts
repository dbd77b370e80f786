/**
 * Keeps the evaluated state of system instructions in private files, so that the second session with the same
 * instruction loads it (milliseconds) instead of evaluating it (seconds), and lets sessions that start together evaluate it once.
 * Conversations are never written: only what the developer of the application put into the system instruction.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LlamaSequence, Token } from './runtime-types.js'
import type { Slot } from './sequence-pool.js'

export interface SystemStates {
  /** The sequence in which somebody is evaluating exactly these tokens, unless they are already saved. */
  evaluatedIn(system: readonly Token[]): Slot | undefined
  /** Says what the sequence is used for from now on: to evaluate these tokens for all who need them, or else. */
  assign(slot: Slot, system: readonly Token[] | undefined): void
  /** Loads the state where one is saved. */
  load(system: readonly Token[], sequence: LlamaSequence): Promise<boolean>
  /** Saves a sequence that holds exactly these tokens. A full disk is no error: the state is just not shared. */
  save(system: readonly Token[], sequence: LlamaSequence): Promise<void>
  close(): Promise<void>
}

/** About 28 KiB a token for a 1.5B model: 18,000 tokens of instructions. The least recently used goes first. */
const MAX_SAVED_BYTES = 512 * 1024 * 1024
const FOLDER_PREFIX = 'vivavoce-llm-'

interface Entry {
  readonly evaluatedIn?: Slot
  readonly saved?: { readonly path: string; readonly bytes: number; readers: number }
}

export function createSystemStates(parentFolder: string = tmpdir()): SystemStates {
  mkdirSync(parentFolder, { recursive: true })
  removeLeftOvers(parentFolder)
  // mkdtemp makes the folder readable by its owner alone (0700).
  const folder = mkdtempSync(join(parentFolder, `${FOLDER_PREFIX}${process.pid}-`))
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  // A process that is told to stop leaves without closing anything.
  process.once('exit', removeFolder)
  // Keyed by the tokens themselves: no collision, and a lookup costs microseconds.
  const entries = new Map<string, Entry>()
  const keyOf = (system: readonly Token[]) => system.join(' ')

  async function dropOldest(): Promise<void> {
    let total = 0
    for (const { saved } of entries.values()) total += saved?.bytes ?? 0
    for (const [key, { saved }] of entries) {
      if (total <= MAX_SAVED_BYTES) return
      if (saved === undefined || saved.readers > 0) continue
      total -= saved.bytes
      entries.delete(key)
      await rm(saved.path, { force: true })
    }
  }

  return {
    evaluatedIn: (system) => entries.get(keyOf(system))?.evaluatedIn,
    assign(slot, system) {
      for (const [key, entry] of entries) if (entry.evaluatedIn === slot) entries.delete(key)
      if (system === undefined || system.length === 0 || entries.has(keyOf(system))) return
      entries.set(keyOf(system), { evaluatedIn: slot })
    },
    async load(system, sequence) {
      const key = keyOf(system)
      const entry = entries.get(key)
      if (entry?.saved === undefined) return false
      if (!existsSync(entry.saved.path)) {
        // Some systems clear their temporary folder now and then.
        entries.delete(key)
        return false
      }
      entries.delete(key)
      entries.set(key, entry)
      entry.saved.readers++
      try {
        await sequence.loadStateFromFile(entry.saved.path, { acceptRisk: true })
      } finally {
        entry.saved.readers--
      }
      return true
    },
    async save(system, sequence) {
      const key = keyOf(system)
      if (entries.get(key)?.saved !== undefined) return
      const path = join(folder, `${randomUUID()}.state`)
      try {
        // Created by us first, so that nobody else may read it; the runtime then overwrites the content.
        await (await open(path, 'wx', 0o600)).close()
        const { fileSize } = await sequence.saveStateToFile(path)
        entries.set(key, { saved: { path, bytes: fileSize, readers: 0 } })
        await dropOldest()
      } catch {
        entries.delete(key)
        await rm(path, { force: true })
      }
    },
    async close() {
      entries.clear()
      process.removeListener('exit', removeFolder)
      removeFolder()
    },
  }
}

/** A process that was killed could not delete its folder; the next one does. */
function removeLeftOvers(parentFolder: string): void {
  for (const name of readdirSync(parentFolder)) {
    const processId = Number(new RegExp(`^${FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1] ?? Number.NaN)
    if (Number.isNaN(processId) || isAlive(processId)) continue
    rmSync(join(parentFolder, name), { recursive: true, force: true })
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
