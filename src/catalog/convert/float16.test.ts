import { expect, it } from 'vitest'
import { float16ToFloat32 } from './float16.js'

it.each([
  [0x0000, 0],
  [0x8000, -0],
  [0x3c00, 1],
  [0xc000, -2],
  [0x3555, 0.333251953125],
  [0x7bff, 65_504],
  [0x0001, 2 ** -24],
  [0x03ff, 1023 * 2 ** -24],
  [0x7c00, Number.POSITIVE_INFINITY],
])('half %i is %d', (bits, value) => {
  expect(float16ToFloat32(Uint16Array.of(bits))[0]).toBe(value)
})

it('keeps NaN', () => {
  expect(float16ToFloat32(Uint16Array.of(0x7e00))[0]).toBeNaN()
})
