import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFramer } from './framer.js'

describe('createFramer', () => {
  it('cuts any stream into whole frames in order and keeps the rest', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.array(fc.nat(200), { maxLength: 10 }),
        (size, counts) => {
          const framer = createFramer(size)
          const output: number[] = []
          let position = 0
          for (const count of counts) {
            const samples = Float32Array.from({ length: count }, () => position++)
            for (const frame of framer.push(samples)) {
              expect(frame).toHaveLength(size)
              output.push(...frame)
            }
          }
          const whole = position - (position % size)
          expect(output).toEqual(Array.from({ length: whole }, (_, index) => index))
          expect(framer.pendingSamples).toBe(position % size)
        },
      ),
    )
  })

  it('refuses an impossible frame length', () => {
    expect(() => createFramer(0)).toThrow('frameSamples must be a whole number ≥ 1, not 0')
  })
})
