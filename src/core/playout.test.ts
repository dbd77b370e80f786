import { describe, expect, it } from 'vitest'
import { appendClause, begunText, type Clause, heardText, playoutEnd, sentMs, wordTimes } from './playout.js'

/** One clause of 2 s in messages of 100 ms from 0 on, with a gap of a second in the middle. */
function paused(): readonly Clause[] {
  let clauses: readonly Clause[] = []
  for (let count = 0; count < 20; count++) {
    const at = count * 100 + (count >= 10 ? 1_000 : 0)
    clauses = appendClause(clauses, at, count === 0 ? 'one two six ten ' : '', 100, 2_000)
  }
  return clauses
}

describe('what was heard', () => {
  it('follows the client, gaps included', () => {
    const clauses = paused()
    expect(playoutEnd(clauses)).toBe(3_000)
    expect(sentMs(clauses)).toBe(2_000)
    expect(heardText(clauses, 0)).toBe('')
    expect(heardText(clauses, 100)).toBe('one')
    expect(heardText(clauses, 990)).toBe('one two')
    expect(heardText(clauses, 1_900)).toBe('one two')
    expect(heardText(clauses, 2_100)).toBe('one two six')
    expect(heardText(clauses, 2_999)).toBe('one two six ten')
  })

  it('counts a clause of which only a part was sent by its whole length', () => {
    const clauses = appendClause([], 0, 'one two six ten ', 500, 2_000)
    expect(heardText(clauses, 60_000)).toBe('one')
  })

  it('knows what was being played when', () => {
    const clauses = appendClause(appendClause([], 0, 'Hello there. ', 1_000), 0, 'How are you?', 1_000)
    expect(begunText(clauses, 1_000, 2_000)).toBe('How are you?')
    expect(begunText(clauses, 1_300, 1_400)).toBe('are you?')
    expect(begunText(clauses, 0, 500)).toBe('Hello there.')
  })

  it('takes text for read when it arrives', () => {
    expect(heardText(appendClause(appendClause([], 0, 'All of ', 0), 5, 'it', 0), 5)).toBe('All of it')
  })
})

describe('where words lie in a clause', () => {
  it('is told by their sounds: letters, digits, pauses at marks', () => {
    const times = wordTimes('Well, 42 apples.', 2_450)
    expect(times.map(({ text }) => text)).toEqual(['Well, ', '42 ', 'apples.'])
    expect(times.map(({ startMs }) => Math.round(startMs))).toEqual([0, 599, 1_470])
    expect(times.at(-1)?.endMs).toBeCloseTo(2_450)
  })
})
