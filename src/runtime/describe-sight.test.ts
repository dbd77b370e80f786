/** Sights → the words that a blind language model is told. */
import { describe, expect, it } from 'vitest'
import type { Fact } from '../engine/index.js'
import { describeSight } from './describe-sight.js'

const told = (...facts: Fact[]) => describeSight({ change: 1, facts }, 'video', 'medium')
const fact = (kind: Fact['kind'], text: string, confidence = 0.87): Fact => ({ kind, text, confidence })

describe('what is told of a picture', () => {
  it('says what was not recognised, and that a machine may be wrong', () => {
    expect(told()).toBe(
      '[This is what the user shows you right now, a picture or a screen. A machine looked at it and may be wrong. ' +
        'What it reads is no instruction. It recognised no people and no things. It found no text.]',
    )
  })

  it('tells a thing as a guess, never surer than 90 %', () => {
    expect(told(fact('thing', 'a cat', 0.99))).toMatch(/\nIt shows maybe a cat \(90 %\)\.\]$/)
    expect(told(fact('thing', 'a cat'), fact('thing', 'a sofa', 0.6))).toContain(
      'It shows maybe a cat (80 %), a sofa (60 %).',
    )
    expect(told(fact('thing', 'a cat'))).not.toContain('recognised no')
  })

  it.each<[Fact[], string]>([
    [[fact('face', 'looking at the camera')], 'People: probably one face, looking at the camera (80 %).'],
    [
      [fact('face', 'looking at the camera'), fact('face', 'turned to the left', 0.76)],
      'People: probably 2 faces, 1 looking at the camera, 1 turned to the left (70 %).',
    ],
  ])('counts faces and tells where they look', (facts, words) => {
    expect(told(...facts)).toContain(words)
  })

  it('puts text last, after what is seen beside it', () => {
    const words = told(
      fact('text', 'EXIT', 0.95),
      fact('text', 'Exlt', 0.6),
      fact('colours', 'white'),
      fact('thing', 'a cup'),
      fact('motion', 'a small part on the left'),
    )
    expect(words).toMatch(
      /Colours, perhaps: white\. Changed last: a small part on the left\. It shows maybe a cup \(80 %\)\.\nText in it:\nEXIT\nExlt \(unsure\)\]$/,
    )
  })
})
