/**
 * Writes one session's snapshots to the store, behind the conversation: nothing waits for it, one write is under way at a
 * time, and of what comes meanwhile only the newest is written. Knows the secret; decides nothing.
 */
import type { Snapshot } from '../core/index.js'
import type { Logger, SessionKeeper } from '../runtime/index.js'
import { formatHandle, type SessionSecret, seal } from './handle.js'
import type { SessionStore } from './store.js'

export interface KeeperOptions {
  readonly store: SessionStore
  readonly secret: SessionSecret
  readonly epoch: number
  readonly model: string
  readonly logger: Logger
  /** Somebody else has claimed the session. */
  readonly onSuperseded: () => void
}

export interface Keeper extends SessionKeeper {
  readonly epoch: number
  readonly model: string
  /** Settles when the last snapshot is written, or cannot be. */
  readonly finished: Promise<void>
}

/** What is in a record. A change that older programs cannot read gets another version. */
export interface KeptRecord {
  readonly version: typeof RECORD_VERSION
  readonly model: string
  readonly snapshot: Snapshot
}
export const RECORD_VERSION = 1

/** A session can be resumed for so long after its last end. */
export const LIFE_MS = 2 * 60 * 60_000
/** An open session is written at least every ten minutes; a server that is killed writes no end. */
const OPEN_LIFE_MS = LIFE_MS + 15 * 60_000
const RETRY_MS = 1_000
/** Of the last snapshot: about half a minute. */
const LAST_ATTEMPTS = 30

interface Job {
  readonly checkpoint: number
  readonly snapshot: Snapshot
  readonly last: boolean
  readonly saved: Saved
  /** One that is not written by itself any more: the conversation at rest, as handles of this snapshot still lead to it. */
  readonly within?: { readonly checkpoint: number; readonly saved: Saved }
}

type Saved = (handle: string) => void

export function createKeeper(options: KeeperOptions): Keeper {
  const { store, secret, epoch, model, logger, onSuperseded } = options
  const { promise: finished, resolve: finish } = withResolvers()
  let waiting: Job | undefined
  let writing = false
  let warned = false

  async function writeAll(): Promise<void> {
    writing = true
    let failures = 0
    for (let job = take(); job; job = take()) {
      try {
        const kept = await write(job)
        failures = 0
        if (kept) tell(job)
        else onSuperseded()
        if (job.last || !kept) finish()
      } catch (error) {
        failures++
        if (!warned) logger.warn({ error: String(error) }, 'a session could not be stored; trying again')
        warned = true
        if (job.last && failures > LAST_ATTEMPTS) finish()
        else {
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
          waiting = waiting ? withEarlier(waiting, job) : job
        }
      }
    }
    writing = false
  }

  function tell({ within, checkpoint, saved }: Job): void {
    within?.saved(formatHandle(secret, within.checkpoint))
    saved(formatHandle(secret, checkpoint))
  }

  function take(): Job | undefined {
    const job = waiting
    waiting = undefined
    return job
  }

  async function write(job: Job): Promise<boolean> {
    // Not in the turn of the event loop in which the conversation goes on.
    await new Promise((resolve) => setImmediate(resolve))
    const bytes = seal(secret, Buffer.from(encodeRecord(model, job.snapshot)))
    return store.put(secret.id, { epoch, bytes }, job.last ? LIFE_MS : OPEN_LIFE_MS)
  }

  return {
    epoch,
    model,
    finished,
    keep(checkpoint, snapshot, last, saved) {
      waiting = withEarlier({ checkpoint, snapshot, last, saved }, waiting)
      if (!writing) void writeAll()
    },
  }
}

/** `earlier` is given up for `job`, whose snapshot holds it. */
function withEarlier(job: Job, earlier: Job | undefined): Job {
  const atRest = job.snapshot.points.at(-1)?.checkpoint
  if (job.within || atRest === undefined || atRest === job.checkpoint) return job
  const within = [earlier, earlier?.within].find((each) => each?.checkpoint === atRest)
  return within ? { ...job, within: { checkpoint: within.checkpoint, saved: within.saved } } : job
}

/** Messages never change: each is put into JSON once, which is most of the work of a long history. */
const encodedMessages = new WeakMap<object, string>()

/** A `KeptRecord` as JSON. */
export function encodeRecord(model: string, snapshot: Snapshot): string {
  const { messages, ...rest } = snapshot
  const encoded = messages.map((message) => {
    const known = encodedMessages.get(message)
    if (known !== undefined) return known
    const json = JSON.stringify(message)
    encodedMessages.set(message, json)
    return json
  })
  const record: Omit<KeptRecord, 'snapshot'> = { version: RECORD_VERSION, model }
  const [head, tail] = [JSON.stringify(record).slice(0, -1), JSON.stringify(rest).slice(1)]
  return `${head},"snapshot":{"messages":[${encoded.join(',')}],${tail}}`
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
