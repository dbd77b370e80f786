import { describe, expect, it } from 'vitest'
import { firstAudibleSample, fromDbfs, lastAudibleSample, peak, rms, toDbfs } from './level.js'

describe('level', () => {
  it('measures a full-scale sine at −3.01 dBFS with a peak of 1', () => {
    const sine = Float32Array.from({ length: 16_000 }, (_, index) => Math.sin((2 * Math.PI * index) / 64))
    expect(toDbfs(rms(sine))).toBeCloseTo(-3.01, 2)
    expect(peak(sine)).toBeCloseTo(1, 6)
  })

  it('treats no samples as silence', () => {
    expect(rms(new Float32Array(0))).toBe(0)
    expect(peak(new Float32Array(0))).toBe(0)
    expect(toDbfs(0)).toBe(Number.NEGATIVE_INFINITY)
    expect(fromDbfs(toDbfs(0.3))).toBeCloseTo(0.3, 10)
  })

  it('finds where sound begins and ends, of either sign', () => {
    const samples = new Float32Array(100)
    samples[10] = 0.001
    samples[20] = -0.01
    samples[60] = 0.2
    expect(firstAudibleSample(samples)).toBe(20)
    expect(lastAudibleSample(samples)).toBe(60)
    expect(firstAudibleSample(samples, -70)).toBe(10)
    expect(lastAudibleSample(samples, -10)).toBe(-1)
    expect(firstAudibleSample(new Float32Array(0))).toBe(-1)
  })
})
