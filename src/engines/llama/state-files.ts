/**
 * Keeps what sequences hold in private files, within a budget, so that it is loaded (3,000 tokens in 50 ms) instead of being evaluated again (half a
 * minute). The runtime saves to files only. Knows nothing of what the tokens mean.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { eraseAfter } from './evaluation.js'
import type { LlamaSequence } from './runtime-types.js'

export interface StateFiles {
  has(key: unknown): boolean
  /** False where nothing is saved under the key, or it can't be read any more; the sequence may be empty then. */
  load(key: unknown, sequence: LlamaSequence): Promise<boolean>
  /** In place of what was saved under the key. A full disk, or more than the budget, is no error: there is nothing to load then. */
  save(key: unknown, sequence: LlamaSequence): Promise<void>
  drop(key: unknown): Promise<void>
  close(): Promise<void>
}

const FOLDER_PREFIX = 'vivavoce-llm-'
/** Made by this process; others with its number are of one that had it before. */
const ownFolders = new Set<string>()

interface Saved {
  readonly path: string
  readonly bytes: number
  readers: number
}

/** In a folder of their own within `parentFolder`. Beyond `maxBytes` the least recently used go; a token of a 1.5B model takes about 21 KiB on x64. */
export function createStateFiles(parentFolder: string, maxBytes: number): StateFiles {
  mkdirSync(parentFolder, { recursive: true })
  removeLeftOvers(parentFolder)
  // mkdtemp makes the folder readable by its owner alone (0700).
  const folder = mkdtempSync(join(parentFolder, `${FOLDER_PREFIX}${process.pid}-`))
  ownFolders.add(folder)
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  // A process that is told to stop leaves without closing anything.
  process.once('exit', removeFolder)
  /** The least recently used first. */
  const files = new Map<unknown, Saved>()
  /** Of what was saved last; 0 = nothing was. */
  let bytesPerToken = 0

  async function drop(key: unknown): Promise<void> {
    const saved = files.get(key)
    files.delete(key)
    if (saved) await rm(saved.path, { force: true })
  }

  async function makeRoom(bytesToCome: number): Promise<void> {
    let total = bytesToCome
    for (const { bytes } of files.values()) total += bytes
    for (const [key, { bytes, readers }] of files) {
      if (total <= maxBytes) return
      if (readers > 0) continue
      total -= bytes
      await drop(key)
    }
  }

  return {
    has: (key) => files.has(key),
    async load(key, sequence) {
      const saved = files.get(key)
      if (saved === undefined) return false
      files.delete(key)
      // Some systems clear their temporary folder now and then.
      if (!existsSync(saved.path)) return false
      files.set(key, saved)
      saved.readers++
      try {
        await sequence.loadStateFromFile(saved.path, { acceptRisk: true })
        return true
      } catch {
        // What is in the sequence is not known now.
        await eraseAfter(sequence, 0)
        return false
      } finally {
        saved.readers--
      }
    },
    async save(key, sequence) {
      const bytesToCome = bytesPerToken * sequence.nextTokenIndex
      if (bytesToCome > maxBytes) return drop(key)
      const path = join(folder, `${randomUUID()}.state`)
      try {
        // Created by us first, so that nobody else may read it; the runtime then overwrites the content.
        await (await open(path, 'wx', 0o600)).close()
        await makeRoom(bytesToCome)
        const { fileSize } = await sequence.saveStateToFile(path)
        await drop(key)
        files.set(key, { path, bytes: fileSize, readers: 0 })
        bytesPerToken = fileSize / Math.max(1, sequence.nextTokenIndex)
        await makeRoom(0)
      } catch {
        await rm(path, { force: true })
      }
    },
    drop,
    async close() {
      files.clear()
      process.removeListener('exit', removeFolder)
      removeFolder()
    },
  }
}

/** A process that was killed could not delete its folder; the next one does. */
function removeLeftOvers(parentFolder: string): void {
  for (const name of readdirSync(parentFolder)) {
    const processId = Number(new RegExp(`^${FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1] ?? Number.NaN)
    const folder = join(parentFolder, name)
    const isOld = processId === process.pid ? !ownFolders.has(folder) : !isAlive(processId)
    if (Number.isNaN(processId) || !isOld) continue
    try {
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // Another user's: theirs to remove.
    }
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
