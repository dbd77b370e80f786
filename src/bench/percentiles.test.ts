import fc from 'fast-check'
import { expect, test } from 'vitest'
import { percentile, summarize } from './percentiles.js'

test.each([
  [[7], 50, 7],
  [[1, 2], 50, 1.5],
  [[1, 2, 3, 4], 50, 2.5],
  [[1, 2, 3, 4, 5], 90, 4.6],
  [[10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 99, 99.1],
  [[1, 2, 3], 0, 1],
  [[1, 2, 3], 100, 3],
])('percentile of %j at %d is %d', (values, p, expected) => {
  expect(percentile(values, p)).toBeCloseTo(expected, 10)
})

test('no values and a percentile out of range are errors', () => {
  expect(() => percentile([], 50)).toThrow(RangeError)
  expect(() => percentile([1], 101)).toThrow(RangeError)
  expect(() => percentile([1], Number.NaN)).toThrow(RangeError)
  expect(() => summarize([1, Number.NaN])).toThrow(RangeError)
  expect(summarize([])).toBeUndefined()
})

test('a summary is ordered, within the values, and does not depend on their order', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(values, (unsorted) => {
      const before = [...unsorted]
      const summary = summarize(unsorted)!
      expect(unsorted).toEqual(before)
      const ladder = [summary.min, summary.p50, summary.p90, summary.p99, summary.max]
      expect(ladder).toEqual([...ladder].sort((a, b) => a - b))
      expect([summary.min, summary.max]).toEqual([Math.min(...before), Math.max(...before)])
      expect(summarize(before.reverse())?.p90).toBe(summary.p90)
    }),
  )
})
