/** One contract for every place that keeps sessions. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRedis, type RedisServer, startRedis } from '../testing/redis-server.js'
import { createFileStore } from './file-store.js'
import { createMemoryStore } from './memory-store.js'
import { createRedisStore } from './redis-store.js'
import type { SessionStore } from './store.js'

const folder = mkdtempSync(join(tmpdir(), 'vivavoce-sessions-'))
let redis: RedisServer | undefined
const program = findRedis()
beforeAll(async () => {
  if (program !== undefined) redis = await startRedis(program)
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await redis?.stop()
})

let skewMs = 0
const now = () => Date.now() + skewMs
const fail = (error: unknown) => {
  throw error
}
const fileStore = () => createFileStore({ folder, now, onError: fail })
const stores: readonly [string, () => Promise<SessionStore>, boolean][] = [
  ['memory', async () => createMemoryStore(now), true],
  ['file', fileStore, true],
  ['redis', () => createRedisStore({ url: redis!.url, onError: () => {} }), program !== undefined],
]
const bytes = (text: string) => new TextEncoder().encode(text)
const text = (record: { bytes: Uint8Array } | undefined) => record && new TextDecoder().decode(record.bytes)
let nextId = 0
const freshId = () => `session-${nextId++}`

for (const [name, create, available] of stores) {
  describe.skipIf(!available)(`${name} store`, () => {
    let store: SessionStore
    beforeAll(async () => {
      store = await create()
    })
    afterAll(() => store.close())

    it('gives back the newest record, binary as it was, with the next epoch', async () => {
      const id = freshId()
      const binary = Uint8Array.from({ length: 300 }, (_, index) => index % 256)
      expect(await store.put(id, { epoch: 1, bytes: bytes('old') }, 60_000)).toBe(true)
      expect(await store.put(id, { epoch: 1, bytes: binary }, 60_000)).toBe(true)
      const record = await store.claim(id)
      expect(record?.epoch).toBe(2)
      expect(Buffer.from(record!.bytes).equals(Buffer.from(binary))).toBe(true)
      expect((await store.claim(id))?.epoch).toBe(3)
    })

    it('reads the record without taking it from its holder', async () => {
      const id = freshId()
      expect(await store.read(id)).toBeUndefined()
      await store.put(id, { epoch: 1, bytes: Uint8Array.of(0, 255, 10) }, 60_000)
      expect(await store.read(id)).toMatchObject({ epoch: 1 })
      expect([...(await store.read(id))!.bytes]).toEqual([0, 255, 10])
      expect(await store.put(id, { epoch: 1, bytes: bytes('mine still') }, 60_000)).toBe(true)
    })

    it('counts for everybody who shares it, up and down, until the time is over', async () => {
      const id = freshId()
      const sums = await Promise.all([1, 2, 3].map(() => store.count(id, 1, 60_000)))
      expect(sums.sort()).toEqual([1, 2, 3])
      expect(await store.count(id, -1, 60_000)).toBe(2)
      const brief = freshId()
      await store.count(brief, 1, 50)
      await sleep(120)
      expect(await store.count(brief, 1, 60_000)).toBe(1)
    })

    it('has nothing under an id that was never put', async () => {
      expect(await store.claim(freshId())).toBeUndefined()
    })

    it('takes nothing more from a holder that has lost the session', async () => {
      const id = freshId()
      await store.put(id, { epoch: 1, bytes: bytes('mine') }, 60_000)
      const claimed = await store.claim(id)
      expect(await store.put(id, { epoch: 1, bytes: bytes('late') }, 60_000)).toBe(false)
      expect(await store.put(id, { epoch: claimed!.epoch, bytes: bytes('theirs') }, 60_000)).toBe(true)
      expect(text(await store.claim(id))).toBe('theirs')
    })

    it('[RES-10] forgets at expiry', async () => {
      const id = freshId()
      await store.put(id, { epoch: 1, bytes: bytes('soon gone') }, 30)
      await sleep(60)
      expect(await store.claim(id)).toBeUndefined()
    })

    it('keeps many at once apart', async () => {
      const ids = Array.from({ length: 50 }, freshId)
      await Promise.all(
        ids.flatMap((id) =>
          [1, 2, 3].map((n) => store.put(id, { epoch: 1, bytes: bytes(`${id} ${n}`) }, 60_000)),
        ),
      )
      expect(await Promise.all(ids.map(async (id) => text(await store.claim(id))))).toEqual(
        ids.map((id) => `${id} 3`),
      )
    })
  })
}

describe('file store', () => {
  it('deletes what has expired, and the drafts of a server that was killed', async () => {
    const store = await fileStore()
    await store.put('old', { epoch: 1, bytes: bytes('x') }, 1_000)
    await store.put('young', { epoch: 1, bytes: bytes('x') }, 10_000_000)
    writeFileSync(join(folder, 'young.1234.draft'), 'VV')
    await store.close()
    skewMs = 5_000
    await (await fileStore()).close()
    skewMs = 0
    const names = readdirSync(folder)
    expect(names).toContain('young')
    expect(names.filter((name) => name === 'old' || name.endsWith('.draft'))).toEqual([])
  })

  it('[RES-6] outlives the process, and is readable by its owner alone', async () => {
    const first = await fileStore()
    await first.put('lasting', { epoch: 4, bytes: bytes('still here') }, 60_000)
    await first.close()
    expect(statSync(join(folder, 'lasting')).mode & 0o077).toBe(0)
    const second = await fileStore()
    expect(await second.claim('lasting')).toMatchObject({ epoch: 5 })
    await second.close()
  })

  it('takes a torn file for none', async () => {
    const store = await fileStore()
    await store.put('torn', { epoch: 1, bytes: bytes('something') }, 60_000)
    writeFileSync(join(folder, 'torn'), readFileSync(join(folder, 'torn')).subarray(0, 9))
    expect(await store.claim('torn')).toBeUndefined()
    await store.close()
  })
})

describe.skipIf(program === undefined)('redis store', () => {
  it('tells other servers of a claim', async () => {
    const url = redis!.url
    const [one, two] = await Promise.all([1, 2].map(() => createRedisStore({ url, onError: () => {} })))
    const claims: string[] = []
    one!.onClaimed?.((id, epoch) => claims.push(`${id} ${epoch}`))
    await sleep(50)
    const id = freshId()
    await one!.put(id, { epoch: 1, bytes: bytes('x') }, 60_000)
    await two!.claim(id)
    await expect.poll(() => claims).toEqual([`${id} 2`])
    await Promise.all([one!.close(), two!.close()])
  })

  it('[RES-6] goes on after a restart of the server, and loses nothing that was put meanwhile', async () => {
    const store = await createRedisStore({ url: redis!.url, onError: () => {} })
    const id = freshId()
    await store.put(id, { epoch: 1, bytes: bytes('before') }, 60_000)
    const restarted = redis!.restart()
    await sleep(20)
    const during = store.put(id, { epoch: 1, bytes: bytes('during') }, 60_000).catch(() => 'failed')
    await restarted
    // A command that was on its way may fail, as told; one that waited is carried out.
    const outcome = await during
    expect(text(await store.claim(id))).toBe(outcome === 'failed' ? 'before' : 'during')
    await store.close()
  })

  it('says what to do where nothing answers', async () => {
    const store = createRedisStore({ url: 'redis://user:secret@127.0.0.1:1', onError: () => {} })
    await expect(store).rejects.toThrow(
      'No Redis answers at 127.0.0.1:1: start it, or choose another sessions.store.',
    )
  })
})
