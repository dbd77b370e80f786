/**
 * Lends the sequences of a context to conversations: who holds which one, who waits, who is taken over from. Knows
 * nothing of tokens or prompts.
 */
import type { LlamaSequence } from './runtime-types.js'

/** A conversation. */
export interface Holder {
  /** Of its system instruction, as it was when it had a sequence last. */
  systemTokens: number
  isOver: boolean
}

export interface Slot {
  readonly sequence: LlamaSequence
  /** The conversation whose tokens are in the sequence. */
  owner: Holder | undefined
  /**
   * `busy`: evaluating, or in the middle of a call for an answer. `reserved`: between two chunks of a prefill, waiting for its
   * consumer; an answer may take it over, so that a consumer who does not ask keeps no answer waiting.
   */
  hold: 'idle' | 'reserved' | 'busy'
  /** Its conversation is over; what it runs is still ending. */
  leaving: boolean
  /** Producing tokens that somebody listens to. */
  answering: boolean
  /** Grows with every use, for "least recently used". */
  usedAt: number
}

export interface AcquireRequest {
  readonly owner: Holder
  /** Answers come before prefills. */
  readonly urgent: boolean
  /** Asked at every change: a sequence that must be taken (or waited for while busy) instead of the usual choice. */
  readonly wanted: () => Slot | undefined
  /** Tokens that a sequence holds of this conversation's own history already, as where another connection goes on with it. */
  readonly held: (slot: Slot) => number
  /** Whether a sequence holds what a conversation like this begins with, and nothing else. */
  readonly ready: (slot: Slot) => boolean
  /** Called before anyone else is served. `isNew`: nothing in the sequence is of this conversation; `before`: the one that loses it, and goes on. */
  readonly onTaken: (slot: Slot, isNew: boolean, before: Holder | undefined) => void
}

export interface SequencePool {
  /** Waits in line, answers first, and returns a sequence marked busy. Rejects with the signal's reason. */
  acquire(request: AcquireRequest, signal: AbortSignal): Promise<Slot>
  /** Busy → reserved. */
  pause(slot: Slot): void
  /** Ends the owner's hold; its tokens stay until someone else needs the sequence. */
  release(owner: Holder): void
  /** The owner needs no sequence any more; `forget` follows when nothing of it runs. */
  leave(owner: Holder): void
  /** Ends the hold and forgets the owner. */
  forget(owner: Holder): void
  /**
   * Gets the sequence that nobody has needed for longest ready for the next conversation, where none is and nothing else is going on.
   * Settles when that is done; `work` must not reject.
   */
  prepare(ready: (slot: Slot) => boolean, work: (slot: Slot) => Promise<void>): Promise<void>
  /** Settles when nothing is being prepared. */
  prepared(): Promise<void>
  /** Whether another conversation is producing an answer. */
  othersAnswering(owner: Holder): boolean
  /** Serves whoever can be served now that something besides a hold has changed. */
  changed(): void
}

interface Waiter {
  readonly request: AcquireRequest
  readonly resolve: (slot: Slot) => void
}

export function createSequencePool(sequences: readonly LlamaSequence[]): SequencePool {
  const slots: Slot[] = sequences.map((sequence) => ({
    sequence,
    owner: undefined,
    hold: 'idle',
    leaving: false,
    answering: false,
    usedAt: 0,
  }))
  let waiters: Waiter[] = []
  let uses = 0
  let preparing: Promise<void> = Promise.resolve()

  function choose({ owner, urgent, wanted, held, ready }: AcquireRequest): Slot | undefined {
    const special = wanted()
    if (special !== undefined) return special.hold === 'busy' ? undefined : special
    const own = slots.find((slot) => slot.owner === owner)
    if (own !== undefined) return own.hold === 'busy' ? undefined : own
    const left = slots.filter((slot) => slot.owner === undefined || slot.leaving)
    const inherited = left.reduce<{ slot?: Slot; tokens: number }>(
      (best, slot) => (held(slot) > best.tokens ? { slot, tokens: held(slot) } : best),
      { tokens: 0 },
    ).slot
    if (inherited !== undefined) return inherited.hold === 'busy' ? undefined : inherited
    const prepared = slots.find((slot) => isFree(slot) && ready(slot))
    if (prepared !== undefined) return prepared
    const usable = slots.filter((slot) => slot.hold === 'idle' || (urgent && slot.hold === 'reserved'))
    const least = Math.min(...usable.map(rank))
    // Nobody loses a sequence for want of one that is being prepared.
    if (least > 0 && slots.some((slot) => slot.owner === undefined)) return undefined
    return longestUnused(usable.filter((slot) => rank(slot) === least))
  }

  function rest(slot: Slot): void {
    slot.hold = 'idle'
    slot.answering = false
  }

  function take(slot: Slot, owner: Holder): void {
    for (const other of slots) {
      if (other === slot || other.owner !== owner) continue
      other.owner = undefined
      rest(other)
    }
    slot.owner = owner
    slot.leaving = false
    slot.hold = 'busy'
    slot.usedAt = ++uses
  }

  function serve(): void {
    const inOrder = [...waiters.filter(isUrgent), ...waiters.filter((waiter) => !isUrgent(waiter))]
    for (const waiter of inOrder) {
      const slot = choose(waiter.request)
      if (slot === undefined) continue
      waiters = waiters.filter((other) => other !== waiter)
      const { owner, held, onTaken } = waiter.request
      const isNew = slot.owner !== owner && held(slot) === 0
      const before = slot.owner === owner || slot.leaving ? undefined : slot.owner
      take(slot, owner)
      onTaken(slot, isNew, before)
      waiter.resolve(slot)
    }
  }

  return {
    async acquire(request, signal) {
      signal.throwIfAborted()
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          waiters = waiters.filter((other) => other !== waiter)
          reject(signal.reason)
        }
        const waiter: Waiter = {
          request,
          resolve: (slot) => {
            signal.removeEventListener('abort', onAbort)
            resolve(slot)
          },
        }
        signal.addEventListener('abort', onAbort, { once: true })
        waiters.push(waiter)
        serve()
      })
    },
    pause(slot) {
      slot.hold = 'reserved'
      serve()
    },
    release(owner) {
      for (const slot of slots) if (slot.owner === owner) rest(slot)
      serve()
    },
    leave(owner) {
      for (const slot of slots) if (slot.owner === owner) slot.leaving = true
    },
    forget(owner) {
      for (const slot of slots) {
        if (slot.owner !== owner) continue
        slot.owner = undefined
        slot.leaving = false
        rest(slot)
      }
      serve()
    },
    async prepare(ready, work) {
      if (waiters.length > 0 || slots.some(({ hold }) => hold !== 'idle')) return
      const free = slots.filter(isFree)
      const next = longestUnused(free)
      if (next === undefined || free.some(ready)) return
      next.hold = 'busy'
      preparing = work(next)
      await preparing
      rest(next)
      serve()
    },
    prepared: () => preparing,
    othersAnswering: (owner) => slots.some((slot) => slot.answering && slot.owner !== owner),
    changed: serve,
  }
}

function isFree(slot: Slot): boolean {
  return slot.owner === undefined && slot.hold === 'idle'
}

function longestUnused(slots: readonly Slot[]): Slot | undefined {
  return slots.reduce<Slot | undefined>(
    (best, slot) => (best === undefined || slot.usedAt < best.usedAt ? slot : best),
    undefined,
  )
}

/** Without an owner first, then idle, then reserved. */
function rank(slot: Slot): number {
  return slot.owner === undefined ? 0 : slot.hold === 'idle' ? 1 : 2
}

function isUrgent(waiter: Waiter): boolean {
  return waiter.request.urgent
}
