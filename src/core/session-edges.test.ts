/** The watchdog and the history in situations that are easily forgotten. */
import { describe, expect, it } from 'vitest'
import { floorSettings, openSession, reduce, type SessionConfig, type SessionEvent } from './index.js'

const CONFIG: SessionConfig = {
  modality: 'AUDIO',
  system: '',
  style: '',
  floor: floorSettings({ automatic: false }),
  interruptible: false,
  inputTranscription: true,
  outputTranscription: true,
  language: 'en',
}

function armedAfter(events: SessionEvent[], config: Partial<SessionConfig> = {}) {
  let [session] = openSession({ ...CONFIG, ...config })
  const armed = new Set<string>()
  for (const event of events) {
    const [next, effects] = reduce(session, event)
    session = next
    for (const effect of effects) {
      if (effect.type === 'set-timer') armed.add(effect.timer)
      if (effect.type === 'clear-timer') armed.delete(effect.timer)
    }
  }
  return { armed, session }
}

describe('the core at its edges', () => {
  const ask: SessionEvent = {
    type: 'content',
    at: 0,
    turns: [{ role: 'user', text: 'a' }],
    turnComplete: true,
  }
  const output = (response: number): SessionEvent => ({
    type: 'response-output',
    at: 3,
    response,
    text: 'x',
    audioMs: 0,
  })
  const generated = (response: number): SessionEvent => ({
    type: 'response-generated',
    at: 4,
    response,
    promptTokens: 1,
    outputTokens: 1,
  })

  it('the watchdog stays armed for an activity that awaits its words when the answer before it ends (NO_INTERRUPTION)', () => {
    const { armed } = armedAfter([
      ask,
      { type: 'activity-start', at: 1, audioMs: 0 },
      { type: 'activity-end', at: 2, audioMs: 900 },
      output(1),
      generated(1),
    ])
    expect(armed).toContain('answer-owed')
  })

  it('the same where typed text was answered while the words were awaited', () => {
    const { armed } = armedAfter(
      [
        { type: 'activity-start', at: 0, audioMs: 0 },
        { type: 'activity-end', at: 1, audioMs: 900 },
        { ...ask, at: 2 } as SessionEvent,
        output(2),
        generated(2),
      ],
      { interruptible: true },
    )
    expect(armed).toContain('answer-owed')
  })

  it('answers what was said meanwhile when the watchdog has ended a stuck apology (NO_INTERRUPTION)', () => {
    const stuck: SessionEvent = { type: 'timer', at: 9, timer: 'answer-owed' }
    const { session } = armedAfter([
      ask,
      { type: 'realtime-text', at: 1, text: 'b' },
      { type: 'response-failed', at: 2, response: 1, retryable: true },
      stuck,
      stuck,
    ])
    expect(session.turn).toBeUndefined()
    expect(session.output).toMatchObject({ phase: 'responding', stage: 'answer' })
  })
})
