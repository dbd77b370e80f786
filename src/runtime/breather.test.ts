import { expect, it } from 'vitest'
import { createManualClock } from '../testing/manual-clock.js'
import { createBreather } from './breather.js'
import { systemClock } from './clock.js'
import { createComputeGate } from './compute-gate.js'

it('lets the loop have its turn after a few milliseconds, and not before', async () => {
  let now = 0
  const breathe = createBreather({ ...createManualClock(), now: () => now })
  expect(breathe()).toBeUndefined()
  now = 3
  expect(breathe()).toBeUndefined()
  now = 5
  const pause = breathe()
  expect(pause).toBeInstanceOf(Promise)
  await pause
  expect(breathe()).toBeUndefined()
})

it('steps that take no time of their own keep nobody waiting', async () => {
  const gate = createComputeGate({ slots: 1, clock: systemClock })
  const { signal } = new AbortController()
  let hadTurn = false
  setImmediate(() => {
    hadTurn = true
  })
  // A chain of steps that never leaves the microtasks, until somebody else has had a turn.
  for (let step = 0; !hadTurn; step++) {
    await gate.run('llm', 1, signal, async () => Array.from({ length: 1_000 }, () => step).length)
    if (step > 1_000_000) expect.unreachable('nobody else had a turn')
  }
})
