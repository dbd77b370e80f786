import { describe, expect, it } from 'vitest'
import { firstAudibleSample, lastAudibleSample, peak } from '../audio/index.js'
import { limitPeaks, PEAK_CEILING, pauseAfterMs, trimClause } from './clause-edges.js'

const HZ = 24_000

/** A 200 Hz tone between two stretches of faint noise, all lengths in ms. */
function toneBetweenSilences(beforeMs: number, toneMs: number, afterMs: number, level = 0.4): Float32Array {
  const samples = new Float32Array(((beforeMs + toneMs + afterMs) * HZ) / 1000)
  for (let index = 0; index < samples.length; index++) {
    const ms = (index * 1000) / HZ
    const sounding = ms >= beforeMs && ms < beforeMs + toneMs
    samples[index] = sounding
      ? level * Math.sin((2 * Math.PI * 200 * index) / HZ)
      : 0.0003 * ((index % 7) - 3)
  }
  return samples
}

describe('trimClause', () => {
  it.each([
    ['long silences', 400, 450],
    ['no silence at all', 0, 0],
    ['a tail shorter than the pause', 300, 40],
  ])('leaves at most 40 ms before and the asked pause after: %s', (_, beforeMs, afterMs) => {
    const clause = trimClause(toneBetweenSilences(beforeMs, 500, afterMs), HZ, 250)
    expect((firstAudibleSample(clause) * 1000) / HZ).toBeLessThanOrEqual(40)
    const pauseMs = ((clause.length - 1 - lastAudibleSample(clause)) * 1000) / HZ
    expect(pauseMs).toBeGreaterThan(235)
    expect(pauseMs).toBeLessThan(275)
  })

  it('starts and ends at zero, so that cuts make no click', () => {
    const clause = trimClause(toneBetweenSilences(0, 500, 0), HZ, 100)
    expect(clause[0]).toBe(0)
    expect(clause.at(-1)).toBe(0)
  })

  it('gives nothing for silence', () => {
    expect(trimClause(toneBetweenSilences(300, 0, 300), HZ, 100)).toHaveLength(0)
    expect(trimClause(new Float32Array(0), HZ, 100)).toHaveLength(0)
  })

  it('takes a click in the silence for no speech', () => {
    const samples = toneBetweenSilences(100, 500, 600)
    const without = trimClause(samples, HZ, 100).length
    samples.fill(0.01, HZ, HZ + 60)
    expect(trimClause(samples, HZ, 100)).toHaveLength(without)
  })

  it('keeps quiet speech', () => {
    expect(trimClause(toneBetweenSilences(100, 300, 100, 0.02), HZ, 100).length).toBeGreaterThan(HZ * 0.3)
  })
})

describe('limitPeaks', () => {
  it('keeps every sample under the ceiling and leaves distant samples alone', () => {
    const samples = toneBetweenSilences(0, 1000, 0, 0.5)
    for (let index = 12_000; index < 12_050; index++) samples[index] = 1.4
    const untouched = samples.slice()
    const limited = limitPeaks(samples, HZ)
    expect(peak(limited)).toBeLessThanOrEqual(PEAK_CEILING + 1e-6)
    expect(limited.subarray(0, 11_800)).toEqual(untouched.subarray(0, 11_800))
    expect(limited.subarray(12_300)).toEqual(untouched.subarray(12_300))
  })

  it('handles a loud tone without flattening its tops', () => {
    const limited = limitPeaks(toneBetweenSilences(0, 300, 0, 1.6), HZ)
    expect(peak(limited)).toBeLessThanOrEqual(PEAK_CEILING + 1e-6)
    const atCeiling = limited.filter((sample) => Math.abs(sample) > PEAK_CEILING - 1e-4).length
    expect(atCeiling / limited.length).toBeLessThan(0.02)
  })

  it('does not touch what is under the ceiling', () => {
    const samples = toneBetweenSilences(0, 100, 0, 0.9)
    expect(limitPeaks(samples, HZ)).toBe(samples)
  })
})

it('pauses longer after a sentence than after a comma', () => {
  expect(pauseAfterMs('.')).toBe(250)
  expect(pauseAfterMs('?')).toBe(250)
  expect(pauseAfterMs(',')).toBe(100)
  expect(pauseAfterMs('')).toBeLessThan(100)
})
