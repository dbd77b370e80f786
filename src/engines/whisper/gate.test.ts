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
