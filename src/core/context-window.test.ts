/** How large a history is and where it is cut. */
import { describe, expect, it } from 'vitest'
import { floorSettings, type SessionConfig } from './config.js'
import { contextTokens, contextWindow, textTokens } from './context-window.js'
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'

const CONFIG: SessionConfig = {
  modality: 'TEXT',
  system: 'Be kind.',
  style: '',
  floor: floorSettings({ automatic: true }),
  interruptible: true,
  inputTranscription: true,
  outputTranscription: true,
  language: 'en',
}

describe('[CTX-3] contextWindow', () => {
  it.each([
    [undefined, { triggerTokens: 1_000, targetTokens: 500 }],
    [{}, { triggerTokens: 800, targetTokens: 400 }],
    [{ triggerTokens: 600 }, { triggerTokens: 600, targetTokens: 300 }],
    [
      { triggerTokens: 600, targetTokens: 100 },
      { triggerTokens: 600, targetTokens: 100 },
    ],
    [{ triggerTokens: 9_999 }, { triggerTokens: 1_000, targetTokens: 500 }],
  ])('%j of 1,000 tokens', (compression, expected) => {
    expect(contextWindow(1_000, compression)).toEqual(expected)
  })
})

it('counts text by its length, other scripts by the character', () => {
  expect([textTokens(''), textTokens('four'), textTokens('fives'), textTokens('你好')]).toEqual([0, 1, 2, 2])
})

/** A conversation of one turn a second; answers with the effects of each turn. */
function converse(
  config: Partial<SessionConfig>,
  turns: number,
  question = 'What is it?',
  answer = 'It is that.',
) {
  let [session] = openSession({ ...CONFIG, ...config })
  const perTurn: Effect[][] = []
  let at = 0
  const happen = (event: object) => {
    const [next, effects] = reduce(session, { ...event, at: ++at } as SessionEvent)
    session = next
    perTurn.at(-1)?.push(...effects)
  }
  for (let index = 0; index < turns; index++) {
    perTurn.push([])
    happen({ type: 'content', turns: [{ role: 'user', text: `${question} ${index}` }], turnComplete: true })
    const response = session.output.phase === 'responding' ? session.output.response : 0
    happen({
      type: 'response-output',
      response,
      text: answer,
      audioMs: config.modality === 'AUDIO' ? 2_000 : 0,
    })
    happen({ type: 'response-generated', response, promptTokens: 99, outputTokens: 4 })
  }
  return { session, perTurn }
}

describe('a long conversation', () => {
  const window = contextWindow(1_000, { triggerTokens: 300, targetTokens: 100 })

  it('[CTX-1] stays within its window, begins with a user’s turn and keeps the system instruction', () => {
    const { session } = converse({ window }, 5_000)
    expect(contextTokens(session)).toBeLessThanOrEqual(300)
    expect(session.messages.length).toBeLessThan(100)
    expect(session.context.sizes).toHaveLength(session.messages.length)
    expect(session.messages[0]?.role).toBe('user')
    expect(session.system).toBe('Be kind.')
    expect(session.context.dropped + session.messages.length).toBe(10_000)
    expect(session.closed).toBe(false)
  })

  it('[CTX-1] is cut to its target, and what is left is evaluated while nobody waits', () => {
    const { perTurn } = converse({ window }, 200)
    const cuts = perTurn.filter((effects) => effects.filter(({ type }) => type === 'prefill').length > 1)
    expect(cuts.length).toBeGreaterThan(3)
    for (const effects of cuts) {
      const last = effects.findLast((effect) => effect.type === 'prefill')
      const tokens = last?.prompt.messages.reduce((sum, m) => sum + ('text' in m ? textTokens(m.text) : 0), 0)
      expect(tokens).toBeLessThanOrEqual(100)
      expect(last?.prompt.system).toContain('Be kind.')
    }
  })

  it('[CTX-2] is cut at the announced limit where the client set none', () => {
    const { session } = converse({}, 3_000, 'a long question '.repeat(20), 'a long answer '.repeat(20))
    expect(contextTokens(session)).toBeLessThanOrEqual(131_072)
    expect(session.context.dropped).toBeGreaterThan(0)
  })

  it('keeps the last turn even where it alone is too large', () => {
    const { session } = converse({ window }, 3, 'word '.repeat(2_000))
    expect(session.messages.map(({ role }) => role)).toEqual(['user', 'model'])
  })

  it('counts speech by its duration', () => {
    const { session, perTurn } = converse({ modality: 'AUDIO' }, 2)
    expect(session.context.sizes.map(({ modality }) => modality)).toEqual(['TEXT', 'AUDIO', 'TEXT', 'AUDIO'])
    const end = perTurn[1]!.find((e) => e.type === 'send' && 'usageMetadata' in e.message)
    expect(end).toMatchObject({
      message: {
        usageMetadata: {
          promptTokensDetails: [
            { modality: 'TEXT', tokenCount: 2 + 4 + 4 },
            { modality: 'AUDIO', tokenCount: 50 },
          ],
          responseTokenCount: 50,
        },
      },
    })
  })
})
