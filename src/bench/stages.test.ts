import { expect, test } from 'vitest'
import { decisionToAudioMs, stageDurations, stageShares } from './stages.js'

const marks = {
  speechEnd: 1000,
  turnDecided: 1300,
  transcriptReady: 1500,
  firstToken: 1800,
  firstClause: 2000,
  firstAudio: 2100,
}

test('each stage takes the time since the one before it', () => {
  expect(stageDurations(marks)).toEqual({
    endpointing: 300,
    recogniser: 200,
    'LLM first token': 300,
    'first clause': 200,
    synthesiser: 100,
  })
  expect(decisionToAudioMs(marks)).toBe(800)
})

test('a stage that was ready early costs nothing, and the sum stays the whole', () => {
  const durations = stageDurations({ ...marks, transcriptReady: 1200, firstToken: 1250 })
  expect(durations).toMatchObject({ recogniser: 0, 'LLM first token': 0, 'first clause': 700 })
  expect(Object.values(durations).reduce((sum, ms) => sum + ms, 0)).toBe(1100)
})

test('a missing mark gives its time to the next stage', () => {
  const { transcriptReady: _, ...without } = marks
  expect(stageDurations(without)).toMatchObject({ endpointing: 300, 'LLM first token': 500 })
  expect(stageDurations({})).toEqual({})
  expect(decisionToAudioMs({})).toBeUndefined()
})

test('shares add up to one and leave out what nobody marked', () => {
  const shares = stageShares([
    { session: 'a', turn: 1, marks },
    { session: 'a', turn: 2, marks: { speechEnd: 0, turnDecided: 100 } },
  ])
  expect(shares.map(({ name }) => name)).toHaveLength(5)
  expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10)
  expect(shares[0]).toMatchObject({ name: 'endpointing', ms: { count: 2, mean: 200 } })
  expect(stageShares([{ session: 'a', turn: 1, marks: {} }])).toEqual([])
})
