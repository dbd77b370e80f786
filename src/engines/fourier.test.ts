import { expect, it } from 'vitest'
import { createComplexSignal, TRANSFORM_SIZE, transform } from './fourier.js'

it('equals the definition of the transform', () => {
  const signal = createComplexSignal()
  for (let i = 0; i < TRANSFORM_SIZE; i++) {
    signal.real[i] = Math.sin(i * 0.7) + ((i * 37) % 11) / 11
    signal.imaginary[i] = Math.cos(i * 0.3) - ((i * 13) % 7) / 7
  }
  const { real, imaginary } = { real: signal.real.slice(), imaginary: signal.imaginary.slice() }
  transform(signal, createComplexSignal())
  for (const k of [0, 1, 2, 7, 99, 100, 200, 201, 333, 399]) {
    let sumReal = 0
    let sumImaginary = 0
    for (let i = 0; i < TRANSFORM_SIZE; i++) {
      const angle = (-2 * Math.PI * i * k) / TRANSFORM_SIZE
      sumReal += real[i]! * Math.cos(angle) - imaginary[i]! * Math.sin(angle)
      sumImaginary += real[i]! * Math.sin(angle) + imaginary[i]! * Math.cos(angle)
    }
    expect(signal.real[k]).toBeCloseTo(sumReal, 9)
    expect(signal.imaginary[k]).toBeCloseTo(sumImaginary, 9)
  }
})
