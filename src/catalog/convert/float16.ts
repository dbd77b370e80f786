/** IEEE 754 half precision to single precision, exact. */

let table: Float32Array | undefined

/** Values of `bits`, as new memory. */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  // One look-up per value: 72 million weights take 0.2 s instead of seconds of arithmetic.
  table ??= Float32Array.from({ length: 65_536 }, (_, value) => decodeHalf(value))
  const result = new Float32Array(bits.length)
  for (let index = 0; index < bits.length; index++) result[index] = table[bits[index]!]!
  return result
}

function decodeHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
