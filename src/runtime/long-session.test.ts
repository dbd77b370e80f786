/** Hours of conversation on the manual clock: what a session holds does not grow with it. */
import { expect, it } from 'vitest'
import type { Snapshot } from '../core/index.js'
import { createRecordingConnection } from '../testing/recording-connection.js'
import { setupOf, startSession } from '../testing/session-bench.js'

const TURNS = 3_000

it(`[CTX-2] is never closed for its length and holds no more after ${TURNS} turns than after 300`, async () => {
  const { host, clock } = startSession(
    {},
    'rules: [{ reply: "An answer of some eight words, as they come." }]',
  )
  const connection = createRecordingConnection(clock)
  const setup = setupOf({
    generationConfig: { responseModalities: ['TEXT'] },
    sessionResumption: {},
    contextWindowCompression: { triggerTokens: 1_000, slidingWindow: { targetTokens: 500 } },
  })
  let kept: Snapshot | undefined
  const session = host.open(setup, connection, {
    keeper: {
      keep(_checkpoint, snapshot, _last, saved) {
        kept = snapshot
        saved('handle')
      },
    },
  })
  const sizes: number[] = []
  let ended = 0
  let largestPrompt = 0
  for (let turn = 0; turn < TURNS; turn++) {
    const text = `Question number ${turn}, asked in a few words.`
    session.receive({ type: 'client-content', turns: [{ role: 'user', text }], turnComplete: true })
    await clock.advance(100)
    for (const { message } of connection.sent.splice(0)) {
      if (!('serverContent' in message) || !message.serverContent.turnComplete) continue
      ended++
      largestPrompt = Math.max(largestPrompt, message.usageMetadata?.promptTokenCount ?? 0)
    }
    if (turn === 300 || turn === TURNS - 1) sizes.push(JSON.stringify(kept).length)
  }
  expect(connection.closed).toBeUndefined()
  expect(ended).toBe(TURNS)
  // One more turn than the trigger, for the cut comes at its end.
  expect(largestPrompt).toBeLessThan(1_050)
  expect(kept?.dropped).toBeGreaterThan(2 * TURNS - 200)
  expect(sizes[1]).toBeLessThan(sizes[0]! * 1.5)
  // The refresh of the record, and a timer that was cleared and is not looked at yet.
  expect(clock.pending).toBeLessThanOrEqual(2)
})
