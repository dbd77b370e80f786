import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ClauseLimits, createClauseText } from './clauses.js'

const AT_EASE: ClauseLimits = { most: 1_000, urgent: false }

/** All clauses of a text that is written in pieces, each taken as soon as it is there. */
function split(text: string, limits = AT_EASE, pieceLength = 3): string[] {
  const source = createClauseText()
  const clauses: string[] = []
  const takeAll = () => {
    for (let clause = source.take(limits); clause !== undefined; clause = source.take(limits))
      clauses.push(clause)
  }
  for (let from = 0; from < text.length; from += pieceLength) {
    source.push(text.slice(from, from + pieceLength))
    takeAll()
  }
  source.end()
  takeAll()
  return clauses
}

describe('clauses at ease', () => {
  it('begin with a short one and go on by sentences', () => {
    expect(split('Sure, I can do that. The sky is blue, because light scatters. Anything else?')).toEqual([
      'Sure, ',
      'I can do that. ',
      'The sky is blue, because light scatters. ',
      'Anything else?',
    ])
  })

  it.each([
    [
      'Magnets work by aligning electrons in opposite directions of space.',
      'Magnets work by aligning electrons ',
    ],
    [
      'Leaves change their colour in autumn due to the release of it.',
      'Leaves change their colour in autumn ',
    ],
    ['The tallest mountain in the world is Mount Everest, in Nepal.', 'The tallest mountain in the world '],
    ['one two three four five six seven eight nine ten.', 'one two three four five '],
  ])('an opener without punctuation ends where it sounds best: %s', (text, opener) => {
    expect(split(text)[0]).toBe(opener)
  })

  it.each([
    ['Because the air is full of tiny blue particles.', 'Because the air is '],
    ['A good book to read on a rainy weekend is this.', 'A good book '],
    ['Yes, of course.', 'Yes, '],
    ['Paris is it.', 'Paris is it.'],
  ])('a brief opener has three or four words: %s', (text, opener) => {
    expect(split(text, { ...AT_EASE, brief: true })[0]).toBe(opener)
  })

  it.each([
    ['The moon is very ', 'appr', 'o', 'The moon is very '],
    ['The moon is approximately ', '', '3', 'The moon is approximately '],
    ['The capital of France ', '', 'is', 'The capital of France '],
    ['The moon is very ', 'far', ' ', 'The moon is very '],
    ['How can I help ', '', 'you', undefined],
    ['The moon is very ', '—', ' ', 'The moon is very — '],
    ['Je suis très content ', '!', ' ', 'Je suis très content ! '],
  ])(
    'an opener of four words does not wait for more than that others follow: %s%s%s',
    (four, begun, more, opener) => {
      const text = createClauseText()
      text.push(four + begun)
      expect(text.take({ ...AT_EASE, brief: true })).toBeUndefined()
      text.push(more)
      expect(text.take({ ...AT_EASE, brief: true })).toBe(opener)
    },
  )

  it('an opener leaves no single word behind', () => {
    for (const [sentence, brief] of [
      ['How can I help you?', true],
      ['Sure I can help you.', true],
      ['What would you like to know about it?', false],
    ] as const) {
      const text = createClauseText()
      for (const token of sentence.match(/\s*\S+/g)!) {
        expect(text.take({ ...AT_EASE, brief })).toBeUndefined()
        text.push(token)
      }
      text.end()
      expect(text.take({ ...AT_EASE, brief })).toBe(sentence)
    }
  })

  it.each([
    // That more follows is known from the last word alone.
    ['A good book', ' to', 'A good book '],
    ['Breakfast is served', ' from', 'Breakfast is served '],
    ['El desayuno es servido', ' de', 'El desayuno es servido '],
    ['Nobody ever comes', ' too', undefined],
    ['Nobody ever comes', ' too ', 'Nobody ever comes '],
  ])('an opener is taken as soon as it is known to part well: %s%s', (begun, more, opener) => {
    const text = createClauseText()
    text.push(begun)
    expect(text.take({ ...AT_EASE, brief: true })).toBeUndefined()
    text.push(more)
    expect(text.take({ ...AT_EASE, brief: true })).toBe(opener)
  })

  it('do not take a number, an abbreviation or an initial for an end', () => {
    expect(split('Well, it costs 3.50 at Dr. Smith’s on St. James Street. Good.')).toEqual([
      'Well, ',
      'it costs 3.50 at Dr. Smith’s on St. James Street. ',
      'Good.',
    ])
  })

  it('are found at once, however long a word is', () => {
    const source = createClauseText()
    source.push(`Well, ${'y'.repeat(500_000)}`)
    source.end()
    expect(source.take(AT_EASE)).toBe('Well, ')
    // Cut 2,300 times; looking at all that is left each time would take hours. The last word is taken whole.
    for (let clause = source.take(AT_EASE); clause !== undefined; clause = source.take(AT_EASE))
      expect(clause.length).toBeLessThanOrEqual(880)
  })

  it('are bounded: long sentences end at a comma, text without any at a space, text without spaces anywhere', () => {
    const long = `Well, ${'a very long winded phrase that goes on and on '.repeat(6)}, and then some more.`
    for (const text of [long, `Yes. ${'word '.repeat(200)}`, 'a'.repeat(2_000)])
      for (const clause of split(text)) expect(clause.length).toBeLessThanOrEqual(232)
  })
})

describe('clauses of a voice that is short of time', () => {
  const sentence =
    'Hello. The quick brown fox that lives behind the house jumps over the lazy dog of the old farmer.'

  it('are cut in even parts at good places where the whole is too long', () => {
    expect(split(sentence, { most: 50, urgent: false })).toEqual([
      'Hello. ',
      'The quick brown fox that lives behind ',
      'the house jumps over the lazy ',
      'dog of the old farmer.',
    ])
  })

  it('prefer a mark', () => {
    expect(
      split('Hello. The big old lake, which is deep and cold and wide, freezes.', {
        most: 34,
        urgent: false,
      })[1],
    ).toBe('The big old lake, ')
  })

  it('take what is written when it is urgent, but not a word or two', () => {
    const text = createClauseText()
    text.push('Sure, it is a long')
    expect(text.take(AT_EASE)).toBe('Sure, ')
    expect(text.take(AT_EASE)).toBeUndefined()
    expect(text.take({ most: 200, urgent: true })).toBeUndefined()
    text.push(' story, that I')
    expect(text.take({ most: 200, urgent: true })).toBe('it is a long story, ')
    expect(text.take({ most: 200, urgent: true })).toBeUndefined()
    text.end()
    expect(text.take(AT_EASE)).toBe('that I')
    expect(text.take(AT_EASE)).toBeUndefined()
  })

  it('are never longer than a few words more than asked, whatever is asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 20 }), (most, piece) => {
        for (const clause of split(sentence.repeat(3), { most, urgent: false }, piece))
          expect(clause.length).toBeLessThanOrEqual(Math.max(most, 36))
      }),
    )
  })
})

it('no clause ends inside a word, whatever the limits and however the text comes in', () => {
  const text =
    'Scattered by tiny particles in the atmosphere, primarily nitrogen, blue reaches us from everywhere. '
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 20 }),
      fc.boolean(),
      (most, piece, urgent) => {
        for (const clause of split(text.repeat(3), { most, urgent }, piece)) expect(clause).toMatch(/\s$/)
      },
    ),
  )
})

it('clauses lose nothing and invent nothing, wherever text and limits cut them', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 400, size: 'max' }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 300 }),
      fc.boolean(),
      (text, pieceLength, most, urgent) => {
        const joined = split(text, { most, urgent }, pieceLength).join('')
        expect(text.startsWith(joined)).toBe(true)
        expect(text.slice(joined.length).trim()).toBe('')
      },
    ),
  )
})
