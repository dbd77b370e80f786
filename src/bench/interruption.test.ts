import { expect, test } from 'vitest'
import { endpointingRows } from './endpointing.js'
import { hasFirstWords, interruptionRows, removedShare } from './interruption.js'

const unit = { id: 'x', real: false, interrupted: false, gaps: 0, gapMs: 0 }

test('the first words are kept where both are near the beginning', () => {
  expect(hasFirstWords(' Wait, I meant the other.', 'Wait, I meant the other one.')).toBe(true)
  expect(hasFirstWords('So wait I meant', 'Wait, I meant the other one.')).toBe(true)
  expect(hasFirstWords('meant the other one', 'Wait, I meant the other one.')).toBe(false)
  expect(hasFirstWords('', 'Wait.')).toBe(false)
})

test('rows keep recorded and synthetic sounds apart, and failed cases out of the shares', () => {
  const rows = interruptionRows([
    { ...unit, kind: 'cough', noticed: true },
    { ...unit, kind: 'cough', noticed: true, interrupted: true, silenceMs: 300 },
    { ...unit, kind: 'cough', noticed: false },
    { ...unit, kind: 'cough', noticed: true, gaps: 1, gapMs: 120 },
    { ...unit, kind: 'cough', real: true, noticed: true },
    { ...unit, kind: 'cough', problem: 'no answer to interrupt' },
  ])
  expect(rows).toHaveLength(2)
  expect(rows[0]).toMatchObject({
    real: false,
    cases: 4,
    interrupted: 1,
    noticed: 3,
    withGap: 1,
    problems: 1,
  })
  expect(removedShare(rows)).toBeCloseTo(1 - 1 / 4)
  expect(removedShare(interruptionRows([{ ...unit, kind: 'cough' }]))).toBeUndefined()
})

test('a turn that ended early counts even if no answer followed', () => {
  const base = { id: 'x', real: false, heard: '' }
  const rows = endpointingRows([
    { ...base, pauseMs: 1_000, endedEarly: true, earlyMs: 700, problem: 'no answer' },
    { ...base, pauseMs: 1_000, endedEarly: false, firstByteMs: 900, waitMs: 500 },
    { ...base, pauseMs: 0, endedEarly: false, firstByteMs: 800, waitMs: 400 },
    { ...base, pauseMs: 0, endedEarly: false, problem: 'no answer' },
  ])
  expect(
    rows.map(({ pauseMs, cases, endedEarly, problems }) => [pauseMs, cases, endedEarly, problems]),
  ).toEqual([
    [0, 1, 0, 1],
    [1_000, 2, 1, 0],
  ])
  expect(rows[1]!.waitMs!.p50).toBe(500)
})
