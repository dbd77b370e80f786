import { expect, it } from 'vitest'
import { createTokenizer } from './tokenizer.js'

const special = [
  '<|endoftext|>',
  '<|startoftranscript|>',
  '<|en|>',
  '<|es|>',
  '<|yue|>',
  '<|translate|>',
  '<|transcribe|>',
  '<|nospeech|>',
  '<|notimestamps|>',
]
const file = {
  added_tokens: special.map((content, index) => ({ id: 10 + index, content })),
  model: { vocab: { Hello: 0, Ġworld: 1, Ã: 2, '±': 3, '!': 4, 'ĠaÃ±o': 5, '<|endoftext|>': 10 } },
}
const tokenizer = createTokenizer(file, { suppress_ids: [-1, 4], suppress_ids_begin: [1, 10] })

it('decodes bytes, also letters cut in two', () => {
  expect(tokenizer.decode([0, 1, 4])).toBe('Hello world!')
  expect(tokenizer.decode([2, 3])).toBe('ñ')
  expect(tokenizer.decode([5])).toBe(' año')
})

it('encodes as the vocabulary was learned', () => {
  const vocab = { a: 0, b: 1, c: 2, ab: 3, bc: 4, abc: 5, Ġ: 6, Ġa: 7, Ã: 8, '±': 9 }
  const learned = createTokenizer(
    { ...file, model: { vocab, merges: ['b c', ['a', 'b'], 'a bc', 'Ġ a'] } },
    {},
  )
  expect(learned.encode('abc')).toEqual([5])
  expect(learned.encode('ab a')).toEqual([3, 7])
  expect(learned.encode('ñ')).toEqual([8, 9])
  expect(learned.encode('')).toEqual([])
})

it('knows the pair that was learned first where the list of pairs lacks it', () => {
  const vocab = { Ġ: 0, t: 1, r: 2, Ġt: 256, Ġtr: 257 }
  const learned = createTokenizer({ ...file, model: { vocab, merges: ['Ġt r'] } }, {})
  expect(learned.encode(' tr')).toEqual([257])
})

it('leaves special tokens out of the text', () => {
  expect(tokenizer.decode([11, 12, 0, 10])).toBe('Hello')
})

it('knows the special tokens and the languages', () => {
  expect(tokenizer).toMatchObject({
    endOfText: 10,
    startOfTranscript: 11,
    transcribe: 16,
    noSpeech: 17,
    noTimestamps: 18,
  })
  expect([...tokenizer.languages]).toEqual([
    ['en', 12],
    ['es', 13],
    ['yue', 14],
  ])
  expect([...tokenizer.suppressed]).toEqual([4])
  expect([...tokenizer.suppressedFirst]).toEqual([1, 10])
})

it('refuses the vocabulary of another model', () => {
  expect(() => createTokenizer({ added_tokens: [], model: { vocab: {} } }, {})).toThrow(/<\|endoftext\|>/)
})
