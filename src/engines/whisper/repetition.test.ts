import { describe, expect, it } from 'vitest'
import { repeatedTail, saidAgain } from './repetition.js'

const times = (count: number, ...ids: number[]) => Array.from({ length: count }, () => ids).flat()

describe('repetition', () => {
  it.each([
    ['nothing', []],
    ['plain text', [1, 2, 3, 4, 5, 6, 7, 8]],
    ['"five five five five five"', times(5, 7)],
    ['a sentence said twice', times(2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)],
  ])('lets %s be', (_name, ids) => {
    expect(repeatedTail(ids, false)).toBe(0)
  })

  it.each([
    ['a word', [9, ...times(6, 7)], 5],
    ['a phrase', [9, ...times(3, 1, 2, 3, 4, 5)], 10],
  ])('finds %s said over and over', (_name, ids, excess) => {
    expect(repeatedTail(ids, false)).toBe(excess)
  })

  it('takes twice for a loop where more was said than can be, broken off or not', () => {
    expect(repeatedTail([9, ...times(2, 1, 2, 3, 4)], true)).toBe(4)
    expect(repeatedTail([9, ...times(2, 1, 2, 3, 4), 1, 2], true)).toBe(6)
    expect(repeatedTail([1, 2, 3, 4], true)).toBe(0)
  })

  it.each([
    ['a sentence that comes twice faster than anybody speaks', times(2, 1, 2, 3, 4, 5, 6, 7), 56, 1.7, 7],
    ['one that was said twice', times(2, 1, 2, 3, 4, 5, 6, 7), 56, 3, 0],
    ['a few words said twice', times(2, 1, 2, 3), 22, 0.5, 0],
    ['a sentence and its beginning', [...times(1, 1, 2, 3, 4, 5, 6, 7), 1, 2, 3, 4, 5], 50, 1, 0],
    ['a sentence with a word too many', times(3, 1, 2, 3, 4, 5), 60, 1, 0],
    ['nothing', [], 0, 0, 0],
  ])('of %s', (_name, ids, letters, seconds, again) => {
    expect(saidAgain(ids, letters, seconds)).toBe(again)
  })
})
