import { describe, expect, it } from 'vitest'
import { completeness } from './completeness.js'
import { type Foreseen, wordsEnd } from './turn-end.js'

/** As the default model sees them, rounded. */
const OVER: Foreseen = { ends: -1, trailsOff: -9 }
const OPEN: Foreseen = { ends: -4, trailsOff: -9 }
const CUT: Foreseen = { ends: -9, trailsOff: -8 }

describe('words with what the language model expects behind them', () => {
  it.each([
    ['Do you know where the museum is?', OVER, 'question'],
    ['Do you know whether the museum is?', CUT, 'unfinished'],
    ['I need a present for my mother, she likes.', CUT, 'unfinished'],
    ['I would say it was around noon.', OPEN, 'doubtful'],
    ['I would say it was around noon.', OVER, 'sentence'],
    // Rules hold these; the model knows better.
    ['But I guess.', OVER, 'sentence'],
    ['I went to the', OVER, 'sentence'],
    // Nobody dictates a number in sentences.
    ['My number is 555', OVER, 'number'],
  ] as const)('%j, %j: %s', (text, foreseen, kind) => {
    expect(wordsEnd(text, 'en', foreseen)).toBe(kind)
  })

  it('are judged by rules alone where no model has told, and in other languages', () => {
    for (const text of ['I went to the', 'What is it for?', 'But I guess.', 'Tea']) {
      expect(wordsEnd(text, 'en', undefined)).toBe(completeness(text))
      expect(wordsEnd(text, 'de', CUT)).toBe(completeness(text))
    }
  })

  it('may be few: a model expects more behind each of these, and of none they are all', () => {
    const short: Foreseen = { ends: -4, trailsOff: -6 }
    expect(wordsEnd('Come in.', 'en', short)).toBe('sentence')
    expect(wordsEnd('I would like you to come with us when they are in.', 'en', short)).toBe('doubtful')
    expect(wordsEnd('', 'en', OVER)).toBe('sentence')
  })

  it('trail off where three dots are as likely as an end', () => {
    const text = 'The first question that I have.'
    expect(wordsEnd(text, 'en', { ends: -3, trailsOff: -10 })).toBe('sentence')
    expect(wordsEnd(text, 'en', { ends: -3, trailsOff: -4 })).toBe('doubtful')
  })
})
