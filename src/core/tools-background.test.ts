/** Calls in the background, and results that nobody asked for, as a table. */
import { describe, expect, it } from 'vitest'
import type { UsageMetadata } from '../protocol/index.js'
import {
  ask,
  CONFIG,
  generated,
  live,
  message,
  output,
  play,
  result,
  score,
  typed,
} from '../testing/calls-table.js'
import type { Given } from '../testing/session-table.js'
import { floorSettings, type SessionConfig } from './config.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'

describe('a call in the background', () => {
  const called = [ask('Q'), generated(1, 'back')]

  it('leaves the turn open until something is said', () => {
    expect(play([...called, result(2, 'R'), output(3, 'A'), generated(3)]).said).toEqual([
      'answer: Q',
      'call back#2',
      'answer: Q | back() | = R',
      'generationComplete',
      'turnComplete',
    ])
    expect(play([ask('Q'), output(1, 'On it.'), generated(1, 'back')]).said).toEqual([
      'answer: Q',
      'call back#2',
      'generationComplete',
      'turnComplete',
    ])
  })

  it('[TOOL-6] lets the conversation go on, and its result comes after it', () => {
    const { said, session } = play([...called, ask('P'), output(3, 'A'), generated(3), result(2, 'R')])
    expect(said.slice(2)).toEqual([
      'answer: Q | back() | = running | P',
      'generationComplete',
      'turnComplete',
      'answer: Q | back() | = running | P | A | back() | = R',
    ])
    expect(session.messages.map(message)).toEqual(['Q', 'back()', 'P', 'A', '= R'])
  })

  it('[TOOL-7] WHEN_IDLE waits for the model, and is the default', () => {
    const { said } = play([...called, ask('P'), output(3, 'A'), result(2, 'R'), generated(3)])
    expect(said.slice(3)).toEqual([
      'generationComplete',
      'turnComplete',
      'answer: Q | back() | = running | P | A | back() | = R',
    ])
  })

  it('[TOOL-8] INTERRUPT stops the model, and asks a question again that was not answered at all', () => {
    const interrupt = result(2, 'R', { scheduling: 'INTERRUPT' })
    expect(play([...called, ask('P'), output(3, 'A', 9_000), interrupt]).said.slice(3)).toEqual([
      'cancel',
      'interrupted',
      'turnComplete',
      'answer: Q | back() | = running | P | A | back() | = R',
    ])
    expect(play([...called, typed('P'), interrupt]).said.slice(3)).toEqual([
      'cancel',
      'answer: Q | back() | = R | P',
    ])
    expect(play([...called, interrupt]).said.slice(2)).toEqual(['answer: Q | back() | = R'])
  })

  it('[TOOL-9] SILENT is known to the model and not spoken of', () => {
    const silent = result(2, 'R', { scheduling: 'SILENT' })
    expect(play([...called, silent]).said.slice(2)).toEqual(['turnComplete'])
    expect(play([...called, silent, ask('P')]).said.at(-1)).toBe('answer: Q | back() | = R | P')
    const busy = play([...called, ask('P'), output(3, 'A'), silent, generated(3), ask('O')])
    expect(busy.said.at(-1)).toBe('answer: Q | back() | = running | P | A | back() | = R | O')
  })

  it('waits for a user who speaks', () => {
    const speaking = [live, ...score(0, 960, 0.9)]
    const now = called.map((event) => ({ ...event, at: 0 }))
    const interrupt = { ...result(2, 'R', { scheduling: 'INTERRUPT' }), at: 970 }
    expect(play([...now, ...speaking, interrupt]).said).toHaveLength(2)
    const heard: Given = { type: 'transcript', activity: 3, text: 'P', language: 'en', audioMs: 900 }
    expect(play([...now, ...speaking, interrupt, ...score(960, 1_760, 0.01), heard]).said.slice(2)).toEqual([
      'answer: Q | back() | = R | P',
    ])
  })

  it('[TOOL-11] brings several results, and ends with an empty one', () => {
    const more = { willContinue: true }
    const { said, session } = play([
      ...called,
      result(2, 'a', more),
      output(3, 'A'),
      generated(3),
      result(2, 'b', more),
      output(4, 'B'),
      generated(4),
      result(2, ''),
    ])
    expect(said.filter((word) => word.startsWith('answer'))).toHaveLength(3)
    expect(session.tools.background).toEqual([])
  })

  it('may run beside one that is waited for', () => {
    const { said } = play([ask('Q'), generated(1, 'back', 'wait'), result(3, 'W')])
    expect(said.slice(2)).toEqual(['answer: Q | back() | wait() | = running | = W'])
    const both = play([ask('Q'), generated(1, 'back', 'wait'), result(2, 'B'), result(3, 'W')])
    expect(both.said.slice(2)).toEqual(['answer: Q | back() | wait() | = B | = W'])
  })

  it('[TOOL-14] is not taken back by an interruption', () => {
    const { said } = play([...called, ask('P'), output(3, 'A', 9_000), typed('O'), result(2, 'R')])
    expect(said.filter((word) => word.startsWith('take'))).toEqual([])
  })
})

describe('what a client may say beside', () => {
  it('a result that nobody asked for is answered without an id, and ignored with one', () => {
    expect(play([result(undefined, 'R', { name: 'mood' })]).said).toEqual(['answer: mood() | = R'])
    expect(play([result(7, 'R', { name: 'mood' })]).said).toEqual([])
  })

  it('[CTX-4] history at the start is not answered; what is said then is', () => {
    const seed = (text: string, turnComplete: boolean): Given => ({
      type: 'content',
      turns: [
        { role: 'user', text },
        { role: 'model', text: 'M' },
      ],
      turnComplete,
    })
    const config = { initialHistory: true }
    expect(play([seed('A', false), seed('B', true), typed(' ')], config).said).toEqual([
      'answer: A | M | B | M | Please go on.',
    ])
    expect(play([typed('Q'), seed('B', true)], config).said.at(-1)).toMatch(/^answer: .*B \| M$/)
  })

  it('[CTX-4] a microphone in which nothing is said does not end it; words do', () => {
    const seed: Given = { type: 'content', turns: [{ role: 'user', text: 'A' }], turnComplete: true }
    const sound = Array.from(
      { length: 30 },
      (_, index): Given => ({
        type: 'speech-score',
        startMs: index * 32,
        endMs: (index + 1) * 32,
        probability: index < 12 ? 0.95 : 0.01,
      }),
    )
    const heard = (text: string): Given => ({
      type: 'transcript',
      activity: 1,
      text,
      language: 'en',
      audioMs: 300,
    })
    const config = { initialHistory: true, floor: floorSettings({ automatic: true, silenceDurationMs: 300 }) }
    const said = (...events: Given[]) => play(events, config).said
    expect(said(...sound, heard(''), seed, typed('Q'))).toEqual(['answer: A | Q'])
    expect(said(...sound.slice(0, 12), seed, ...sound.slice(12), heard(''), typed('Q'))).toEqual([
      'answer: A | Q',
    ])
    expect(said(...sound, heard('Q'), seed).at(-1)).toBe('answer: Q | A')
  })

  it('[CTX-5] a context update changes instruction and functions from then on', () => {
    const update: Given = {
      type: 'context-update',
      system: 'New.',
      functions: [{ name: 'new', description: 'd', behavior: 'BLOCKING' }],
    }
    let [session] = openSession(CONFIG)
    ;[session] = reduce(session, { ...update, at: 1 } as SessionEvent)
    const [, effects] = reduce(session, { ...ask('Q'), at: 2 } as SessionEvent)
    expect(effects.find(({ type }) => type === 'start-response')).toMatchObject({
      prompt: { system: 'New.', functions: [{ name: 'new', description: 'd' }] },
    })
    ;[session] = reduce(session, { type: 'context-update', at: 3, functions: [] })
    const [, later] = reduce(session, { ...ask('P'), at: 4 } as SessionEvent)
    expect(later.find(({ type }) => type === 'start-response')).not.toHaveProperty('prompt.functions')
  })

  it('[TOOL-15] allowed names and the mode NONE limit what the model is told of', () => {
    const functionsIn = (config: Partial<SessionConfig>) => {
      const [session] = openSession({ ...CONFIG, ...config })
      const [, effects] = reduce(session, { ...ask('Q'), at: 1 } as SessionEvent)
      const start = effects.find((effect) => effect.type === 'start-response')
      return start?.type === 'start-response' ? start.prompt.functions?.map(({ name }) => name) : []
    }
    expect(functionsIn({ functionCalling: { mode: 'AUTO', allowedNames: ['back'] } })).toEqual(['back'])
    expect(functionsIn({ functionCalling: { mode: 'NONE', allowedNames: [] } })).toBeUndefined()
  })

  it('[TOOL-17] in mode ANY what the user says must be answered with a call, and results are told', () => {
    const demands = (mode: 'ANY' | 'AUTO', events: readonly Given[]) => {
      let [session] = openSession({ ...CONFIG, functionCalling: { mode, allowedNames: [] } })
      return events.flatMap((event, at) => {
        const [next, effects] = reduce(session, { ...event, at: at * 1_000 } as SessionEvent)
        session = next
        return effects.flatMap((each) =>
          each.type === 'start-response' ? (each.prompt.mustCall ?? false) : [],
        )
      })
    }
    const told = [output(3, 'A'), generated(3)]
    const blocking = [ask('Q'), generated(1, 'wait'), result(2, 'x'), ...told, ask('R')]
    expect(demands('ANY', blocking)).toEqual([true, false, true])
    expect(demands('AUTO', blocking)).toEqual([false, false, false])
    // A call in the background is open while the user goes on.
    expect(demands('ANY', [ask('Q'), generated(1, 'back'), ask('R')])).toEqual([true, true])
    // No functions are left to call.
    expect(demands('ANY', [{ type: 'context-update', functions: [] }, ask('Q')])).toEqual([false])
  })

  it('[SRV-9] results count apart in the turn that is about them, and in the prompt afterwards', () => {
    let [session] = openSession(CONFIG)
    const usages: UsageMetadata[] = []
    const happen = (event: Given) => {
      const [next, effects] = reduce(session, { ...event, at: event.at ?? 0 } as SessionEvent)
      session = next
      for (const effect of effects) {
        if (effect.type === 'send' && 'usageMetadata' in effect.message && effect.message.usageMetadata)
          usages.push(effect.message.usageMetadata)
      }
    }
    const events = [ask('Q'), generated(1, 'wait'), result(2, 'twelve letters'), output(3, 'A'), generated(3)]
    for (const event of [...events, ask('R'), output(4, 'B'), generated(4)]) happen(event)
    const [about, after] = usages
    expect(about?.toolUsePromptTokenCount).toBeGreaterThan(0)
    expect(about?.toolUsePromptTokensDetails).toEqual([
      { modality: 'TEXT', tokenCount: about?.toolUsePromptTokenCount },
    ])
    const parts = about!.promptTokenCount + about!.toolUsePromptTokenCount! + about!.responseTokenCount
    expect(about?.totalTokenCount).toBe(parts)
    expect(after?.toolUsePromptTokenCount).toBeUndefined()
    expect(after!.promptTokenCount).toBeGreaterThan(about!.promptTokenCount + about!.toolUsePromptTokenCount!)
  })

  it('pictures are mentioned to the model once, between turns', () => {
    const picture: Given = { type: 'picture', picture: 'p' }
    const { session } = play([ask('Q'), picture, picture, output(1, 'A'), generated(1), picture])
    expect(session.messages.map(message)).toEqual(['Q', 'A', expect.stringContaining('cannot see')])
  })

  it('[RTI-13] activity is announced where asked for, in whole seconds', () => {
    const speech = [live, ...score(2_048, 3_008, 0.9), ...score(3_008, 3_808, 0.01)]
    const { said } = play(speech, { voiceActivity: true })
    expect(said).toEqual(['ACTIVITY_START 1s', 'ACTIVITY_END 3s'])
    expect(play(speech).said).toEqual([])
  })
})
