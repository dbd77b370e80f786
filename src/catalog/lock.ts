/**
 * One writer per home: a lock file with the holder's process id and host, kept fresh while held. A lock whose holder is
 * gone is taken over. Knows nothing of what is written under it.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
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
/** On another host, or in another container, a process id says nothing: only a lock left untouched this long is dead. */
const abandonedMs = 60_000
/** A live process id with a lock untouched this long is another program that got the same number. */
const reusedPidMs = 600_000

const heldHere = new Set<string>()

/** Waits for the lock. Disposing gives it back. Throws the signal's reason after an abort, and disk errors. */
export async function acquireLock(options: LockOptions): Promise<AsyncDisposable> {
  const { path, signal, onWait, pollMs = 500 } = options
  await mkdir(dirname(path), { recursive: true })
  const mine: Holder = { pid: process.pid, host: hostname(), token: randomUUID() }
  let waited = false
  for (;;) {
    signal.throwIfAborted()
    if (await create(path, mine)) break
    const holder = await readHolder(path)
    if (holder !== 'gone' && (await isStale(path, holder))) await takeAway(path, holder)
    else if (holder !== 'gone') {
      if (!waited) onWait(holder?.pid)
      waited = true
      await sleep(pollMs, undefined, { signal })
    }
  }
  heldHere.add(mine.token)
  const refresh = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => {})
  }, refreshMs)
  refresh.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(refresh)
      heldHere.delete(mine.token)
      const holder = await readHolder(path)
      if (holder !== 'gone' && holder?.token === mine.token) await rm(path, { force: true })
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

/** Moves the dead lock aside first: of two that try, one gets it, and a lock made meanwhile is put back. */
async function takeAway(path: string, dead: Holder | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
  } catch {
    return
  }
  const moved = await readHolder(aside)
  if (moved !== 'gone' && moved?.token !== dead?.token) await rename(aside, path)
  else await rm(aside, { force: true })
}
