/**
 * The calls of one conversation, one at a time: a new one ends the one before it, and runs when nothing of that runs any more, since a native run
 * can't be interrupted. Knows nothing of models.
 */
import { EngineError } from '../../engine/index.js'
import type { Token } from './runtime-types.js'

const SUPERSEDED = Symbol('superseded')

export interface Call {
  readonly signal: AbortSignal
  /** A later call of the same conversation has ended it. */
  readonly superseded: boolean
  /** Runs after whatever still runs for this conversation; rejects at once at an abort, while the work runs out. */
  run<Result>(work: () => Promise<Result>): Promise<Result>
  /** Lets the sequence go once nothing runs any more. */
  end(): void
  /** What produces the answer's tokens; must be returned before the sequence is used for anything else. */
  decoding?: AsyncGenerator<Token, void, void>
}

export interface CallQueue {
  /** Throws the reason where the signal was aborted before, or the conversation closed. */
  begin(signal: AbortSignal): Call
  /** Runs when the last native run of the calls so far is over. */
  afterwards(work: () => void): void
}

/** `release` follows the last native run of each call. */
export function createCallQueue(closing: AbortSignal, release: () => void): CallQueue {
  let current: AbortController | undefined
  let settled: Promise<unknown> = Promise.resolve()

  return {
    begin(signal) {
      signal.throwIfAborted()
      closing.throwIfAborted()
      current?.abort(SUPERSEDED)
      const controller = new AbortController()
      current = controller
      const forward = () => controller.abort(signal.aborted ? signal.reason : closing.reason)
      signal.addEventListener('abort', forward, { once: true })
      closing.addEventListener('abort', forward, { once: true })
      let ended = false
      const call: Call = {
        signal: controller.signal,
        get superseded() {
          return controller.signal.reason === SUPERSEDED
        },
        async run(work) {
          controller.signal.throwIfAborted()
          const running = settled.then(() => {
            controller.signal.throwIfAborted()
            return work()
          })
          settled = running.catch(() => undefined)
          return untilAborted(running, controller.signal)
        },
        end() {
          if (ended) return
          ended = true
          signal.removeEventListener('abort', forward)
          closing.removeEventListener('abort', forward)
          settled = settled.then(() => call.decoding?.return()).then(release, release)
        },
      }
      // A consumer that aborts and never asks again must not keep the sequence.
      controller.signal.addEventListener('abort', () => call.end(), { once: true })
      return call
    },
    afterwards(work) {
      settled = settled.then(work)
    },
  }
}

/** What a call that failed throws. */
export function asEngineError(error: unknown, call: Call): unknown {
  if (call.superseded) return new EngineError('engine-failed', 'another call began on the same conversation')
  if (call.signal.aborted) return call.signal.reason
  if (error instanceof EngineError) return error
  const detail = error instanceof Error ? error.message : String(error)
  return new EngineError('engine-failed', `the language model failed: ${detail}`, { cause: error })
}

function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
