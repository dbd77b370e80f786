import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClauseSplitter } from './clauses.js'

function split(text: string, pieceLength = 3): string[] {
  const splitter = createClauseSplitter()
  const clauses: string[] = []
  for (let from = 0; from < text.length; from += pieceLength) {
    clauses.push(...splitter.push(text.slice(from, from + pieceLength)))
  }
  return [...clauses, ...splitter.flush()]
}

describe('the clause splitter', () => {
  it('begins with a short clause and goes on by sentences', () => {
    expect(split('Sure, I can do that. The sky is blue, because light scatters. Anything else?')).toEqual([
      'Sure, ',
      'I can do that. ',
      'The sky is blue, because light scatters. ',
      'Anything else?',
    ])
  })

  it('cuts a first clause without punctuation after a few words', () => {
    const [first] = split('one two three four five six seven eight nine ten. And more.')
    expect(first).toBe('one two three four five six seven ')
  })

  it('does not take a number, an abbreviation or an initial for an end', () => {
    expect(split('Well, it costs 3.50 at Dr. Smith’s on St. James Street. Good.')).toEqual([
      'Well, ',
      'it costs 3.50 at Dr. Smith’s on St. James Street. ',
      'Good.',
    ])
  })

  it('cuts long sentences at a comma and text without any at a space', () => {
    const long = `Well, ${'a very long winded phrase that goes on and on '.repeat(6)}, and then some more.`
    for (const clause of split(long)) expect(clause.length).toBeLessThanOrEqual(330)
    const endless = split(`Yes. ${'word '.repeat(200)}`)
    for (const clause of endless) expect(clause.length).toBeLessThanOrEqual(230)
  })

  it('cuts where it can when it is urged, and keeps a word or two', () => {
    const splitter = createClauseSplitter()
    expect(splitter.push('Sure, it is a long')).toEqual(['Sure, '])
    expect(splitter.urge()).toEqual(['it is a '])
    expect(splitter.urge()).toEqual([])
    expect(splitter.push(' story, that I')).toEqual([])
    expect(splitter.urge()).toEqual(['long story, '])
    expect(splitter.flush()).toEqual(['that I'])
  })

  it('loses nothing and invents nothing, wherever the pieces are cut', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.integer({ min: 1, max: 20 }), (text, pieceLength) => {
        expect(split(text, pieceLength).join('')).toBe(
          text.trim() === '' ? '' : split(text, pieceLength).join(''),
        )
        expect(text.startsWith(split(text, pieceLength).join(''))).toBe(true)
        expect(text.slice(split(text, pieceLength).join('').length).trim()).toBe('')
      }),
    )
  })
})
