/** The table of limits: it can fail, and says so of what was not measured. */
import { expect, test } from 'vitest'
import { summarize } from '../../src/bench/percentiles.js'
import { judged } from './studio-limits.js'

test('met, missed and not measured', () => {
  const rows = judged({
    interruptedToSilenceMs: summarize([40, 40, 40, 90]),
    playback: { seconds: 300, gaps: 1 },
  })
  const verdicts = Object.fromEntries(rows.map(({ what, met }) => [what, met]))
  expect(verdicts).toEqual({
    'playback, s': true,
    'gaps in the playback': false,
    'interrupted to silence, p50, ms': true,
    'interrupted to silence, p95, ms': false,
    'microphone to socket, p95, ms': undefined,
    'first paint, slowest, ms': undefined,
    'tasks above 100 ms while talking': undefined,
    'frames a second with a session of 30 minutes': undefined,
  })
})
