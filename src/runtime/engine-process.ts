/**
 * A supervised child process that holds one engine: starts it, restarts it when it dies, and carries calls to it. A native crash
 * costs the calls under way (`engine-lost`), never a session. It does not know what the calls mean.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { createAsyncQueue } from '../engine/async-queue.js'
import type { CallMessage, CallReply, EngineLoad } from '../engine/call.js'
import { EngineError, type EngineInfo } from '../engine/index.js'
import { createOutbox, type Outbox } from '../engine/outbox.js'
import type { Clock } from './clock.js'
import type { Logger } from './logger.js'

/** Calls wait this long for an engine to come back before they fail for good. */
const COME_BACK_MS = 30_000
/** Pause before each restart in a row; the last one repeats. */
const RESTART_DELAYS_MS = [0, 500, 2_000, 5_000]
/** An engine that ran this long is healthy again: the next crash restarts it at once. */
const HEALTHY_MS = 60_000
/** A child that was asked to stop is ended after this. */
const STOP_GRACE_MS = 3_000

export interface EngineProcess {
  readonly name: string
  /** Of the child that runs now. */
  readonly pid: number | undefined
  readonly restarts: number
  /** Resolves when the first child is loaded and warmed up; rejects with what it said when it cannot load. */
  readonly ready: Promise<EngineInfo>
  call<Part>(
    method: string,
    args: unknown,
    options: { signal: AbortSignal; credit: number },
  ): EngineCall<Part>
  close(): Promise<void>
}

export interface EngineCall<Part> extends AsyncIterable<Part> {
  input(value: unknown): void
  endInput(): void
}

interface OpenCall {
  deliver(reply: CallReply): void
  lost(error: EngineError): void
}

export interface EngineProcessOptions {
  readonly name: string
  /** Entry module of the child. */
  readonly entry: URL
  readonly load: EngineLoad
  readonly clock: Clock
  readonly logger: Logger
  /** Flags of the child's Node; the parent's own where absent. */
  readonly execArgv?: readonly string[]
}

export function startEngineProcess(options: EngineProcessOptions): EngineProcess {
  const { name, entry, load, clock, logger } = options
  const calls = new Map<number, OpenCall>()
  let nextCall = 1
  /** The child that runs, loaded or not. */
  let started: ChildProcess | undefined
  /** The same once it is loaded. */
  let child: ChildProcess | undefined
  let info: EngineInfo | undefined
  let closed = false
  let restarts = 0
  let failuresInARow = 0
  const waiters = new Set<() => void>()
  const outboxes = new WeakMap<ChildProcess, Outbox<CallMessage>>()

  function outboxOf(process: ChildProcess): Outbox<CallMessage> {
    const known = outboxes.get(process)
    if (known) return known
    const outbox = createOutbox<CallMessage>((messages) => {
      if (process.connected) process.send([...messages])
    }, setImmediate)
    outboxes.set(process, outbox)
    return outbox
  }

  let settleReady: { resolve(info: EngineInfo): void; reject(error: unknown): void }
  const ready = new Promise<EngineInfo>((resolve, reject) => {
    settleReady = { resolve, reject }
  })
  ready.catch(() => {})

  function start(): void {
    const startedAt = clock.now()
    let lastWords = ''
    let over = false

    /** Once per child, whether it ended or could not be started at all. */
    function onEnd(how: string): void {
      if (over) return
      over = true
      started = undefined
      child = undefined
      const lost = new EngineError('engine-lost', `The ${name} engine process ended (${how}).`)
      for (const call of [...calls.values()]) call.lost(lost)
      settleReady.reject(new EngineError('engine-failed', `${name}: ${lastWords.trim() || lost.message}`))
      if (closed || !info) return
      if (clock.now() - startedAt > HEALTHY_MS) failuresInARow = 0
      const delayMs = RESTART_DELAYS_MS[Math.min(failuresInARow, RESTART_DELAYS_MS.length - 1)] ?? 0
      failuresInARow++
      restarts++
      logger.error({ engine: name, how, delayMs, lastWords }, 'engine process ended, restarting')
      clock.setTimer(clock.now() + delayMs, () => {
        if (!closed) start()
      })
    }

    let process: ChildProcess
    try {
      process = fork(entry, [JSON.stringify(load)], {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        ...(options.execArgv ? { execArgv: [...options.execArgv] } : {}),
      })
    } catch (error) {
      onEnd(String(error))
      return
    }
    started = process
    process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-2_000)
      logger.debug({ engine: name, text: text.trimEnd() }, 'engine output')
    })
    process.on('message', (reply: CallReply) => {
      if (reply.type === 'ready') {
        child = process
        info = reply.info
        settleReady.resolve(reply.info)
        for (const wake of [...waiters]) wake()
      } else if (reply.type === 'load-failed') {
        lastWords = reply.message
      } else {
        calls.get(reply.id)?.deliver(reply)
      }
    })
    process.on('error', (error) => {
      logger.error({ engine: name, error: error.message }, 'engine process error')
      if (process.pid === undefined) onEnd(error.message)
    })
    process.on('exit', (code, signal) => onEnd(signal ?? `exit code ${code}`))
  }

  /** The running child, at once or as soon as it is back. Rejects after the grace, at abort, and when the process is closed. */
  function running(signal: AbortSignal): Promise<ChildProcess> | ChildProcess {
    if (child) return child
    return new Promise((resolve, reject) => {
      const settle = () => {
        disarm()
        signal.removeEventListener('abort', settle)
        waiters.delete(settle)
        if (child) resolve(child)
        else reject(signal.aborted ? signal.reason : unavailable(name))
      }
      const disarm = clock.setTimer(clock.now() + COME_BACK_MS, settle)
      signal.addEventListener('abort', settle, { once: true })
      waiters.add(settle)
      if (closed) settle()
    })
  }

  function call<Part>(
    method: string,
    args: unknown,
    { signal, credit }: { signal: AbortSignal; credit: number },
  ): EngineCall<Part> {
    const id = nextCall++
    let target: ChildProcess | undefined
    const early: CallMessage[] = []
    const send = (message: CallMessage) => {
      if (!target) early.push(message)
      else outboxOf(target).push(message)
    }
    const parts = createAsyncQueue<Part>()
    const finish = () => {
      calls.delete(id)
      signal.removeEventListener('abort', onAbort)
    }
    const onAbort = () => {
      send({ type: 'abort', id })
      finish()
      parts.fail(signal.reason)
    }
    calls.set(id, {
      deliver(reply) {
        if (reply.type === 'part') parts.push(reply.value as Part)
        if (reply.type === 'end') {
          finish()
          parts.end()
        }
        if (reply.type === 'error') {
          finish()
          parts.fail(new EngineError(reply.code, reply.message))
        }
      },
      lost(error) {
        // A call that waits for the engine to come back has lost nothing yet.
        if (!target) return
        finish()
        parts.fail(error)
      },
    })
    if (signal.aborted) onAbort()
    else {
      signal.addEventListener('abort', onAbort, { once: true })
      const begin = (process: ChildProcess) => {
        if (!calls.has(id)) return
        target = process
        send({ type: 'call', id, method, args, credit })
        for (const message of early.splice(0)) send(message)
      }
      const process = running(signal)
      if (process instanceof Promise) {
        process.then(begin, (error) => {
          finish()
          parts.fail(error)
        })
      } else begin(process)
    }
    return {
      input: (value) => send({ type: 'input', id, value }),
      endInput: () => send({ type: 'input-end', id }),
      [Symbol.asyncIterator]() {
        const iterator = parts[Symbol.asyncIterator]()
        return {
          /** Asking for a part is what lets the other side make it, beyond its credit. */
          next() {
            if (credit < Number.POSITIVE_INFINITY) send({ type: 'pull', id })
            return iterator.next()
          },
          /** Leaving a `for await` early ends the call on the other side as well. */
          async return() {
            if (calls.has(id)) {
              send({ type: 'abort', id })
              finish()
              parts.end()
            }
            return { done: true, value: undefined }
          },
        }
      },
    }
  }

  start()
  return {
    name,
    ready,
    call,
    get pid() {
      return child?.pid
    },
    get restarts() {
      return restarts
    },
    async close() {
      closed = true
      for (const settle of [...waiters]) settle()
      const running = started
      if (!running) return
      const exited = new Promise<void>((resolve) => running.once('exit', () => resolve()))
      if (running === child && running.connected) outboxOf(running).push({ type: 'stop' })
      // A child that still loads has nothing to finish, and would not read the message.
      else running.kill('SIGKILL')
      const disarm = clock.setTimer(clock.now() + STOP_GRACE_MS, () => running.kill('SIGKILL'))
      await exited
      disarm()
    },
  }
}

function unavailable(name: string): EngineError {
  return new EngineError('engine-unavailable', `The ${name} engine did not come back within 30 s.`)
}
