/**
 * The discrete Fourier transform of 400 complex points, Whisper's window of 25 ms: Stockham's autosorting form with the radices 4, 4,
 * 5, 5. Pure arithmetic; knows nothing of audio.
 */

export const TRANSFORM_SIZE = 400

const RADICES = [4, 4, 5, 5] as const

export interface ComplexSignal {
  readonly real: Float64Array
  readonly imaginary: Float64Array
}

export const createComplexSignal = (): ComplexSignal => ({
  real: new Float64Array(TRANSFORM_SIZE),
  imaginary: new Float64Array(TRANSFORM_SIZE),
})

const cosines = Float64Array.from({ length: TRANSFORM_SIZE }, (_, index) =>
  Math.cos((2 * Math.PI * index) / TRANSFORM_SIZE),
)
const sines = Float64Array.from(
  { length: TRANSFORM_SIZE },
  (_, index) => -Math.sin((2 * Math.PI * index) / TRANSFORM_SIZE),
)

const C1 = Math.cos((2 * Math.PI) / 5)
const C2 = Math.cos((4 * Math.PI) / 5)
const S1 = Math.sin((2 * Math.PI) / 5)
const S2 = Math.sin((4 * Math.PI) / 5)

/** Transforms `signal` in place; `scratch` is overwritten. Four passes, so the result lands in `signal` again. */
export function transform(signal: ComplexSignal, scratch: ComplexSignal): void {
  let from = signal
  let to = scratch
  let length = TRANSFORM_SIZE
  let stride = 1
  for (const radix of RADICES) {
    if (radix === 4) pass4(from, to, length / 4, stride)
    else pass5(from, to, length / 5, stride)
    length /= radix
    stride *= radix
    const swap = from
    from = to
    to = swap
  }
}

function pass4(from: ComplexSignal, to: ComplexSignal, count: number, stride: number): void {
  const { real: xr, imaginary: xi } = from
  const { real: yr, imaginary: yi } = to
  const step = stride * count
  for (let p = 0; p < count; p++) {
    // The twiddle of this pass is exp(-2πi·p/(4·count)) = entry p·stride of the table.
    const t1 = p * stride
    const c1 = cosines[t1]!
    const s1 = sines[t1]!
    const c2 = cosines[2 * t1]!
    const s2 = sines[2 * t1]!
    const c3 = cosines[3 * t1]!
    const s3 = sines[3 * t1]!
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p
      const b = a + step
      const c = b + step
      const d = c + step
      const sumR = xr[a]! + xr[c]!
      const sumI = xi[a]! + xi[c]!
      const differenceR = xr[a]! - xr[c]!
      const differenceI = xi[a]! - xi[c]!
      const otherSumR = xr[b]! + xr[d]!
      const otherSumI = xi[b]! + xi[d]!
      const otherDifferenceR = xr[b]! - xr[d]!
      const otherDifferenceI = xi[b]! - xi[d]!
      const out = q + stride * 4 * p
      yr[out] = sumR + otherSumR
      yi[out] = sumI + otherSumI
      const r1 = differenceR + otherDifferenceI
      const i1 = differenceI - otherDifferenceR
      yr[out + stride] = r1 * c1 - i1 * s1
      yi[out + stride] = r1 * s1 + i1 * c1
      const r2 = sumR - otherSumR
      const i2 = sumI - otherSumI
      yr[out + 2 * stride] = r2 * c2 - i2 * s2
      yi[out + 2 * stride] = r2 * s2 + i2 * c2
      const r3 = differenceR - otherDifferenceI
      const i3 = differenceI + otherDifferenceR
      yr[out + 3 * stride] = r3 * c3 - i3 * s3
      yi[out + 3 * stride] = r3 * s3 + i3 * c3
    }
  }
}

function pass5(from: ComplexSignal, to: ComplexSignal, count: number, stride: number): void {
  const { real: xr, imaginary: xi } = from
  const { real: yr, imaginary: yi } = to
  const step = stride * count
  for (let p = 0; p < count; p++) {
    const t1 = p * stride
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p
      const b = a + step
      const c = b + step
      const d = c + step
      const e = d + step
      const outerSumR = xr[b]! + xr[e]!
      const outerSumI = xi[b]! + xi[e]!
      const outerDifferenceR = xr[b]! - xr[e]!
      const outerDifferenceI = xi[b]! - xi[e]!
      const innerSumR = xr[c]! + xr[d]!
      const innerSumI = xi[c]! + xi[d]!
      const innerDifferenceR = xr[c]! - xr[d]!
      const innerDifferenceI = xi[c]! - xi[d]!
      const m1R = xr[a]! + C1 * outerSumR + C2 * innerSumR
      const m1I = xi[a]! + C1 * outerSumI + C2 * innerSumI
      const m2R = xr[a]! + C2 * outerSumR + C1 * innerSumR
      const m2I = xi[a]! + C2 * outerSumI + C1 * innerSumI
      const n1R = S1 * outerDifferenceI + S2 * innerDifferenceI
      const n1I = -(S1 * outerDifferenceR + S2 * innerDifferenceR)
      const n2R = S2 * outerDifferenceI - S1 * innerDifferenceI
      const n2I = -(S2 * outerDifferenceR - S1 * innerDifferenceR)
      const out = q + stride * 5 * p
      yr[out] = xr[a]! + outerSumR + innerSumR
      yi[out] = xi[a]! + outerSumI + innerSumI
      turn(yr, yi, out + stride, m1R + n1R, m1I + n1I, t1)
      turn(yr, yi, out + 2 * stride, m2R + n2R, m2I + n2I, 2 * t1)
      turn(yr, yi, out + 3 * stride, m2R - n2R, m2I - n2I, 3 * t1)
      turn(yr, yi, out + 4 * stride, m1R - n1R, m1I - n1I, 4 * t1)
    }
  }
}

function turn(
  yr: Float64Array,
  yi: Float64Array,
  index: number,
  real: number,
  imaginary: number,
  twiddle: number,
): void {
  const c = cosines[twiddle]!
  const s = sines[twiddle]!
  yr[index] = real * c - imaginary * s
  yi[index] = real * s + imaginary * c
}
