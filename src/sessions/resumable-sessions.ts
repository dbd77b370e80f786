/**
 * Opens sessions that can go on in another connection, later or on another server: gives them their secret, keeps them in the
 * store, and finds them again by a handle, taking them from whoever still holds them. Sessions that did not ask for it pass by.
 */
import { resumeSnapshot, type Snapshot } from '../core/index.js'
import { closeError, type Setup } from '../protocol/index.js'
import type { Logger, RunningSession, SessionConnection, SessionHost } from '../runtime/index.js'
import { type Handle, newSecret, parseHandle, type SessionSecret, unseal } from './handle.js'
import { createKeeper, type Keeper, type KeptRecord, RECORD_VERSION } from './keeper.js'
import type { SessionStore } from './store.js'

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
    epoch: number,
    snapshot?: Snapshot,
  ): RunningSession {
    const keeper = createKeeper({
      store,
      secret,
      epoch,
      model: setup.model,
      logger,
      onSuperseded: () => session.takeOver(),
    })
    const session = host.open(setup, connection, { keeper, ...(snapshot && { snapshot }) })
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
    const holder = held.get(secret.id)
    if (holder) {
      requireModel(setup, holder.keeper.model)
      holder.session.takeOver()
      await within(HANDOVER_MS, holder.keeper.finished)
    }
    const claimed = await within(STORE_TIMEOUT_MS, store.claim(secret.id)).catch((error) => {
      logger.warn({ error: String(error) }, 'the session store does not answer')
      throw closeError('store-unreachable', {})
    })
    if (claimed === 'late') throw closeError('store-unreachable', {})
    const record = claimed && readRecord(secret, claimed.bytes)
    if (!claimed || !record) throw closeError('session-not-found', {})
    requireModel(setup, record.model)
    const snapshot = resumeSnapshot(record.snapshot, { checkpoint, transparent })
    if (!snapshot) throw closeError('session-handle-old', {})
    return start(setup, connection, secret, claimed.epoch, snapshot)
  }

  return {
    open(setup, connection) {
      const wanted = setup.sessionResumption
      if (!wanted) return host.open(setup, connection)
      if (wanted.handle === undefined) return start(setup, connection, newSecret(), 1)
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

function requireModel(setup: Setup, model: string): void {
  if (setup.model !== model) throw closeError('session-model', { model: model.slice(0, 50) })
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
