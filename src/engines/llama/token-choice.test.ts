import { expect, it } from 'vitest'
import { chooseText } from './token-choice.js'

/** A character is a token. */
const model = { tokenize: (text: string) => [...text].map((character) => character.codePointAt(0)!) }

function scoring(scores: Readonly<Record<string, number>>) {
  const asked: string[] = []
  return {
    asked,
    score: async (path: readonly number[], candidates: readonly number[]) => {
      const before = String.fromCodePoint(...path)
      asked.push(before)
      return candidates.map((token) => scores[before + String.fromCodePoint(token)] ?? 0)
    },
  }
}

const start = model.tokenize('>')

it('asks only where texts part', async () => {
  const { asked, score } = scoring({ '>get_b': 2, '>get_a': 1, '>n': -3 })
  const texts = [
    ['a', 'get_a{'],
    ['b', 'get_b{'],
  ] as const
  expect(await chooseText(model, score, start, texts, ['none'])).toEqual({ name: 'b', margin: 3 })
  expect(asked).toEqual(['>', '>get_'])
})

it('takes the smallest lead over the others, wherever they part', async () => {
  const { score } = scoring({ '>no': 4, '>x': 1, '>nod': 1, '>non': 3 })
  const texts = [['nod', 'nod{']] as const
  expect(await chooseText(model, score, start, texts, ['none', 'x'])).toEqual({ name: 'nod', margin: -2 })
})

it('needs no score for a single text without others', async () => {
  const { asked, score } = scoring({})
  const choice = await chooseText(model, score, start, [['only', 'only']] as const, [])
  expect(choice).toEqual({ name: 'only', margin: Number.POSITIVE_INFINITY })
  expect(asked).toEqual([])
})

it('tells a text from one that goes on', async () => {
  const { score } = scoring({ '>go_home{': 1, '>go{': 5, '>go_': 1 })
  const texts = [
    ['go', 'go{'],
    ['go_home', 'go_home{'],
  ] as const
  expect((await chooseText(model, score, start, texts, [])).name).toBe('go')
})
