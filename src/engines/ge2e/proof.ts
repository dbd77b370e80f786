/**
 * A made-up sound and what the encoder makes of it, so that converted weights are proved where they run. The figures were computed once by another
 * implementation: the checkpoint read with Python's pickle, the layers written out in NumPy in float64.
 */
import { BANDS } from './windows.js'

export const PROOF_FRAMES = 40

/** [frames, 1, bands] */
export function proofSound(): Float32Array {
  return Float32Array.from({ length: PROOF_FRAMES * BANDS }, (_, index) => {
    const frame = Math.floor(index / BANDS)
    const band = index % BANDS
    return 0.05 * (1 + Math.sin(frame / 3 + (band * band) / 50))
  })
}

const EXPECTED: Readonly<Record<number, number>> = {
  0: 0,
  15: 0.20231,
  16: 0.17832,
  110: 0.18666,
  137: 0.20961,
  248: 0.23497,
  253: 0.19606,
}
/** float32 on this graph is within 0.00001. */
const TOLERANCE = 0.0005

/** What is wrong with the answer to `proofSound`; undefined = nothing. */
export function disproof(direction: Float32Array): string | undefined {
  for (const [index, expected] of Object.entries(EXPECTED)) {
    const got = direction[Number(index)] ?? Number.NaN
    if (!(Math.abs(got - expected) <= TOLERANCE))
      return `value ${index} is ${got.toFixed(5)}, not ${expected}`
  }
  return undefined
}
