import { describe, expect, it } from 'vitest'
import { fitText } from '../../test/models/text-weights.js'
import { PHRASING_WEIGHTS } from './phrasing-weights.js'
import { SIGN_WEIGHTS } from './sign-weights.js'
import { TEXT_PLACES, textOdds, textPlaces } from './text-odds.js'

describe('the odds of a text', () => {
  const known = [
    ...['oh, really', 'really good', 'oh, how good', 'sí, ya veo'].map((text) => ({ text, isKind: true })),
    ...['stop that', 'how long is it', 'y cuánto cuesta', 'stop now'].map((text) => ({
      text,
      isKind: false,
    })),
  ]

  it('are higher for what is like the kind that they were fitted to, in letters and in words', () => {
    const odds = textOdds(fitText(known))
    for (const { text, isKind } of known) expect(odds(text) > 0, text).toBe(isKind)
    expect(odds('Oh, really good!')).toBeGreaterThan(1)
    expect(odds('stopping')).toBeLessThan(0)
  })

  it('are the same however it is spelt: accents, capitals and marks but the question mark', () => {
    const odds = textOdds(SIGN_WEIGHTS)
    expect(odds('SÍ, YA VEO')).toBe(odds('si ya veo.'))
    expect(odds('I don’t know')).toBe(odds("I don't know"))
    expect(odds('sí')).not.toBe(odds('¿sí?'))
  })

  it('are known for a text without words as well', () => {
    for (const text of ['', '…', '?', '日本語', '👍']) {
      expect(Number.isFinite(textOdds(PHRASING_WEIGHTS)(text)), text).toBe(true)
    }
  })

  it('of a long one are those of its beginning', () => {
    const long = 'how much is it '.repeat(10_000)
    expect(textPlaces(long)).toEqual(textPlaces(long.slice(0, 1_000)))
    expect(textPlaces(Array.from({ length: 10_000 }, (_, word) => `w${word}`).join(' ')).size).toBeLessThan(
      5_000,
    )
  })

  it('come from weights for every place', () => {
    for (const { places } of [SIGN_WEIGHTS, PHRASING_WEIGHTS]) expect(atob(places).length).toBe(TEXT_PLACES)
    expect(Math.max(...textPlaces('A sentence of some length, with words in it?'))).toBeLessThan(TEXT_PLACES)
  })
})
