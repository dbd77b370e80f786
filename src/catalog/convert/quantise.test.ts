import { expect, it } from 'vitest'
import { QUANTISED_LIMIT, quantiseColumns } from './quantise.js'

it('transposes, with one scale per output', () => {
  // Two outputs of three inputs each.
  const { values, scales } = quantiseColumns(Float32Array.of(1, -2, 0.5, 0.01, 0.02, -0.04), 2, 3)
  expect(scales[0]).toBeCloseTo(2 / QUANTISED_LIMIT, 7)
  expect(scales[1]).toBeCloseTo(0.04 / QUANTISED_LIMIT, 7)
  expect([...values]).toEqual([32, 16, -64, 32, 16, -64])
})

it('is off by half a step at most, in seven bits, also over many blocks', () => {
  const outputs = 150
  const inputs = 7
  const weight = Float32Array.from({ length: outputs * inputs }, (_, i) => Math.sin(i * 1.7) * (1 + (i % 13)))
  const { values, scales } = quantiseColumns(weight, outputs, inputs)
  let worst = 0
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      const value = values[input * outputs + output]!
      expect(Math.abs(value)).toBeLessThanOrEqual(QUANTISED_LIMIT)
      const error = Math.abs(value * scales[output]! - weight[output * inputs + input]!) / scales[output]!
      worst = Math.max(worst, error)
    }
  }
  expect(worst).toBeLessThanOrEqual(0.501)
  expect(worst).toBeGreaterThan(0.1)
})

it('keeps a channel of zeros', () => {
  expect(quantiseColumns(new Float32Array(2), 1, 2)).toEqual({
    values: new Int8Array(2),
    scales: Float32Array.of(1),
  })
})

it('refuses weights of another shape', () => {
  expect(() => quantiseColumns(new Float32Array(5), 2, 3)).toThrow(/5 weights are not a matrix of 2 × 3/)
})
