/** Starting, stopping and losing child processes at awkward moments. */
import { afterEach, describe, expect, it } from 'vitest'
import { createManualClock } from '../testing/manual-clock.js'
import { systemClock } from './clock.js'
import { type EngineProcess, startEngineProcess } from './engine-process.js'
import { hostedLanguageModel } from './hosted/language-model.js'

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} }
const ENTRY = new URL('../testing/scripted-child.ts', import.meta.url)
const pids = new Set<number>()
const never = new AbortController().signal

function begin(clock = systemClock): EngineProcess {
  return startEngineProcess({
    name: 'llm',
    entry: ENTRY,
    execArgv: ['--import', 'tsx'],
    load: { engine: 'scripted', options: { kind: 'llm' } },
    clock,
    logger: QUIET_LOG,
  })
}
afterEach(() => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {}
  }
  pids.clear()
})
const within = <T>(promise: Promise<T>, ms: number) =>
  Promise.race([
    promise.then(
      () => 'settled',
      () => 'settled',
    ),
    new Promise<string>((resolve) => setTimeout(() => resolve('pending'), ms)),
  ])

describe('an engine process at its edges', () => {
  it('close() while the child loads ends the child', async () => {
    const engine = begin()
    await engine.close()
    // Generous: the child would be loaded by now.
    await within(engine.ready, 3_000)
    const { pid } = engine
    if (pid !== undefined) pids.add(pid)
    expect(pid).toBeUndefined()
  }, 10_000)

  it('a child that cannot be spawned rejects ready', async () => {
    const real = process.execPath
    process.execPath = '/nonexistent/node'
    let engine: EngineProcess
    try {
      engine = begin()
    } finally {
      process.execPath = real
    }
    expect(await within(engine.ready, 500)).toBe('settled')
  })

  it('close() fails the calls that wait for a restart', async () => {
    const clock = createManualClock()
    const engine = begin(clock)
    const info = await engine.ready
    const pid = engine.pid ?? 0
    process.kill(pid, 'SIGKILL')
    while (engine.pid !== undefined) await new Promise((resolve) => setTimeout(resolve, 10))
    // The manual clock stands still: no restart comes.
    const conversation = hostedLanguageModel(engine, info).open({ signal: never })
    const run = async () => {
      for await (const _ of conversation.generate({ system: '', messages: [] }, {}, never));
    }
    const call = run()
    await engine.close()
    expect(await within(call, 300)).toBe('settled')
  }, 10_000)

  it('an aborted call leaves no 30 s timer behind', async () => {
    const clock = createManualClock()
    const engine = begin(clock)
    const info = await engine.ready
    process.kill(engine.pid ?? 0, 'SIGKILL')
    while (engine.pid !== undefined) await new Promise((resolve) => setTimeout(resolve, 10))
    const before = clock.pending
    const conversation = hostedLanguageModel(engine, info).open({ signal: never })
    const abort = new AbortController()
    const iterator = conversation
      .generate({ system: '', messages: [] }, {}, abort.signal)
      [Symbol.asyncIterator]()
    const next = iterator.next().catch(() => {})
    abort.abort(new Error('x'))
    await next
    const after = clock.pending
    await engine.close()
    expect(after).toBe(before)
  }, 10_000)

  it('a hosted prefill begins no chunk before the next value is asked for', async () => {
    const engine = startEngineProcess({
      name: 'llm',
      entry: new URL('../testing/counting-child.ts', import.meta.url),
      execArgv: ['--import', 'tsx'],
      load: { engine: 'counting', options: {} },
      clock: systemClock,
      logger: QUIET_LOG,
    })
    const conversation = hostedLanguageModel(engine, await engine.ready).open({ signal: never })
    const prompt = { system: '', messages: [] }
    const begun = async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      for await (const part of conversation.generate(prompt, {}, never))
        if (part.type === 'text') return part.text
      return ''
    }
    const prefill = conversation.prefill(prompt, never)[Symbol.asyncIterator]()
    const first = await begun()
    await prefill.next()
    const second = await begun()
    await engine.close()
    expect([first, second]).toEqual(['0', '1'])
  }, 10_000)
})
