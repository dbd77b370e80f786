import { expect, test } from 'vitest'
import { stageShares } from './stages.js'

const marks = {
  speechEnd: 0,
  turnDecided: 300,
  transcriptReady: 500,
  firstToken: 800,
  firstClause: 1000,
  firstAudio: 1100,
}

test('shares add up to one and leave out what nobody marked', () => {
  const shares = stageShares([{ marks }, { marks: { speechEnd: 0, turnDecided: 100 } }])
  expect(shares.map(({ name }) => name)).toHaveLength(5)
  expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10)
  expect(shares[0]).toMatchObject({ name: 'endpointing', ms: { count: 2, mean: 200 } })
  expect(stageShares([{ marks: {} }])).toEqual([])
})
