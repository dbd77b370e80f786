/**
 * Keeps every session in a file of its own, replaced as a whole: a server that is killed leaves the old record or the
 * new one, never a torn one. Nothing waits for the disk itself: after a power failure a damaged record fails its seal and counts as
 * gone. All of it runs beside the event loop.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionStore, StoredRecord } from './store.js'

export interface FileStoreOptions {
  readonly folder: string
  /** Time of day, ms. */
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

/** Magic, epoch (32 bits), time of expiry (float, ms); the sealed record follows. */
const MAGIC = 'VVS1'
const HEADER_BYTES = 16
/** A number is an epoch without a record. */
const NOTHING = new Uint8Array()
const SWEEP_MS = 60_000
const DRAFT = '.draft'

interface Header {
  readonly epoch: number
  readonly expiresAt: number
}

/** Makes the folder, readable by its owner alone, and deletes what has expired, now and every minute. */
export async function createFileStore({ folder, now, onError }: FileStoreOptions): Promise<SessionStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  /** Operations on one session follow each other. */
  const queues = new Map<string, Promise<unknown>>()
  const fileOf = (id: string) => join(folder, id)

  function inOrder<T>(id: string, run: () => Promise<T>): Promise<T> {
    const done = (queues.get(id) ?? Promise.resolve()).then(run, run)
    const settled = done.catch(() => {})
    queues.set(id, settled)
    void settled.then(() => {
      if (queues.get(id) === settled) queues.delete(id)
    })
    return done
  }

  async function replace(id: string, record: StoredRecord, expiresAt: number): Promise<void> {
    const header = Buffer.alloc(HEADER_BYTES)
    header.write(MAGIC)
    header.writeUInt32LE(record.epoch, 4)
    header.writeDoubleLE(expiresAt, 8)
    const draft = `${fileOf(id)}.${randomUUID()}${DRAFT}`
    try {
      await writeFile(draft, Buffer.concat([header, record.bytes]), { mode: 0o600 })
      await rename(draft, fileOf(id))
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {})
      throw error
    }
  }

  async function living(id: string): Promise<(StoredRecord & Header) | undefined> {
    const file = await readFile(fileOf(id)).catch(absentAsUndefined)
    const header = file && parseHeader(file)
    if (!file || !header || header.expiresAt <= now()) return undefined
    return { ...header, bytes: file.subarray(HEADER_BYTES) }
  }

  async function sweep(): Promise<void> {
    for (const name of await readdir(folder)) {
      if (!name.endsWith(DRAFT)) await inOrder(name, () => removeExpired(name))
    }
  }

  /** What a killed server was writing. */
  async function removeDrafts(): Promise<void> {
    const names = await readdir(folder)
    for (const name of names) if (name.endsWith(DRAFT)) await rm(join(folder, name), { force: true })
  }

  async function removeExpired(name: string): Promise<void> {
    const header = await readHeader(join(folder, name))
    if (header === undefined || header.expiresAt <= now()) await rm(join(folder, name), { force: true })
  }

  await removeDrafts()
  await sweep()
  let sweepingNow: Promise<void> = Promise.resolve()
  const sweeping = setInterval(() => {
    sweepingNow = sweep().catch(onError)
  }, SWEEP_MS)
  sweeping.unref()

  return {
    description: folder,
    put: (id, record, ttlMs) =>
      inOrder(id, async () => {
        const before = await readHeader(fileOf(id))
        if (before && before.expiresAt > now() && before.epoch > record.epoch) return false
        await replace(id, record, now() + ttlMs)
        return true
      }),
    read: (id) => inOrder(id, () => living(id)),
    claim: (id) =>
      inOrder(id, async () => {
        const record = await living(id)
        if (!record) return undefined
        const claimed = { epoch: record.epoch + 1, bytes: record.bytes }
        await replace(id, claimed, record.expiresAt)
        return claimed
      }),
    count: (id, by, ttlMs) =>
      inOrder(id, async () => {
        const header = await readHeader(fileOf(id))
        const known = header && header.expiresAt > now() ? header : undefined
        const sum = (known?.epoch ?? 0) + by
        await replace(id, { epoch: Math.max(0, sum), bytes: NOTHING }, known?.expiresAt ?? now() + ttlMs)
        return sum
      }),
    async close() {
      clearInterval(sweeping)
      await sweepingNow
      await Promise.all(queues.values())
    },
  }
}

async function readHeader(path: string): Promise<Header | undefined> {
  const file = await open(path).catch(absentAsUndefined)
  if (!file) return undefined
  try {
    const { buffer } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
    return parseHeader(buffer)
  } finally {
    await file.close()
  }
}

function parseHeader(bytes: Buffer): Header | undefined {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 4) !== MAGIC) return undefined
  return { epoch: bytes.readUInt32LE(4), expiresAt: bytes.readDoubleLE(8) }
}

function absentAsUndefined(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
  return undefined
}
