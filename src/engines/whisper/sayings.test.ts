/** What is likely to be said against what is heard freely: a tree of tokens, and scripted likelihoods. */
import { expect, it } from 'vitest'
import type { TokenCache } from './model.js'
import { isBeginning, leadOver, likeliestSaying, type Outlook, rowTree, sayingTree } from './sayings.js'
import { createTokenizer } from './tokenizer.js'

/** "Ġ" is the space in front of a word. */
const VOCABULARY = { ĠA: 0, Ġb: 1, Ġc: 2, '.': 3, ',': 4 }
const END = 5
const special = ['<|endoftext|>', '<|startoftranscript|>', '<|en|>', '<|transcribe|>', '<|nospeech|>']
const tokenizer = createTokenizer(
  {
    added_tokens: [...special, '<|notimestamps|>'].map((content, index) => ({ id: END + index, content })),
    model: {
      vocab: { ...VOCABULARY, Ġ: 20, A: 21, b: 22, c: 23 },
      merges: ['Ġ A', 'Ġ b', 'Ġ c'],
    },
  },
  {},
)
const tree = sayingTree(['a', 'a, b', 'a c'], tokenizer)

/** Log-probabilities by the tokens so far; what is not named has −10. */
function heard(likelihoods: Readonly<Record<string, Readonly<Record<number, number>>>>) {
  const asked: string[] = []
  const after = (path: string): Outlook & { readonly path: string } => ({
    path,
    cache: {} as TokenCache,
    logProbability: (id) => likelihoods[path]?.[id] ?? -10,
  })
  const search = (free: { ids: readonly number[]; logProbability: number }) =>
    likeliestSaying(tree, after(''), free, END, async (token, before) => {
      const path = `${(before as { path?: string }).path}${token}`
      asked.push(path)
      return after(path)
    })
  const lead = (free: { ids: readonly number[]; logProbability: number }) =>
    leadOver(rowTree(['a', 'b'], tokenizer), after(''), free, END, async (token, before) => {
      const path = `${(before as { path?: string }).path}${token}`
      asked.push(path)
      return after(path)
    })
  return { asked, search, lead }
}

it('is heard where it is hardly less likely than what is heard freely', async () => {
  const { search } = heard({ '': { 0: -1 }, '0': { 3: -0.5 }, '03': { [END]: -0.1 } })
  expect(await search({ ids: [2, 3], logProbability: -0.5 })).toEqual({ ids: [0, 3], logProbability: -1.6 })
  expect(await search({ ids: [2, 3], logProbability: 0 })).toBeUndefined()
})

it('must be likely itself: of nonsense nothing is', async () => {
  const { search } = heard({ '': { 0: -2 }, '0': { 3: -1 }, '03': { [END]: -0.1 } })
  expect(await search({ ids: [2, 1, 2, 1, 2], logProbability: -9 })).toBeUndefined()
})

it.each([
  ['Vale.', 'Vale, pero', true],
  ['Uh-huh.', 'Uh-huh. Uh-huh.', true],
  ['Vale.', 'Vale', false],
  ['Vale.', 'Valencia', false],
  ['Okay, enough.', 'Okay enough.', false],
])('%j is the beginning of what was heard, %j: %s', (saying, free, expected) => {
  expect(isBeginning(saying, free)).toBe(expected)
})

it('is followed best first, on what the decoder has heard before the branch', async () => {
  const { asked, search } = heard({
    '': { 0: -0.1 },
    '0': { 3: -2, 4: -0.3 },
    '04': { 1: -0.1 },
    '041': { 3: -0.1 },
    '0413': { [END]: -0.1 },
  })
  expect((await search({ ids: [2], logProbability: -1 }))?.ids).toEqual([0, 4, 1, 3])
  expect(asked).toEqual(['0', '04', '041', '0413'])
})

it('costs nothing where what was heard freely is a saying, or none begins likely enough', async () => {
  const { asked, search } = heard({ '': { 0: -4 } })
  expect(await search({ ids: [0, 3], logProbability: -4.2 })).toBeUndefined()
  expect(await search({ ids: [2, 3], logProbability: -0.5 })).toBeUndefined()
  expect(asked).toEqual([])
})

/** " A", " b", ",", "." are 0, 1, 4, 3; " B" is read as two tokens, and not asked for here. */
it.each([
  ['A', [0]],
  ['A.', [0, 3]],
  ['A, b', [0, 4, 1]],
  ['A b', [0, 1]],
  ['A. A, b b.', [0, 3, 0, 4, 1, 1, 3]],
])('nothing leads over a row, such as %j', async (_, ids) => {
  const { lead, asked } = heard({})
  expect(await lead({ ids, logProbability: -1 })).toBe(0)
  expect(asked).toEqual([])
})

it('what is heard leads over the likeliest row by what it is likelier, in all', async () => {
  const { lead } = heard({
    '': { 0: -1 },
    '0': { 3: -4, 4: -0.5 },
    '03': { [END]: -0.1 },
    '04': { 1: -0.5 },
    '041': { [END]: -0.5 },
  })
  expect(await lead({ ids: [2, 3], logProbability: -0.5 })).toBeCloseTo(2)
  expect(await lead({ ids: [2, 3], logProbability: -3 })).toBe(0)
})

it('leads by 8 over what is less likely than that; beyond so many steps by what is certain', async () => {
  expect(await heard({}).lead({ ids: [2, 3], logProbability: -0.5 })).toBe(8)
  const rows = Object.fromEntries(rowsOfBoth(14).map((path) => [path, { 0: -0.01, 1: -0.01 }]))
  const { lead, asked } = heard({ '': { 0: -1 }, ...rows })
  const found = await lead({ ids: [2, 3], logProbability: -0.5 })
  expect(found).toBeGreaterThan(0.5)
  expect(found).toBeLessThan(0.7)
  expect(asked.length).toBeLessThanOrEqual(12)
})

/** "A b b b …" up to so many. */
const rowsOfBoth = (most: number) => Array.from({ length: most }, (_, index) => `0${'1'.repeat(index)}`)
