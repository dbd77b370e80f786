import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSampleQueue } from './sample-queue.js'

/** Samples whose values are their own positions. */
function ramp(from: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => from + index)
}

describe('createSampleQueue', () => {
  it('behaves like the last maxSamples of one long array', () => {
    const step = fc.oneof(
      fc.record({ append: fc.integer({ min: 0, max: 9000 }) }),
      fc.record({ dropBefore: fc.integer({ min: 0, max: 40_000 }) }),
      fc.record({ read: fc.tuple(fc.nat(40_000), fc.nat(40_000)) }),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(1, 7, 4096, 12_000),
        fc.array(step, { maxLength: 20, size: 'max' }),
        (maxSamples, steps) => {
          const queue = createSampleQueue({ maxSamples })
          let start = 0
          let end = 0
          for (const current of steps) {
            if ('append' in current) {
              queue.append(ramp(end, current.append))
              end += current.append
              start = Math.max(start, end - maxSamples)
            } else if ('dropBefore' in current) {
              queue.dropBefore(current.dropBefore)
              start = Math.max(start, Math.min(end, current.dropBefore))
            } else {
              const [from, to] = current.read
              const first = Math.max(from, start)
              expect(queue.read(from, to)).toEqual(ramp(first, Math.max(0, Math.min(to, end) - first)))
            }
            expect([queue.start, queue.end]).toEqual([start, end])
            expect(queue.read(start)).toEqual(ramp(start, end - start))
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('returns copies', () => {
    const queue = createSampleQueue({ maxSamples: 10 })
    queue.append(ramp(0, 4))
    queue.read(0).fill(9)
    expect(queue.read(0)).toEqual(ramp(0, 4))
  })

  it('refuses a useless bound', () => {
    expect(() => createSampleQueue({ maxSamples: 0 })).toThrow('maxSamples must be a whole number ≥ 1, not 0')
  })
})
