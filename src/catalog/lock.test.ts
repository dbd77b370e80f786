import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acquireLock } from './lock.js'

let directory: string
let path: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vivavoce-lock-'))
  path = join(directory, 'catalog.lock')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const acquire = (
  onWait: (pid: number | undefined) => void = () => {},
  signal = new AbortController().signal,
) => acquireLock({ path, signal, onWait, pollMs: 1 })
const foreign = (holder: object) => writeFile(path, JSON.stringify({ token: 'other', ...holder }))
/** Above any pid_max of Linux, macOS or Windows that a test machine has. */
const deadPid = 2 ** 30

describe('acquireLock', () => {
  it('is exclusive and given back on disposal', async () => {
    const first = await acquire()
    const order: string[] = []
    const second = acquire(() => order.push('waits')).then((lock) => {
      order.push('has it')
      return lock
    })
    while (order.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(order).toEqual(['waits'])
    await first[Symbol.asyncDispose]()
    await (await second)[Symbol.asyncDispose]()
    expect(order).toEqual(['waits', 'has it'])
    expect(await readdir(directory)).toEqual([])
  })

  it('takes over from a process that is gone', async () => {
    await foreign({ pid: deadPid, host: hostname() })
    await using _lock = await acquire()
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid })
    expect(await readdir(directory)).toEqual(['catalog.lock'])
  })

  it('takes over a lock with its own process id that it does not hold (a restarted container)', async () => {
    await foreign({ pid: process.pid, host: hostname() })
    await using _lock = await acquire()
  })

  it('waits for another host as long as the lock is kept fresh, and no longer', async () => {
    await foreign({ pid: deadPid, host: 'elsewhere' })
    const interrupt = new AbortController()
    await expect(acquire(() => interrupt.abort(), interrupt.signal)).rejects.toThrow()
    const old = new Date(Date.now() - 120_000)
    await utimes(path, old, old)
    await using _lock = await acquire()
  })

  it('names the process it waits for', async () => {
    await foreign({ pid: process.ppid, host: hostname() })
    const interrupt = new AbortController()
    let waitedFor: number | undefined
    const waiting = acquire((pid) => {
      waitedFor = pid
      interrupt.abort()
    }, interrupt.signal)
    await expect(waiting).rejects.toThrow()
    expect(waitedFor).toBe(process.ppid)
  })

  it('lets one of many have a dead lock', async () => {
    let holders = 0
    const work = async () => {
      await using _lock = await acquire()
      expect(++holders).toBe(1)
      await new Promise((resolve) => setImmediate(resolve))
      holders--
    }
    // Which of them comes between which is chance: often enough that a gap of the lock shows.
    for (let round = 0; round < 50; round++) {
      await foreign({ pid: deadPid, host: hostname() })
      await Promise.all(Array.from({ length: 5 }, work))
      expect(await readdir(directory)).toEqual([])
    }
  })
})
