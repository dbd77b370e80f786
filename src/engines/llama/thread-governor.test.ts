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
    const governor = createThreadGovernor(most, cores, computer.read)
    expect(governor.begin()).toBe(most)
    computer.pass(200, own, others)
    governor.end()
    expect(governor.begin()).toBe(expected)
  })

  it('judges no stretch that is too short, and comes back when the cores are free again', () => {
    const computer = machine(2)
    const governor = createThreadGovernor(2, 2, computer.read)
    const run = (wallMs: number, others: number) => {
      const threads = governor.begin()
      computer.pass(wallMs, 1, others)
      governor.end()
      return threads
    }
    run(90, 1)
    expect(run(20, 1)).toBe(2)
    expect(run(200, 0.1)).toBe(1)
    expect(run(0, 0)).toBe(2)
  })

  it('does not count what happens between runs', () => {
    const computer = machine(2)
    const governor = createThreadGovernor(2, 2, computer.read)
    for (let token = 0; token < 10; token++) {
      expect(governor.begin()).toBe(2)
      computer.pass(50, 2, 0)
      governor.end()
      computer.pass(800, 0, 2)
    }
  })

  it('looks at runs that overlap once', () => {
    const computer = machine(2)
    const governor = createThreadGovernor(2, 2, computer.read)
    governor.begin()
    computer.pass(60, 1, 1)
    governor.begin()
    computer.pass(60, 1, 1)
    governor.end()
    expect(governor.begin()).toBe(1)
  })

  it('reads this machine', () => {
    const governor = createThreadGovernor(2)
    expect([1, 2]).toContain(governor.begin())
    governor.end()
  })
})
