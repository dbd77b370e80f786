/**
 * Opens sessions that can go on in another connection, later or on another server: gives them their secret, keeps them in the
 * store, and finds them again by a handle, taking them from whoever still holds them. Sessions that did not ask for it pass by.
 */
import { resumeSnapshot } from '../core/index.js'
import { closeError, type Setup } from '../protocol/index.js'
import type { KeptSession, Logger, RunningSession, SessionConnection, SessionHost } from '../runtime/index.js'
import { type Handle, newSecret, parseHandle, type SessionSecret, unseal } from './handle.js'
import { createKeeper, type Keeper, type KeptRecord, RECORD_VERSION } from './keeper.js'
import type { SessionStore, StoredRecord } from './store.js'

export interface ResumableSessions {
  /** Throws, or rejects with, a `ProtocolError`. A session with a handle comes when the store has answered. */
  open(setup: Setup, connection: SessionConnection): RunningSession | Promise<RunningSession>
  /** Waits until all ended sessions are stored, at most 10 s, and lets go of the store. */
  close(): Promise<void>
}

export interface ResumableSessionsOptions {
  readonly host: SessionHost
  readonly store: SessionStore
  readonly logger: Logger
}

/** Where a session begins in this server. */
interface Beginning extends Omit<KeptSession, 'keeper'> {
  readonly epoch: number
}

/** A store that does not answer in this time counts as unreachable. */
const STORE_TIMEOUT_MS = 5_000
/** The holder before may have to recognise what was said last. */
const HANDOVER_MS = 5_000
const CLOSE_MS = 10_000

export function createResumableSessions(options: ResumableSessionsOptions): ResumableSessions {
  const { host, store, logger } = options
  /** Sessions of this server that are open, or not stored to their end yet. */
  const held = new Map<string, { readonly session: RunningSession; readonly keeper: Keeper }>()

  store.onClaimed?.((id, epoch) => {
    const holder = held.get(id)
    if (holder && holder.keeper.epoch < epoch) holder.session.takeOver()
  })

  function start(
    setup: Setup,
    connection: SessionConnection,
    secret: SessionSecret,
    { epoch, ...kept }: Beginning,
  ): RunningSession {
    const keeper = createKeeper({
      store,
      secret,
      epoch,
      model: setup.model,
      logger,
      onSuperseded: () => session.takeOver(),
    })
    const session = host.open(setup, connection, { keeper, ...kept })
    const holding = { session, keeper }
    held.set(secret.id, holding)
    void keeper.finished.then(() => {
      if (held.get(secret.id) === holding) held.delete(secret.id)
    })
    return session
  }

  async function resume(
    setup: Setup,
    connection: SessionConnection,
    handle: Handle,
    transparent: boolean,
  ): Promise<RunningSession> {
    const { secret, checkpoint } = handle
    const pointOf = (record: StoredRecord | undefined) =>
      findPoint(setup, secret, record, { checkpoint, transparent })
    // Whoever has the session keeps it until it is certain that it can go on here.
    pointOf(await answered(store.read(secret.id)))
    const holder = held.get(secret.id)
    if (holder) {
      holder.session.takeOver()
      await within(HANDOVER_MS, holder.keeper.finished)
    } else host.admit()
    const claimed = await answered(store.claim(secret.id))
    return start(setup, connection, secret, { ...pointOf(claimed), replaces: holder !== undefined })
  }

  async function answered<T>(asked: Promise<T>): Promise<T> {
    const answer = await within(STORE_TIMEOUT_MS, asked).catch((error) => {
      logger.warn({ error: String(error) }, 'the session store does not answer')
      throw closeError('store-unreachable', {})
    })
    if (answer === 'late') throw closeError('store-unreachable', {})
    return answer
  }

  return {
    open(setup, connection) {
      const wanted = setup.sessionResumption
      if (!wanted) return host.open(setup, connection)
      if (wanted.handle === undefined) return start(setup, connection, newSecret(), { epoch: 1 })
      const handle = parseHandle(wanted.handle)
      if (!handle) throw closeError('session-not-found', {})
      return resume(setup, connection, handle, wanted.transparent)
    },
    async close() {
      await within(CLOSE_MS, Promise.all([...held.values()].map(({ keeper }) => keeper.finished)))
      await store.close()
    },
  }
}

/** Where the session goes on. Throws a `ProtocolError` where it cannot. */
function findPoint(
  setup: Setup,
  secret: SessionSecret,
  stored: StoredRecord | undefined,
  handle: Parameters<typeof resumeSnapshot>[1],
): Beginning {
  const record = stored && readRecord(secret, stored.bytes)
  if (!stored || !record) throw closeError('session-not-found', {})
  if (setup.model !== record.model) throw closeError('session-model', { model: record.model.slice(0, 50) })
  const snapshot = resumeSnapshot(record.snapshot, handle)
  if (!snapshot) throw closeError('session-handle-old', {})
  return { epoch: stored.epoch, snapshot }
}

function readRecord(secret: SessionSecret, sealed: Uint8Array): KeptRecord | undefined {
  const plain = unseal(secret, sealed)
  if (!plain) return undefined
  const record: KeptRecord = JSON.parse(plain.toString('utf8'))
  return record.version === RECORD_VERSION ? record : undefined
}

/** The value, or `late` where it takes longer than that. */
async function within<T>(ms: number, value: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms)
  })
  return Promise.race([value, late]).finally(() => clearTimeout(timer))
}
