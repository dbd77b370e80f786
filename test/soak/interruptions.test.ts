/** The small version of `interruptions.ts`: some dozens of answers that are spoken over at random moments. */
import { expect, it } from 'vitest'
import { interruptOnManualClock, summaryOf } from './interruptions.js'

it('[INT-2] whenever an answer is spoken over, what was said is heard from its first word on and answered', async () => {
  const units = await interruptOnManualClock(40, 20261129)
  expect(units.filter(({ answered, firstWordsKept }) => !answered || !firstWordsKept)).toEqual([])
  const { interrupted } = summaryOf(units)
  // The other moments were before the answer, or after its end.
  expect(interrupted).toBeGreaterThan(20)
  expect(interrupted).toBeLessThan(40)
})
