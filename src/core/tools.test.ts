/** Calls that the model waits for: events in, what is sent and asked of the model out. */
import { describe, expect, it } from 'vitest'
import { behaviourOf } from '../protocol/index.js'
import { ask, generated, live, message, output, play, result, score, typed } from '../testing/calls-table.js'
import type { Given } from '../testing/session-table.js'

describe('a call that the model waits for', () => {
  it('goes out, waits without a watchdog, and its result is answered once', () => {
    const { said, timers } = play([ask('Q'), generated(1, 'wait')])
    expect(said).toEqual(['answer: Q', 'call wait#2'])
    expect([...timers]).toEqual([])
    const whole = play([
      ask('Q'),
      generated(1, 'wait'),
      result(2, 'R'),
      output(3, 'A'),
      generated(3),
      result(2, 'R'),
    ])
    expect(whole.said.slice(2)).toEqual(['answer: Q | wait() | = R', 'generationComplete', 'turnComplete'])
    expect(whole.session.messages.map(message)).toEqual(['Q', 'wait()', '= R', 'A'])
  })

  it('comes after what the model says first, in the same turn', () => {
    const { said } = play([ask('Q'), output(1, 'One moment.'), generated(1, 'wait'), result(2, 'R')])
    expect(said).toEqual(['answer: Q', 'call wait#2', 'answer: Q | One moment. | wait() | = R'])
  })

  it('[TOOL-4] is answered with all others of its message, whatever their order and however they are named', () => {
    const calls = [ask('Q'), generated(1, 'wait', 'other', 'wait')]
    expect(play([...calls, result(4, 'c'), result(3, 'b')]).said).toHaveLength(2)
    const answer = 'answer: Q | wait() | other() | wait() | = a | = b | = c'
    expect(play([...calls, result(4, 'c'), result(3, 'b'), result(2, 'a')]).said.at(-1)).toBe(answer)
    const unnamed = [
      result(undefined, 'b', { name: 'other' }),
      result(undefined, 'a'),
      result(undefined, 'c'),
    ]
    expect(play([...calls, ...unnamed]).said.at(-1)).toBe(answer)
    const together: Given = {
      type: 'tool-results',
      results: unnamed.flatMap((each) => (each.type === 'tool-results' ? each.results : [])),
    }
    expect(play([...calls, together]).said.slice(2)).toEqual([answer])
  })

  it('may lead to the next call', () => {
    const { said } = play([
      ask('Q'),
      generated(1, 'wait'),
      result(2, 'R'),
      generated(3, 'other'),
      result(4, 'S'),
    ])
    expect(said.slice(2)).toEqual([
      'answer: Q | wait() | = R',
      'call other#4',
      'answer: Q | wait() | = R | other() | = S',
    ])
  })

  it('[TOOL-5] with a silent result ends the turn without an answer; the model knows it later', () => {
    const { said } = play([
      ask('Q'),
      generated(1, 'wait'),
      result(2, 'R', { scheduling: 'SILENT' }),
      ask('P'),
    ])
    expect(said.slice(2)).toEqual(['turnComplete', 'answer: Q | wait() | = R | P'])
  })

  it('takes results in pieces', () => {
    const more = { willContinue: true }
    const { said } = play([
      ask('Q'),
      generated(1, 'wait'),
      result(2, 'a', more),
      result(2, 'b', more),
      result(2, ''),
    ])
    expect(said.slice(2)).toEqual(['answer: Q | wait() | = ["a","b"]'])
  })

  it('that fails is answered too', () => {
    const { said } = play([ask('Q'), generated(1, 'wait'), result(2, '', { result: { error: 'down' } })])
    expect(said.at(-1)).toBe('answer: Q | wait() | = failed')
  })

  it.each([
    ['typed content', ask('P')],
    ['realtime text', typed('P')],
  ])('is taken back by %s; its late result is ignored', (_, next) => {
    const { said, session } = play([
      ask('Q'),
      generated(1, 'wait'),
      next,
      result(2, 'R'),
      result(undefined, 'R'),
    ])
    expect(said.slice(2)).toEqual([
      'interrupted',
      'take back #2',
      'turnComplete',
      'answer: Q | wait() | = failed | P',
    ])
    expect(session.closed).toBe(false)
  })

  it('[TOOL-3] is taken back by words, not by a sound', () => {
    const speech = [live, ...score(0, 960, 0.9), ...score(960, 1_760, 0.01)]
    const calling = [ask('Q'), generated(1, 'wait')].map((event) => ({ ...event, at: 0 }))
    const heard = (text: string): Given => ({
      type: 'transcript',
      activity: 3,
      text,
      language: 'en',
      audioMs: 900,
    })
    expect(play([...calling, ...speech, heard('')]).said).toHaveLength(2)
    expect(play([...calling, ...speech, heard('Stop.')]).said.slice(2)).toEqual([
      'interrupted',
      'take back #2',
      'turnComplete',
      'answer: Q | wait() | = failed | Stop.',
    ])
    // A result that comes while the user speaks is answered with what they say, or after a mere sound.
    const during = [...speech, { ...result(2, 'R'), at: 1_800 }]
    expect(play([...calling, ...during]).said).toHaveLength(2)
    expect(play([...calling, ...during, heard('Go on.')]).said.slice(2)).toEqual([
      'answer: Q | wait() | = R | Go on.',
    ])
    expect(play([...calling, ...during, heard('')]).said.slice(2)).toEqual(['answer: Q | wait() | = R'])
  })

  it('leaves nobody unanswered who typed meanwhile, where its result is not to be spoken of (NO_INTERRUPTION)', () => {
    const { said } = play(
      [
        { ...ask('Q'), at: 0 },
        { ...generated(1, 'wait'), at: 20 },
        { type: 'realtime-text', text: 'And?' },
        { ...result(2, 'R', { scheduling: 'SILENT' }), at: 5_000 },
      ],
      { interruptible: false },
    )
    expect(said.at(-1)).toBe('answer: Q | wait() | = R | And?')
  })

  it('[TOOL-9] in the background ends its turn where nothing was said and nothing will be', () => {
    const silent = { scheduling: 'SILENT' } as const
    const calls = [ask('Q'), generated(1, 'back', 'back')]
    const quiet = [...calls, result(2, 'R', silent), result(3, 'S', silent)]
    expect(play(quiet).said.slice(1)).toEqual(['call back#2,back#3', 'turnComplete'])
    expect(play([...quiet, ask('P')]).said.at(-1)).toMatch(/= R \| = S \| P$/)
    // The end of what is said is its end.
    const told = [...calls, result(2, 'R'), output(4, 'A'), generated(4), result(3, 'S', silent)]
    expect(play(told).said.filter((each) => each === 'turnComplete')).toHaveLength(1)
    const asked = [
      ...calls,
      ask('P'),
      output(4, 'A'),
      generated(4),
      result(2, 'R', silent),
      result(3, 'S', silent),
    ]
    expect(play(asked).said.filter((each) => each === 'turnComplete')).toHaveLength(1)
  })

  it('[INT-5] [TOOL-3] leaves of what was said before it what was heard, when it is taken back', () => {
    const said = (stopAt: number) => {
      const events = [ask('Q'), { ...output(1, 'one two ', 4_000), at: 2_000 }, generated(1, 'wait')]
      return play([...events, { ...ask('Stop'), at: stopAt }]).said.at(-1)
    }
    expect(said(3_000)).toBe('answer: Q | one | wait() | = failed | Stop')
    expect(said(5_000)).toBe('answer: Q | one two | wait() | = failed | Stop')
    expect(said(60_000)).toBe('answer: Q | one two | wait() | = failed | Stop')
  })

  it('[TOOL-3] is taken back when what was said before it is interrupted', () => {
    const { said } = play([
      { ...live },
      { ...ask('Q'), at: 0 },
      { ...output(1, 'One moment.', 5_000), at: 10 },
      { ...generated(1, 'wait'), at: 20 },
      ...score(0, 320, 0.9),
      { type: 'timer', timer: 'barge-in', at: 600 },
      // No words yet: they are waited for once more.
      { type: 'timer', timer: 'barge-in', at: 900 },
    ])
    expect(said.slice(2)).toEqual(['interrupted', 'take back #2', 'turnComplete'])
  })

  it('keeps waiting while history is added, and where the client wants no interruption', () => {
    const seed: Given = { type: 'content', turns: [{ role: 'user', text: 'S' }], turnComplete: false }
    expect(play([ask('Q'), generated(1, 'wait'), seed, result(2, 'R')]).said.slice(2)).toEqual([
      'answer: Q | wait() | = R | S',
    ])
    const still = { interruptible: false }
    expect(play([ask('Q'), generated(1, 'wait'), typed('P')], still).said).toHaveLength(2)
    expect(play([ask('Q'), generated(1, 'wait'), typed('P'), result(2, 'R')], still).said.slice(2)).toEqual([
      'answer: Q | wait() | = R | P',
    ])
  })

  it('[TOOL-13] is followed by turnComplete for clients that wait for it', () => {
    const config = {
      behaviour: behaviourOf('models/gemini-live-2.5-flash', 'google-adk/2.13.0 gl-python/3.11'),
    }
    const { said } = play([ask('Q'), generated(1, 'wait'), result(2, 'R')], config)
    expect(said).toEqual(['answer: Q', 'call wait#2', 'turnComplete', 'answer: Q | wait() | = R'])
    expect(play([ask('Q'), generated(1, 'wait'), typed('P')], config).said.slice(3, 5)).toEqual([
      'take back #2',
      expect.stringMatching(/^answer: /),
    ])
  })
})

describe('functions by generation of models', () => {
  const firstCall = (model: string, name: string) => {
    const config = { behaviour: behaviourOf(model) }
    return play([ask('Q'), generated(1, name)], config).session.output.phase
  }
  it.each([
    ['models/gemini-2.0-flash-live-001', 'plain', 'calling'],
    ['models/gemini-live-2.5-flash', 'plain', 'calling'],
    ['projects/p/locations/l/publishers/google/models/gemini-live-2.5-flash', 'plain', 'silent'],
    ['projects/p/locations/l/publishers/google/models/gemini-live-2.5-flash', 'wait', 'calling'],
    ['models/gemini-3.1-flash-live-preview', 'back', 'calling'],
    ['models/gemini-3.8-live', 'plain', 'silent'],
    ['models/gemini-3.8-live', 'wait', 'calling'],
    ['models/gemini-3.8-live-extended-thinking', 'wait', 'silent'],
  ])('%s %s → %s', (model, name, phase) => {
    expect(firstCall(model, name)).toBe(phase)
  })

  it('[SRV-10] extended thinking tells whether results are still to come', () => {
    const config = { behaviour: behaviourOf('models/gemini-3.8-live-extended-thinking') }
    const events = [
      ask('Q'),
      output(1, 'On it.'),
      generated(1, 'plain'),
      result(2, 'R'),
      output(3, 'A'),
      generated(3),
    ]
    const ends = play(events, config).said.filter((word) => word.startsWith('turnComplete'))
    expect(ends).toEqual(['turnComplete IN_PROGRESS', 'turnComplete IDLE'])
  })

  it('[INT-4] content without turnComplete stops older models only', () => {
    const seed: Given = { type: 'content', turns: [{ role: 'user', text: 'S' }], turnComplete: false }
    const events = [ask('Q'), output(1, 'A', 9_000), seed]
    expect(play(events, { behaviour: behaviourOf('gemini-live-2.5-flash') }).said).toContain('interrupted')
    const newer = { behaviour: behaviourOf('gemini-3.8-live') }
    expect(play(events, newer).said).toEqual(['answer: Q'])
    const withdrawn = play([typed('Q'), seed, typed('P')], newer)
    expect(withdrawn.said.at(-1)).toBe('answer: S | Q P')
  })
})
