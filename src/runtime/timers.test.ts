import { expect, it } from 'vitest'
import { createManualClock } from '../testing/manual-clock.js'
import { createTimers } from './timers.js'

function start() {
  const clock = createManualClock()
  const ran: [string, number][] = []
  const timers = createTimers<string>(clock, (name) => ran.push([name, clock.now()]))
  return { clock, ran, timers, from: clock.now() }
}

it('runs once, at the time that was set last, however often it was put off', async () => {
  const { clock, ran, timers, from } = start()
  timers.set('a', from + 10)
  await clock.advance(5)
  timers.set('a', from + 30)
  await clock.advance(100)
  expect(ran).toEqual([['a', from + 30]])
})

it('runs earlier where it is set to', async () => {
  const { clock, ran, timers, from } = start()
  timers.set('a', from + 100)
  timers.set('a', from + 20)
  await clock.advance(200)
  expect(ran).toEqual([['a', from + 20]])
})

it('does not run once it was cleared, and runs when it is set again', async () => {
  const { clock, ran, timers, from } = start()
  timers.set('a', from + 10)
  timers.set('b', from + 10)
  timers.clear('a')
  timers.clear('b')
  await clock.advance(5)
  timers.set('b', from + 8)
  await clock.advance(50)
  expect(ran).toEqual([['b', from + 8]])
  timers.set('a', from + 70)
  await clock.advance(50)
  expect(ran.at(-1)).toEqual(['a', from + 70])
})

it('leaves no timer on the clock', () => {
  const { clock, timers, from } = start()
  timers.set('a', from + 10)
  timers.set('b', from + 20)
  timers.clear('b')
  timers.clearAll()
  expect(clock.pending).toBe(0)
})
