/** Keeps sessions in the memory of this process: gone with it. */
import type { SessionStore, StoredRecord } from './store.js'

/** A number is an epoch without a record. */
const NOTHING = new Uint8Array()
const SWEEP_MS = 60_000

/** `now` is the time of day, ms. */
export function createMemoryStore(now: () => number): SessionStore {
  const records = new Map<string, StoredRecord & { readonly expiresAt: number }>()
  const sweeping = setInterval(() => {
    for (const [id, record] of records) if (record.expiresAt <= now()) records.delete(id)
  }, SWEEP_MS)
  sweeping.unref()

  const living = (id: string) => {
    const record = records.get(id)
    return record && record.expiresAt > now() ? record : undefined
  }
  return {
    description: 'in memory: gone when the server ends',
    async put(id, { epoch, bytes }, ttlMs) {
      if ((living(id)?.epoch ?? 0) > epoch) return false
      records.set(id, { epoch, bytes, expiresAt: now() + ttlMs })
      return true
    },
    async read(id) {
      const record = living(id)
      return record && { epoch: record.epoch, bytes: record.bytes }
    },
    async claim(id) {
      const record = living(id)
      if (!record) return undefined
      const claimed = { ...record, epoch: record.epoch + 1 }
      records.set(id, claimed)
      return { epoch: claimed.epoch, bytes: claimed.bytes }
    },
    async count(id, by, ttlMs) {
      const known = living(id)
      const sum = (known?.epoch ?? 0) + by
      records.set(id, { epoch: sum, bytes: NOTHING, expiresAt: known?.expiresAt ?? now() + ttlMs })
      return sum
    },
    async close() {
      clearInterval(sweeping)
      records.clear()
    },
  }
}
