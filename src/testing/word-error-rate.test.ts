import { expect, it } from 'vitest'
import { normaliseWords, wordErrorRate } from './word-error-rate.js'

it.each([
  ['My phone number is five five five, zero one four two.', 'My phone number is 555-0142.'],
  ['The total comes to forty three dollars and ninety nine cents.', 'The total comes to $43.99.'],
  ['There are three hundred and sixty five days in a year.', 'There are 365 days in a year.'],
  ['leaving on the twenty first of May.', 'leaving on the 21st of May'],
  ['and mister john dashwood', 'And Mr. John Dashwood'],
  ['five five', '5, 5.'],
  ['flight number is B two four seven', 'flight number is B247'],
  ['cold hearted', 'Cold-hearted'],
  ["I'm sure we won't, it's fine", 'I am sure we will not, it is fine'],
  ['The colour of the theatre was recognised', 'The color of the theater was recognized'],
  ['nineteen eighty four', '1984'],
  ['two thousand and five', '2005'],
  ['one million two hundred thousand', '1,200,000'],
  ['twenty five percent', '25%'],
  ['at three pm', 'at 3 p.m.'],
  ['three point five', '3.5'],
  ['a hundred pounds', '£100'],
  ['um, I, uh, think so', 'I think so'],
  ['twelfth night', '12th night'],
  ['the third one', 'the 3rd one'],
  ['It’s the ninetieth', "It's the 90th"],
])('takes "%s" and "%s" for the same', (reference, hypothesis) => {
  expect(normaliseWords(hypothesis)).toEqual(normaliseWords(reference))
  expect(wordErrorRate(reference, hypothesis).errors).toBe(0)
})

it.each([
  ['ten of clubs', 'ten of clubs', 0],
  ['ten of clubs', 'tens of clubs', 1],
  ['ten of clubs', 'of clubs', 1],
  ['ten of clubs', 'ten out of the clubs', 2],
  ['ten of clubs', '', 3],
  ['twenty two', '22nd', 1],
  ['fifteen minutes', 'fifty minutes', 1],
])('counts the errors from "%s" to "%s"', (reference, hypothesis, errors) => {
  expect(wordErrorRate(reference, hypothesis).errors).toBe(errors)
})

it('keeps ordinary words that look like numbers', () => {
  expect(normaliseWords('The first one, wait a second')).toEqual(['the', 'first', '1', 'wait', 'a', 'second'])
  expect(normaliseWords('hundreds of thousands')).toEqual(['hundreds', 'of', 'thousands'])
  expect(wordErrorRate('', '')).toEqual({ errors: 0, words: 0 })
})
