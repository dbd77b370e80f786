import { describe, expect, it } from 'vitest'
import type { SessionEvent } from '../core/index.js'
import { silentLogger } from '../testing/echo-gateway.js'
import { createManualClock } from '../testing/manual-clock.js'
import { createActivityScores } from './activity-scores.js'

describe('votes of the turn detector', () => {
  it('are given one at a time, and of those that wait the newest', async () => {
    const asked: number[] = []
    const answers: ((probability: number) => void)[] = []
    const events: SessionEvent[] = []
    const scores = createActivityScores({
      turnDetector: {
        info: { id: 'slow', kind: 'turn', languages: [], description: '' },
        score: (samples) => {
          asked.push(samples.length)
          return new Promise((resolve) => answers.push(resolve))
        },
      },
      toneReader: undefined,
      clock: createManualClock(),
      signal: new AbortController().signal,
      logger: silentLogger,
      emit: (event) => events.push(event),
    })
    const settled = () => new Promise((resolve) => setImmediate(resolve))
    for (const toMs of [100, 200, 300]) scores.scoreTurn(1, toMs, () => new Float32Array(toMs))
    expect(asked).toEqual([100])
    answers[0]!(0.1)
    await settled()
    expect(asked).toEqual([100, 300])
    answers[1]!(0.9)
    await settled()
    expect(asked).toEqual([100, 300])
    expect(
      events.map((event) => 'toMs' in event && [event.toMs, 'probability' in event && event.probability]),
    ).toEqual([
      [100, 0.1],
      [300, 0.9],
    ])
  })
})
