import { expect, test } from 'vitest'
import { latenciesOf, stagesOf, waitsOf } from './latencies.js'
import { createTurnTimeline } from './turn-timeline.js'

const marks = {
  speechEnd: 1000,
  turnDecided: 1300,
  transcriptReady: 1500,
  firstToken: 1800,
  firstClause: 2000,
  firstAudio: 2100,
}

test('each stage holds up the answer for the time since the one before it', () => {
  expect(waitsOf(marks)).toEqual({
    endpointing: 300,
    recogniser: 200,
    'LLM first token': 300,
    'first clause': 200,
    synthesiser: 100,
  })
  expect(latenciesOf(marks)).toMatchObject({ voiceToVoice: 1100, decisionToAudio: 800, endpointing: 300 })
})

test('a stage that was ready early costs nothing, and the sum stays the whole', () => {
  const waits = waitsOf({ ...marks, transcriptReady: 1200, firstToken: 1250 })
  expect(waits).toMatchObject({ recogniser: 0, 'LLM first token': 0, 'first clause': 700 })
  expect(Object.values(waits).reduce((sum, ms) => sum + ms, 0)).toBe(1100)
})

test('a missing mark gives its time to the next stage', () => {
  const { transcriptReady: _, ...without } = marks
  expect(waitsOf(without)).toMatchObject({ endpointing: 300, 'LLM first token': 500 })
  expect(waitsOf({})).toEqual({})
  expect(latenciesOf({})).toEqual({})
})

test('a dropped attempt stays visible and tells no latency', () => {
  const timeline = createTurnTimeline()
  timeline.mark('speechStart', 0)
  timeline.mark('speechEnd', 900)
  timeline.mark('speculationStarted', 1_000)
  timeline.mark('responseStarted', 1_000)
  timeline.mark('firstToken', 1_200)
  timeline.mark('speculationDropped', 1_300)
  expect(timeline.marks.firstToken).toBeUndefined()
  timeline.mark('speechResumed', 1_300)
  timeline.mark('speechEnd', 2_000)
  timeline.mark('speculationStarted', 2_100)
  timeline.mark('responseStarted', 2_100)
  timeline.mark('firstToken', 2_250)
  timeline.mark('firstAudioReady', 2_300)
  timeline.mark('turnDecided', 2_400)
  timeline.mark('speculationConfirmed', 2_400)
  timeline.mark('firstAudio', 2_401)
  expect(timeline.revisions).toBe(2)
  expect(latenciesOf(timeline.marks)).toMatchObject({
    voiceToVoice: 401,
    decisionToAudio: 1,
    heldReady: 100,
    firstToken: 150,
  })
  expect(timeline.events.filter(({ mark }) => mark === 'firstToken').map(({ revision }) => revision)).toEqual(
    [1, 2],
  )
  expect(stagesOf(timeline.events)).toEqual(
    expect.arrayContaining([
      { stage: 'speech', startMs: 0, endMs: 900, revision: 0 },
      { stage: 'speech', startMs: 1_300, endMs: 2_000, revision: 1 },
      { stage: 'speculation', startMs: 1_000, endMs: 1_300, revision: 1 },
      { stage: 'generation', startMs: 1_200, endMs: 1_300, revision: 1 },
      { stage: 'speculation', startMs: 2_100, endMs: 2_400, revision: 2 },
    ]),
  )
})

test('a turn without end fills no memory, and its summary stays right', () => {
  const timeline = createTurnTimeline()
  for (let at = 0; at < 5_000; at++) timeline.mark('lastAudio', at)
  expect(timeline.events.length).toBeLessThanOrEqual(400)
  expect(timeline.marks.lastAudio).toBe(4_999)
})
