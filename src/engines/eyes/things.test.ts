/** What probabilities are told as: the finest name that they bear, and silence. */
import { describe, expect, it } from 'vitest'
import { namedThings } from './thing-namer.js'
import { THINGS } from './things.js'

const TABBY = 281
const PERSIAN = 283
const TERRIER = 185
const OWL = 24
const ROBIN = 15
const WEB_SITE = 916

const seen = (...shares: [number, number][]) => {
  const probabilities = new Float32Array(1_000)
  for (const [index, share] of shares) probabilities[index] = share
  return namedThings(probabilities, 0.6).map(({ name, confidence }) => [name, Math.round(confidence * 100)])
}

describe('the main thing of a picture', () => {
  it('has the name that its kinds share', () => {
    expect(seen([TABBY, 0.5], [PERSIAN, 0.4])).toEqual([['a cat', 90]])
  })
  it('has the coarser name where only that is sure', () => {
    expect(seen([OWL, 0.5], [ROBIN, 0.4])).toEqual([['a bird', 90]])
    expect(seen([TABBY, 0.4], [TERRIER, 0.4])).toEqual([['an animal', 80]])
  })
  it('has one name, not all that hold', () => {
    expect(seen([OWL, 0.9])).toEqual([['an owl', 90]])
  })
  it('has none where nothing is sure, or what is sure is no thing', () => {
    expect(seen([TABBY, 0.5])).toEqual([])
    expect(seen([WEB_SITE, 0.99])).toEqual([])
  })
})

it('knows the classes of ImageNet only, and each name once', () => {
  for (const { name, classes } of THINGS) {
    expect(classes.length, name).toBeGreaterThan(0)
    expect(new Set(classes).size, name).toBe(classes.length)
    for (const each of classes) expect(each, name).toSatisfy((it: number) => it >= 0 && it < 1_000)
  }
  expect(new Set(THINGS.map(({ name }) => name)).size).toBe(THINGS.length)
})

it('puts a finer name before the coarser one that holds all of it', () => {
  for (const [index, { name, classes }] of THINGS.entries())
    for (const earlier of THINGS.slice(0, index))
      expect(
        classes.every((each) => earlier.classes.includes(each)),
        `${name} is never told, after ${earlier.name}`,
      ).toBe(false)
})
