/**
 * A conversation on a loudspeaker without echo cancellation, in real time: the microphone hears every answer again, and the model neither stops for itself nor answers
 * itself. The question and what the microphone hears are synthetic.
 */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openListener } from '../../src/bench/listener.js'
import { readQuestion } from '../../src/bench/question.js'
import { modelPaths } from '../../src/catalog/index.js'
import { startServer, type TestServer } from '../sdk/server.js'

const HOME = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const weightsThere = existsSync(modelPaths(HOME, 'whisper-base').main)
if (!weightsThere)
  process.stderr.write(`loudspeaker: skipped, there are no weights in ${HOME} (vivavoce models pull)\n`)

const QUESTIONS = ['sky-blue', 'rainy-weekend'].map((name) =>
  readQuestion(name, readFileSync(resolve(import.meta.dirname, `../../src/bench/questions/${name}.wav`))),
)
const ANSWERED_MS = 60_000
/** Whatever is still to be heard of an answer, or answered of that, has come by then. */
const QUIET_MS = 4_000

describe.skipIf(!weightsThere)('a loudspeaker that the microphone hears', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({
      home: HOME,
      arguments: ['--log-level', 'error'],
      readyWithinMs: 300_000,
    })
  })
  afterAll(() => server?.stop())

  it.each([
    { echoDb: -12, echoDelayMs: 80 },
    { echoDb: -6, echoDelayMs: 350 },
  ])('$echoDb dB softer than the user, $echoDelayMs ms late', async ({ echoDb, echoDelayMs }) => {
    const now = () => performance.now()
    const listener = await openListener({
      connect: { url: server.url, model: 'gemini-live-2.5-flash', WebSocket },
      now,
      signal: AbortSignal.timeout(4 * ANSWERED_MS),
      echoDb,
      echoDelayMs,
    })
    try {
      await sleep(400)
      for (const question of QUESTIONS) {
        const since = listener.heard.length
        listener.microphone.say(question)
        const isOver = () => listener.heard.slice(since).some(({ kind }) => kind === 'turnComplete')
        expect(await listener.until(isOver, now() + ANSWERED_MS), question.name).toBe(true)
        await sleep(QUIET_MS)
      }
      const said = (kind: string) => listener.heard.filter((each) => each.kind === kind)
      const transcript = said('input').map(({ text }) => text)
      process.stdout.write(`loudspeaker, ${echoDb} dB: ${JSON.stringify(transcript)}\n`)
      expect(said('interrupted')).toEqual([])
      expect(said('turnComplete')).toHaveLength(QUESTIONS.length)
      expect(transcript).toHaveLength(QUESTIONS.length)
    } finally {
      await listener.close()
    }
  })
})
