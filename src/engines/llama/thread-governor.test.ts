import { describe, expect, it } from 'vitest'
import { type CpuReading, createThreadGovernor } from './thread-governor.js'

/** A machine on which time passes and cores are used as told. */
function machine(cores: number) {
  const now = { wallMs: 0, idleMs: 0, ownMs: 0 }
  return {
    read: (): CpuReading => ({ ...now }),
    pass(wallMs: number, own: number, others: number) {
      now.wallMs += wallMs
      now.ownMs += own * wallMs
      now.idleMs += Math.max(0, cores - own - others) * wallMs
    },
  }
}

describe('createThreadGovernor', () => {
  it.each([
    [2, 2, 0, 0, 2],
    [2, 2, 2, 0, 2],
    [2, 2, 1, 1, 1],
    [2, 2, 1.2, 0.8, 1],
    [2, 2, 1.8, 0.2, 2],
    [2, 2, 0, 2, 1],
    [8, 6, 6, 0.5, 6],
    [8, 6, 6, 1.6, 6],
    [8, 6, 4, 4, 4],
    [8, 6, 0, 8, 1],
    [4, 1, 0, 0, 1],
  ])('on %i cores, of at most %i threads, using %d beside %d: %i', (cores, most, own, others, expected) => {
    const computer = machine(cores)
    const threads = createThreadGovernor(most, cores, computer.read)
    expect(threads()).toBe(most)
    computer.pass(200, own, others)
    expect(threads()).toBe(expected)
  })

  it('judges no stretch that is too short, and comes back when the cores are free again', () => {
    const computer = machine(2)
    const threads = createThreadGovernor(2, 2, computer.read)
    computer.pass(90, 1, 1)
    expect(threads()).toBe(2)
    computer.pass(20, 1, 1)
    expect(threads()).toBe(1)
    computer.pass(200, 1, 0.1)
    expect(threads()).toBe(2)
  })

  it('reads this machine', () => {
    const threads = createThreadGovernor(2)
    expect([1, 2]).toContain(threads())
  })
})
