/**
 * One writer per home: a lock file with the holder's process id and host, kept fresh while held. A lock whose holder is
 * gone is taken over. Knows nothing of what is written under it.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemCode } from './errors.js'

interface Holder {
  readonly pid: number
  readonly host: string
  readonly token: string
}

export interface LockOptions {
  readonly path: string
  readonly signal: AbortSignal
  /** Called once if someone else holds it. */
  readonly onWait: (holderPid: number | undefined) => void
  readonly pollMs?: number
}

const refreshMs = 5_000
const takeoverPollMs = 10
/** On another host, or in another container, a process id says nothing: only a lock left untouched this long is dead. */
const abandonedMs = 60_000
/** A live process id with a lock untouched this long is another program that got the same number. */
const reusedPidMs = 600_000

const heldHere = new Set<string>()

/** Waits for the lock. Disposing gives it back. Throws the signal's reason after an abort, and disk errors. */
export async function acquireLock(options: LockOptions): Promise<AsyncDisposable> {
  const { path, signal, onWait, pollMs = 500 } = options
  await mkdir(dirname(path), { recursive: true })
  signal.throwIfAborted()
  const mine: Holder = { pid: process.pid, host: hostname(), token: randomUUID() }
  let waited = false
  // Before the file is there: others of this process would take it for one that a former process of this number left.
  heldHere.add(mine.token)
  try {
    while (!(await create(path, mine))) {
      signal.throwIfAborted()
      if (await isDead(path)) {
        if (!(await removeDead(path, mine))) await sleep(takeoverPollMs, undefined, { signal })
        continue
      }
      const holder = await readHolder(path)
      if (holder === 'gone') continue
      if (!waited) onWait(holder?.pid)
      waited = true
      await sleep(pollMs, undefined, { signal })
    }
  } catch (error) {
    heldHere.delete(mine.token)
    throw error
  }
  const refresh = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => {})
  }, refreshMs)
  refresh.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(refresh)
      const holder = await readHolder(path)
      if (holder !== 'gone' && holder?.token === mine.token) await rm(path, { force: true })
      // Not before: others would take the file for dead while it is being removed.
      heldHere.delete(mine.token)
    },
  }
}

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    const handle = await open(path, 'wx')
    await handle.writeFile(JSON.stringify(holder))
    await handle.close()
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

/** `undefined` = the file exists but is not (yet) readable as a lock. */
async function readHolder(path: string): Promise<Holder | undefined | 'gone'> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? 'gone' : undefined
  }
}

async function isStale(path: string, holder: Holder | undefined): Promise<boolean> {
  const untouchedMs = await stat(path).then(
    (entry) => Date.now() - entry.mtimeMs,
    () => 0,
  )
  if (!holder) return untouchedMs > refreshMs
  if (holder.host !== hostname()) return untouchedMs > abandonedMs
  if (holder.pid === process.pid) return !heldHere.has(holder.token)
  return !isAlive(holder.pid) || untouchedMs > reusedPidMs
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}

async function isDead(path: string): Promise<boolean> {
  const holder = await readHolder(path)
  return holder !== 'gone' && (await isStale(path, holder))
}

/**
 * Removes a dead lock, by one at a time: whoever comes second finds the lock of the first and must look again, so that a live
 * lock is never touched. False while somebody else is at it.
 */
async function removeDead(path: string, mine: Holder): Promise<boolean> {
  const turn = `${path}.takeover`
  if (!(await create(turn, mine))) {
    // A process that died in these few milliseconds keeps nobody out for long.
    if (await isDead(turn)) await rm(turn, { force: true })
    return false
  }
  try {
    if (await isDead(path)) await rm(path, { force: true })
  } finally {
    await rm(turn, { force: true })
  }
  return true
}
