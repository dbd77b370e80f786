import { describe, expect, it } from 'vitest'
import type { PhonemeSegment } from './espeak.js'
import { spokenPieces } from './spoken-pieces.js'

/** "ab cd, ef." as segments with one-letter units. */
function segmentsOf(text: string): PhonemeSegment[] {
  return [...text.matchAll(/([a-z ]+)([,.!?…]?)/g)].map((match) => ({
    words: match[1]!
      .trim()
      .split(/ +/)
      .map((word) => [...word]),
    mark: match[2]!,
  }))
}
const written = (pieces: PhonemeSegment[][]) =>
  pieces.map((piece) =>
    piece.map(({ words, mark }) => words.map((word) => word.join('')).join(' ') + mark).join(' '),
  )
const cut = (text: string, maxTokens: number) =>
  written(spokenPieces(segmentsOf(text), maxTokens, (word) => word.length))

describe('spokenPieces', () => {
  it('cuts at sentence ends', () => {
    expect(cut('one, two. three! four', 100)).toEqual(['one, two.', 'three!', 'four'])
  })

  it('cuts a sentence that is too long at its clauses, then at its words', () => {
    expect(cut('aaaa bbbb, cccc dddd.', 12)).toEqual(['aaaa bbbb,', 'cccc dddd.'])
    expect(cut('aaaa bbbb cccc dddd.', 12)).toEqual(['aaaa bbbb', 'cccc dddd.'])
  })

  it('keeps every word, in order, under the limit', () => {
    const text = Array.from({ length: 400 }, (_, index) => 'abcdefg'.slice(0, 1 + (index % 7))).join(' ')
    const pieces = cut(text, 50)
    expect(pieces.join(' ')).toBe(text)
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(50)
  })

  it('gives nothing for nothing', () => expect(spokenPieces([], 10, () => 1)).toEqual([]))
})
