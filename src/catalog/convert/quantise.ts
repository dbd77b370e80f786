/**
 * Weights to int8, symmetric, one scale per output channel. Seven of the eight bits are used: on processors without
 * VNNI the runtime adds pairs of products in 16 bits, and full eight bits overflow there.
 */

/** Largest magnitude of a quantised weight. */
export const QUANTISED_LIMIT = 64

export interface QuantisedColumns {
  /** [inputs, outputs], row major. */
  readonly values: Int8Array
  /** One per output: weight ≈ value × scale. */
  readonly scales: Float32Array
}

/** Channels handled together: their slices of a row of the result share a cache line. */
const BLOCK = 64

/** Quantises `weight` [outputs, inputs] and transposes it, as MatMulInteger wants it. */
export function quantiseColumns(weight: Float32Array, outputs: number, inputs: number): QuantisedColumns {
  if (weight.length !== outputs * inputs)
    throw new Error(`${weight.length} weights are not a matrix of ${outputs} × ${inputs}`)
  const values = new Int8Array(weight.length)
  const scales = new Float32Array(outputs)
  const inverse = new Float64Array(outputs)
  for (let output = 0; output < outputs; output++) {
    let peak = 0
    for (let index = output * inputs; index < (output + 1) * inputs; index++) {
      const magnitude = Math.abs(weight[index]!)
      if (magnitude > peak) peak = magnitude
    }
    // A channel of zeros keeps the scale 1: 0 × 1 is still 0.
    scales[output] = peak === 0 ? 1 : peak / QUANTISED_LIMIT
    inverse[output] = 1 / scales[output]!
  }
  for (let start = 0; start < outputs; start += BLOCK) {
    const end = Math.min(start + BLOCK, outputs)
    for (let input = 0; input < inputs; input++) {
      const row = input * outputs
      for (let output = start; output < end; output++)
        values[row + output] = Math.round(weight[output * inputs + input]! * inverse[output]!)
    }
  }
  return { values, scales }
}
