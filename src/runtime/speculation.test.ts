/** Answers that are made before the turn is certain: ready when it is, unheard of when it is not. */
import { describe, expect, it } from 'vitest'
import type { EngineSet } from '../engine/index.js'
import { silence, startSession, stream, tone } from '../testing/session-bench.js'
import { createComputeGate, heldGate, PRIORITY } from './compute-gate.js'

const SLOW = 'delaysMs: { recognizer: 50, perToken: 20, firstAudio: 50 }\n'

describe('an answer made while the end of the turn is uncertain', () => {
  it.each(['AUDIO', 'TEXT'])(
    'is ready when the turn is decided, and not heard of before (%s)',
    async (modality) => {
      const started = startSession({ generationConfig: { responseModalities: [modality] } }, SLOW)
      await stream(started, tone(800))
      await stream(started, silence(480))
      expect(started.connection.transcript()).toEqual(['setupComplete'])
      await stream(started, silence(80))
      const sent = started.connection.sent.slice(1)
      expect(started.connection.transcript()[1]).toBe('heard speech of 800 ms')
      // In one tick: the transcript, then what was made.
      expect(sent.length).toBeGreaterThan(2)
      expect(sent[1]?.at).toBe(sent[0]?.at)
      await stream(started, silence(4_000))
      expect(started.connection.transcript().at(-1)).toBe('turnComplete')
    },
  )

  it('leaves no trace when the user goes on', async () => {
    const started = startSession({}, SLOW)
    await stream(started, tone(800))
    await stream(started, silence(400))
    await stream(started, tone(800))
    await stream(started, silence(4_000))
    const words = started.connection.transcript()
    expect(words.slice(0, 3)).toEqual(['setupComplete', 'heard speech of 2000 ms', 'said speech of 2000 ms'])
    expect(words.filter((word) => word === 'turnComplete')).toHaveLength(1)
    expect(words).not.toContain('interrupted')
  })

  it('lets go of the recogniser when speech goes on: the words of the whole are not late', async () => {
    const started = startSession({}, 'delaysMs: { recognizer: 3000 }\n', { slots: 1 })
    await stream(started, tone(800))
    await stream(started, silence(300))
    await stream(started, tone(800))
    await stream(started, silence(8_000))
    expect(started.connection.transcript()[1]).toBe('heard speech of 1900 ms')
    // The silence that may be the end is known 32 ms after 1900 ms; the words take 3 s, and 6 s behind those of the pause.
    expect(started.connection.sent[1]!.at).toBeLessThan(5_300)
  })

  it.each([
    ['a silence that is left to the server', {}, [true], false],
    ["a silence of the client's own", { silenceDurationMs: 400 }, [false], true],
  ])(
    'tells what may follow the words, which the turn goes by: %s',
    async (_what, detection, asked, isOver) => {
      const told: (boolean | undefined)[] = []
      const change = (engines: EngineSet): EngineSet => ({
        ...engines,
        llm: {
          ...engines.llm,
          open(options) {
            const conversation = engines.llm.open(options)
            return {
              ...conversation,
              async *generate(prompt, sampling, signal) {
                told.push(prompt.mayGoOn)
                if (prompt.mayGoOn) yield { type: 'ending', ends: -12, trailsOff: -9 }
                yield* conversation.generate(prompt, sampling, signal)
              },
            }
          },
        },
      })
      const setup = { realtimeInputConfig: { automaticActivityDetection: detection } }
      const started = startSession(setup, SLOW, { change })
      await stream(started, tone(800))
      await stream(started, silence(2_500))
      expect(told).toEqual(asked)
      expect(started.connection.transcript().includes('heard speech of 800 ms')).toBe(isOver)
      await stream(started, silence(2_500))
      expect(started.connection.transcript().at(-1)).toBe('turnComplete')
      started.say('And now?')
      await stream(started, silence(40))
      expect(told.at(-1)).toBe(false)
    },
  )

  it('waits behind what is certain, and no longer once it is certain itself', async () => {
    const { clock } = startSession()
    const gate = createComputeGate({ slots: 1, clock })
    const { signal } = new AbortController()
    let held = true
    const maybe = heldGate(gate, () => held)
    const order: string[] = []
    const step = (name: string) => async () => {
      order.push(name)
    }
    const round = async () => {
      const first = gate.run('asr', 0, signal, () => clock.sleep(10, signal))
      const all = [
        first,
        gate.run('llm', PRIORITY.background, signal, step('background')),
        maybe.run('tts', PRIORITY.firstAudio, signal, step('maybe')),
        gate.run('tts', PRIORITY.nextToken, signal, step('certain')),
      ]
      return { finished: Promise.all(all) }
    }
    const { finished } = await round()
    await clock.advance(10)
    await finished
    expect(order.splice(0)).toEqual(['certain', 'maybe', 'background'])
    const again = await round()
    held = false
    await clock.advance(10)
    await again.finished
    expect(order).toEqual(['maybe', 'certain', 'background'])
  })
})
