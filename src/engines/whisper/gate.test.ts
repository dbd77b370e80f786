import { expect, it } from 'vitest'
import { wasSpoken } from './gate.js'

const decoded = (text: string, average: number, noSpeechProbability: number) => ({
  text,
  language: 'en',
  logProbability: average * 5,
  tokenCount: 5,
  noSpeechProbability,
  repeated: false,
})

// Measured on recordings and on made noise.
it.each([
  ['10 of clubs.', -0.51, 0.24, true],
  ['Hey, can you hear me?', -0.16, 0.38, true],
  ['7 of clothes', -1.12, 0.1, true],
  ['you', -0.98, 0.91, false],
  ["I'm sorry.", -1.69, 0.69, false],
  ["I'm not a fan of the game.", -1.41, 0.79, false],
  ['The', -2.98, 0.3, false],
  ['...', -0.2, 0.1, false],
  ['', -0.2, 0.1, false],
])('"%s" with average %d and doubt %d: spoken %s', (text, average, doubt, spoken) => {
  expect(wasSpoken(decoded(text, average, doubt))).toBe(spoken)
})

it('is surer of what it was shown', () => {
  const shown = ' Mm-hm. Uh-huh. Stop. Wait.'
  expect(wasSpoken(decoded('Uh-huh.', -0.64, 0.1), shown)).toBe(false)
  expect(wasSpoken(decoded('Stop!', -0.54, 0.1), shown)).toBe(true)
  expect(wasSpoken(decoded('Okay.', -0.64, 0.1), shown)).toBe(true)
  expect(wasSpoken(decoded('Uh-huh.', -0.64, 0.1))).toBe(true)
})
