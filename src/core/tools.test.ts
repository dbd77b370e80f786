/** The flow of function calls as a table: events in, what is sent and asked of the model out. */
import { describe, expect, it } from 'vitest'
import { behaviourOf, type UsageMetadata } from '../protocol/index.js'
import type { Given } from '../testing/session-table.js'
import { floorSettings, type SessionConfig } from './config.js'
import type { Effect, SessionMessage } from './effects.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'

const CONFIG: SessionConfig = {
  modality: 'AUDIO',
  system: '',
  style: '',
  floor: floorSettings({ automatic: true, silenceDurationMs: 500 }),
  interruptible: true,
  inputTranscription: false,
  outputTranscription: false,
  language: 'en',
  functions: [
    { name: 'wait', description: '', behavior: 'BLOCKING' },
    { name: 'other', description: '', behavior: 'BLOCKING' },
    { name: 'back', description: '', behavior: 'NON_BLOCKING' },
    { name: 'plain', description: '' },
  ],
}

/** Runs events one second apart unless they say when. */
function play(events: readonly Given[], config: Partial<SessionConfig> = {}) {
  let [session] = openSession({ ...CONFIG, ...config })
  const said: string[] = []
  const timers = new Set<string>()
  let at = 0
  for (const event of events) {
    at = event.at ?? at + 1_000
    const [next, effects] = reduce(session, { ...event, at } as SessionEvent)
    session = next
    for (const effect of effects) {
      if (effect.type === 'set-timer') timers.add(effect.timer)
      if (effect.type === 'clear-timer') timers.delete(effect.timer)
      const word = short(effect)
      if (word) said.push(word)
    }
  }
  return { said, session, timers }
}

function short(effect: Effect): string | undefined {
  if (effect.type === 'start-response') return `answer: ${effect.prompt.messages.map(message).join(' | ')}`
  if (effect.type === 'cancel-response') return 'cancel'
  if (effect.type === 'close') return `close ${effect.closing.code}`
  if (effect.type !== 'send') return undefined
  const sent = effect.message
  if ('toolCall' in sent)
    return `call ${sent.toolCall.functionCalls.map(({ name, id }) => `${name}#${id.split('-')[2]}`)}`
  if ('toolCallCancellation' in sent)
    return `take back ${sent.toolCallCancellation.ids.map((id) => `#${id.split('-')[2]}`)}`
  if ('voiceActivity' in sent) return `${sent.voiceActivity.type} ${sent.voiceActivity.audioOffset}`
  if (!('serverContent' in sent)) return 'other'
  const { interactionStatus } = sent.serverContent
  return Object.keys(sent.serverContent)[0] + (interactionStatus ? ` ${interactionStatus}` : '')
}

function message(each: SessionMessage): string {
  if ('text' in each) return each.text
  if (each.role === 'call') return `${each.name}()`
  if ('error' in each.result) return '= failed'
  const { output } = each.result
  if (typeof output !== 'string') return `= ${JSON.stringify(output)}`
  return output.startsWith('Still running') ? '= running' : `= ${output}`
}

const ask = (text: string): Given => ({
  type: 'content',
  turns: [{ role: 'user', text }],
  turnComplete: true,
})
const typed = (text: string): Given => ({ type: 'realtime-text', text })
const output = (response: number, text: string, audioMs = 500): Given => ({
  type: 'response-output',
  response,
  text,
  audioMs,
})
const generated = (response: number, ...calls: string[]): Given => ({
  type: 'response-generated',
  response,
  promptTokens: 1,
  outputTokens: 1,
  calls: calls.map((name) => ({ name, args: {} })),
})
type Result = Extract<SessionEvent, { type: 'tool-results' }>['results'][number]
const result = (id: number | undefined, value: string, more: Partial<Result> = {}): Given => ({
  type: 'tool-results',
  results: [
    {
      ...(id !== undefined && { id: `function-call-${id}` }),
      result: { output: value },
      willContinue: false,
      ...more,
    },
  ],
})
const score = (fromMs: number, toMs: number, probability: number): Given[] => {
  const events: Given[] = []
  for (let startMs = fromMs; startMs < toMs; startMs += 32)
    events.push({ type: 'speech-score', at: startMs + 32, startMs, endMs: startMs + 32, probability })
  return events
}
const live: Given = { type: 'audio-received', at: 0, live: true }

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
