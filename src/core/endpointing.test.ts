import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeness } from './completeness.js'
import { LONGEST_WAIT_MS, silenceNeededMs, UNFINISHED_WAIT_MS } from './endpointing.js'

const GRADED = { kind: 'graded', extraMs: 0 } as const

describe('what the words say', () => {
  it.each([
    ['What time is it?', 'question'],
    ['¿Qué hora es?', 'question'],
    ['What is it for?', 'question'],
    ['Tell me a joke.', 'sentence'],
    ['Stop!', 'sentence'],
    ['I think so.', 'sentence'],
    ['No.', 'sentence'],
    ['But I guess.', 'doubtful'],
    ['Well, I am not sure, but I guess.', 'doubtful'],
    ['That is what I mean.', 'sentence'],
    ['Can you tell me where the?', 'doubtful'],
    ['When I was a child.', 'doubtful'],
    ['If you like.', 'sentence'],
    ['Pero supongo.', 'doubtful'],
    ['Si mañana llueve.', 'doubtful'],
    ['I would like to book a table for.', 'doubtful'],
    ['speech of 900 ms', 'open'],
    ['', 'open'],
    ['I would like to go to the', 'unfinished'],
    ['I would like to go to the.', 'unfinished'],
    ['I wanted to ask you about, um', 'unfinished'],
    ['I went there because', 'unfinished'],
    ['Well, I went there,', 'unfinished'],
    ['And then...', 'unfinished'],
    ['And then…', 'unfinished'],
    ['I was hoping you could', 'unfinished'],
    ['Quiero ir a la', 'unfinished'],
    ['Quiero ir a la.', 'unfinished'],
    ['Me gustaría hablar con', 'unfinished'],
    ['No sé si', 'unfinished'],
    ['Creo que sí.', 'sentence'],
    ['My number is 555', 'number'],
    ['My number is 555-01.', 'number'],
    ['It is five five five, one', 'number'],
    ['Mi teléfono es 91 4', 'number'],
    ['Mi número es seis siete ocho', 'number'],
    ['My phone number is 555 012 3456.', 'sentence'],
    ['What is 15 plus 27?', 'question'],
    ['I was born in 1984.', 'sentence'],
    ['Set the alarm to 7.', 'sentence'],
    ['Give me number one.', 'sentence'],
  ] as const)('%j is %s', (text, kind) => {
    expect(completeness(text)).toBe(kind)
  })
})

describe('the silence that ends a turn', () => {
  it.each([
    ['What time is it?', 0.95, 200],
    ['What time is it?', undefined, 300],
    ['Tell me a joke.', 0.95, 300],
    ['Tell me a joke.', undefined, 500],
    ['Tell me a joke.', 0.3, 826],
    ['Tell me a joke.', 0.05, 1_152],
    ['I would like to go to the', 0.05, 3_500],
    ['I would like to go to the', 0.99, 2_000],
    ['My number is 555', 0.99, 3_500],
    [undefined, 0.99, 1_152],
  ])('after %j that sounds finished with %j is %d ms', (text, vote, ms) => {
    expect(
      silenceNeededMs(GRADED, {
        ...(text === undefined ? {} : { text }),
        ...(vote === undefined ? {} : { vote }),
      }),
    ).toBe(ms)
  })

  const documented = readFileSync(new URL('../../docs/turn-ends.md', import.meta.url), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, row, ...waits] = line.match(/^\| (.+) \| (\d+) \| (\d+) \| (\d+) \|$/) ?? []
      return row === undefined ? [] : [[row, ...waits.map(Number)] as [string, number, number, number]]
    })

  it('is documented for all kinds of words', () => {
    const kinds = documented.map(([row]) => row.match(/^\w+/)?.[0])
    expect(kinds).toEqual(['question', 'sentence', 'open', 'doubtful', 'unfinished', 'number', 'not'])
  })

  it.each(documented)('is as documented: %s', (row, finished, neutral, unfinished) => {
    const text = row.match(/"(.+)"$/)?.[1]
    if (text !== undefined) expect(completeness(text)).toBe(row.match(/^\w+/)![0])
    const said = text === undefined ? {} : { text }
    expect(silenceNeededMs(GRADED, { ...said, vote: 0.9 })).toBe(finished)
    expect(silenceNeededMs(GRADED, said)).toBe(neutral)
    expect(silenceNeededMs(GRADED, { ...said, vote: 0.1 })).toBe(unfinished)
  })

  it('is what the client said, to the millisecond, whatever was said', () => {
    expect(silenceNeededMs({ kind: 'fixed', silenceMs: 123 }, { text: 'and', vote: 0 })).toBe(123)
  })

  it('never falls as it sounds less finished, and is long only after unfinished words', () => {
    const texts = ['Is it?', 'It is.', 'it', 'and', 'My number is 555', 'hola']
    const votes = fc.float({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.constantFrom(...texts), votes, votes, (text, one, other) => {
        const patient = silenceNeededMs(GRADED, { text, vote: Math.min(one, other) })
        const eager = silenceNeededMs(GRADED, { text, vote: Math.max(one, other) })
        expect(patient).toBeGreaterThanOrEqual(eager)
        const longest = ['unfinished', 'number'].includes(completeness(text))
          ? UNFINISHED_WAIT_MS
          : LONGEST_WAIT_MS
        expect(patient).toBeLessThanOrEqual(longest)
        expect(eager).toBeGreaterThanOrEqual(200)
        expect(silenceNeededMs({ kind: 'graded', extraMs: 300 }, { text, vote: one })).toBe(
          silenceNeededMs(GRADED, { text, vote: one }) + 300,
        )
      }),
    )
  })
})
