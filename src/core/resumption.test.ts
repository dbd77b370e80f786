/** When a session is saved, what its client is told, and how it goes on from what was saved. */
import { describe, expect, it } from 'vitest'
import { behaviourOf } from '../protocol/index.js'
import { floorSettings, type SessionConfig } from './config.js'
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'
import type { Session } from './session-state.js'
import { resumeSnapshot, type Snapshot } from './snapshot.js'

const CONFIG: SessionConfig = {
  modality: 'AUDIO',
  system: 'Be kind.',
  style: '',
  floor: floorSettings({ automatic: true }),
  interruptible: true,
  inputTranscription: true,
  outputTranscription: true,
  language: 'en',
  resumption: { transparent: false },
}

type Given = SessionEvent extends infer E ? (E extends SessionEvent ? Omit<E, 'at'> : never) : never

interface World {
  session: Session
  effects: Effect[]
  at: number
}

function open(config: Partial<SessionConfig> = {}, snapshot?: Snapshot): World {
  const [session, effects] = openSession({ ...CONFIG, ...config }, 0, snapshot)
  return { session, effects: [...effects], at: 0 }
}

function happen(world: World, ...events: Given[]): World {
  for (const event of events) {
    world.at += 1_000
    const [session, effects] = reduce(world.session, { ...event, at: world.at } as SessionEvent)
    world.session = session
    world.effects.push(...effects)
  }
  return world
}

const ask = (text: string): Given => ({
  type: 'content',
  turns: [{ role: 'user', text }],
  turnComplete: true,
})
const output = (response: number, text: string): Given => ({
  type: 'response-output',
  response,
  text,
  audioMs: 1_000,
})
const generated = (response: number): Given => ({
  type: 'response-generated',
  response,
  promptTokens: 1,
  outputTokens: 1,
})
const gone: Given = { type: 'disconnected' }
const turn = (response: number, question: string, answer: string) => [
  ask(question),
  output(response, answer),
  generated(response),
]
const saved = (checkpoint: number): Given => ({
  type: 'checkpoint-saved',
  checkpoint,
  handle: `H${checkpoint}`,
  consumedIndex: 7,
})

function checkpoints(world: World) {
  return world.effects.flatMap((effect) => (effect.type === 'checkpoint' ? [effect] : []))
}
const lastSnapshot = (world: World): Snapshot => checkpoints(world).at(-1)!.snapshot
const words = ({ messages }: Pick<Snapshot, 'messages'>) =>
  messages.map((message) => `${message.role[0]}:${'text' in message ? message.text : message.id}`)
function updates(world: World) {
  return world.effects.flatMap((effect) =>
    effect.type === 'send' && 'sessionResumptionUpdate' in effect.message
      ? [effect.message.sessionResumptionUpdate]
      : [],
  )
}
function answers(world: World): string[][] {
  return world.effects.flatMap((effect) =>
    effect.type === 'start-response' ? [words({ messages: effect.prompt.messages })] : [],
  )
}

/** As a client goes on that does not say again what it said. */
const goneOnFrom = (world: World, checkpoint: number) =>
  resumeSnapshot(lastSnapshot(world), { checkpoint, transparent: false })!
/** Ids of the calls that the client was told of. */
const told = (world: World) =>
  world.effects.flatMap((effect) =>
    effect.type === 'send' && 'toolCall' in effect.message
      ? effect.message.toolCall.functionCalls.map(({ id }) => id)
      : [],
  )
const result = (id: string): Given => ({
  type: 'tool-results',
  results: [{ id, name: 'time', result: { output: 'noon' }, willContinue: false }],
})

describe('checkpoints', () => {
  it('are not made for a session that did not ask', () => {
    const { resumption: _, ...config } = CONFIG
    const [session] = openSession(config)
    const world = happen({ session, effects: [], at: 0 }, ...turn(1, 'one', 'two'), gone)
    expect(checkpoints(world)).toEqual([])
    expect(updates(world)).toEqual([])
  })

  it('come at the start, when an answer begins, at its end and at the session’s', () => {
    const world = happen(open(), ...turn(1, 'one', 'two'), gone)
    expect(
      checkpoints(world).map(({ checkpoint, snapshot, last }) => [
        checkpoint,
        words(snapshot),
        snapshot.owed,
        last,
      ]),
    ).toEqual([
      [1, [], false, false],
      [2, ['u:one'], true, false],
      [3, ['u:one', 'm:two'], false, false],
      [4, ['u:one', 'm:two'], false, true],
    ])
  })

  it('are told to the client once they are safe, and only if they still hold', () => {
    const world = happen(open(), saved(1), ask('one'), saved(2), output(1, 'two'), generated(1))
    happen(world, saved(2), saved(3))
    expect(updates(world)).toEqual([
      { newHandle: 'H1', resumable: true },
      { resumable: false },
      { newHandle: 'H3', resumable: true },
    ])
  })

  it('[RES-4] of a client that is quicker than the store are told where the conversation was at rest', () => {
    const world = happen(open(), ask('one'), saved(1), saved(2))
    expect(updates(world)).toEqual([{ newHandle: 'H1', resumable: true }, { resumable: false }])
    happen(world, output(1, 'two'), generated(1), ask('three'), saved(3), saved(4))
    expect(updates(world).slice(2)).toEqual([{ newHandle: 'H3', resumable: true }, { resumable: false }])
  })

  it('[RES-8] carry the index of the last message where the client replays', () => {
    const world = happen(open({ resumption: { transparent: true } }), saved(1))
    expect(updates(world)).toEqual([
      { newHandle: 'H1', resumable: true, lastConsumedClientMessageIndex: '7' },
    ])
  })

  it('[RES-8] are made again while nothing happens', () => {
    const world = happen(open(), { type: 'timer', timer: 'checkpoint' }, saved(2))
    expect(updates(world)).toEqual([{ newHandle: 'H2', resumable: true }])
    const timers = world.effects.filter(
      (effect) => effect.type === 'set-timer' && effect.timer === 'checkpoint',
    )
    expect(timers).toHaveLength(2)
  })

  it('hold a question that waits behind the answer to another', () => {
    const world = happen(open({ interruptible: false }), ask('one'), output(1, 'two'), {
      type: 'realtime-text',
      text: 'and three',
    })
    expect(words(lastSnapshot(world))).toEqual(['u:one', 'u:and three'])
    expect(lastSnapshot(world).owed).toBe(true)
  })
})

describe('a session that goes on', () => {
  it('has its history and is silent where nothing is owed', () => {
    const before = happen(open(), ...turn(1, 'one', 'two'), { type: 'delivered', checkpoint: 3 }, gone)
    const world = open({}, resumeSnapshot(lastSnapshot(before), { checkpoint: 1, transparent: false }))
    expect(answers(world)).toEqual([])
    expect(world.effects.find((effect) => effect.type === 'prefill')).toBeDefined()
    happen(world, ask('three'))
    expect(answers(world)).toEqual([['u:one', 'm:two', 'u:three']])
  })

  it('answers what was asked before the connection broke, whole and once', () => {
    const before = happen(open(), ask('one'), output(1, 'half an'), gone)
    const world = open({}, resumeSnapshot(lastSnapshot(before), { checkpoint: 1, transparent: false }))
    expect(answers(world)).toEqual([['u:one']])
    const [response] = world.effects.flatMap((e) => (e.type === 'start-response' ? [e.response] : []))
    happen(world, output(response!, 'a whole answer'), generated(response!), gone)
    expect(words(lastSnapshot(world))).toEqual(['u:one', 'm:a whole answer'])
  })

  it('answers again what may not have arrived, unless the handle tells that it has', () => {
    const before = happen(open(), ...turn(1, 'one', 'two'), gone)
    const snapshot = lastSnapshot(before)
    expect(answers(open({}, resumeSnapshot(snapshot, { checkpoint: 1, transparent: false })))).toEqual([
      ['u:one'],
    ])
    expect(answers(open({}, resumeSnapshot(snapshot, { checkpoint: 3, transparent: false })))).toEqual([])
  })

  it('goes by the handle alone where the connection before is alive and its client may have given it up', () => {
    const taken = () =>
      lastSnapshot(
        happen(
          open(),
          ...turn(1, 'one', 'two'),
          { type: 'delivered', checkpoint: 3 },
          { type: 'taken-over' },
        ),
      )
    const goesOn = (checkpoint: number) =>
      answers(open({}, resumeSnapshot(taken(), { checkpoint, transparent: false })))
    expect(goesOn(1)).toEqual([['u:one']])
    expect(goesOn(3)).toEqual([])
  })

  it('[RES-17] waits for the words of what was said last', () => {
    const world = happen(open({ floor: floorSettings({ automatic: false }) }), {
      type: 'activity-start',
      audioMs: 0,
    })
    happen(world, { type: 'activity-end', audioMs: 900 }, gone)
    expect(checkpoints(world).at(-1)?.last).toBe(false)
    expect(world.session.closed).toBe(false)
    happen(world, { type: 'transcript', activity: 1, text: 'hello', language: 'es', audioMs: 900 })
    expect(world.session.closed).toBe(true)
    expect(answers(world)).toEqual([])
    expect(lastSnapshot(world)).toMatchObject({ owed: true, language: 'es' })
    expect(answers(open({}, lastSnapshot(world)))).toEqual([['u:hello']])
  })

  it('does not wait for them for ever', () => {
    const world = happen(open({ floor: floorSettings({ automatic: false }) }), {
      type: 'activity-start',
      audioMs: 0,
    })
    happen(world, { type: 'activity-end', audioMs: 900 }, gone, { type: 'timer', timer: 'answer-owed' })
    expect(world.session.closed).toBe(true)
  })

  it('is closed with a reason where another connection takes it', () => {
    const world = happen(open(), ask('one'), { type: 'taken-over' })
    expect(world.effects).toContainEqual({
      type: 'close',
      closing: { code: 1000, reason: 'This session goes on in another connection.' },
    })
    expect(lastSnapshot(world)).toMatchObject({ owed: true })
    expect(world.session.closed).toBe(true)
  })

  describe('before its history was complete', () => {
    const seed = (text: string, turnComplete: boolean): Given => ({
      type: 'content',
      turns: [{ role: 'user', text }],
      turnComplete,
    })
    const config = { initialHistory: true }
    const begun = () => happen(open(config), saved(1), seed('one', false), saved(2))

    it('[CTX-4] takes the rest of it as history, and answers what comes then', () => {
      const world = open(config, goneOnFrom(happen(begun(), gone), 2))
      happen(world, seed('two', true))
      expect(answers(world)).toEqual([])
      happen(world, ask('three'))
      expect(answers(world)).toEqual([['u:one', 'u:two', 'u:three']])
    })

    it('[CTX-4] answers at once where it was complete, or where the setup promises none any more', () => {
      const complete = open(config, goneOnFrom(happen(begun(), seed('', true), gone), 2))
      expect(answers(happen(complete, ask('three')))).toHaveLength(1)
      const without = open({}, goneOnFrom(happen(begun(), gone), 2))
      expect(answers(happen(without, ask('three')))).toHaveLength(1)
    })

    it('[CTX-4] [RES-9] is told it again by a transparent client from where its handle leads', () => {
      const transparent = { ...config, resumption: { transparent: true } }
      const before = happen(open(transparent), saved(1), seed('one', true), saved(2), ask('three'), gone)
      const from = (checkpoint: number) =>
        open(transparent, resumeSnapshot(lastSnapshot(before), { checkpoint, transparent: true }))
      expect(answers(happen(from(1), seed('one', true), ask('three')))).toEqual([['u:one', 'u:three']])
      expect(answers(happen(from(2), ask('three')))).toEqual([['u:one', 'u:three']])
    })
  })

  it('[RES-14] [TOK-21] keeps none of it where a token says what it is', () => {
    const replaced: Given = {
      type: 'context-update',
      system: 'Be wild.',
      functions: [{ name: 'leak', description: '' }],
    }
    const snapshot = lastSnapshot(happen(open(), replaced, gone))
    const fixed = { system: true, functions: true }
    expect(open({}, snapshot).session).toMatchObject({
      system: 'Be wild.',
      tools: { functions: [{ name: 'leak' }] },
    })
    expect(open({ fixed }, snapshot).session).toMatchObject({ system: 'Be kind.', tools: { functions: [] } })
    const half = open({ fixed: { system: false, functions: true } }, snapshot).session
    expect(half).toMatchObject({ system: 'Be wild.', tools: { functions: [] } })
  })

  it('[RES-14] keeps a system instruction that was replaced, unless the setup brings another', () => {
    const replaced: Given = {
      type: 'content',
      turns: [{ role: 'system', text: 'Be brief.' }],
      turnComplete: false,
    }
    const snapshot = lastSnapshot(happen(open(), replaced, gone))
    expect(open({}, snapshot).session.system).toBe('Be brief.')
    expect(open({ system: 'Be wild.' }, snapshot).session.system).toBe('Be wild.')
  })
})

describe('calls that are open when the connection breaks', () => {
  const calls: Given = {
    type: 'response-generated',
    response: 1,
    calls: [{ name: 'time', args: {} }],
    promptTokens: 1,
    outputTokens: 1,
  }
  const config = { functions: [{ name: 'time', description: '' }] }

  it('[RES-15] are told again under the same id, and answered once', () => {
    const before = happen(open(config), ask('what time is it'), calls, gone)
    const snapshot = resumeSnapshot(lastSnapshot(before), { checkpoint: 1, transparent: false })!
    expect(snapshot.owed).toBe(false)
    const world = open(config, snapshot)
    const called = world.effects.flatMap((e) =>
      e.type === 'send' && 'toolCall' in e.message ? e.message.toolCall.functionCalls : [],
    )
    const [id] = called.map((call) => call.id)
    expect(called).toHaveLength(1)
    expect(words(snapshot)).toEqual(['u:what time is it', `c:${id}`])
    happen(world, {
      type: 'tool-results',
      results: [{ id: id!, name: 'time', result: { output: 'noon' }, willContinue: false }],
    })
    expect(answers(world)).toEqual([['u:what time is it', `c:${id}`, `r:${id}`]])
  })

  it('[INT-5] [TOOL-16] keep what was said before them, and no id is given twice after a crash', () => {
    const before = happen(open(config), ask('what time is it'), output(1, 'Let me look.'), calls)
    const kept = goneOnFrom(before, 1)
    const [id] = told(before)
    // Its clock begins anew: by the old one nothing of it would have been played.
    const world = open(config, kept)
    happen(world, { type: 'realtime-text', text: 'never mind' })
    expect(answers(world).at(-1)).toEqual([
      'u:what time is it',
      'm:Let me look.',
      `c:${id}`,
      `r:${id}`,
      'u:never mind',
    ])
    const second = open(config, kept)
    happen(second, result(id!))
    const [response] = second.effects.flatMap((e) => (e.type === 'start-response' ? [e.response] : []))
    happen(second, { ...calls, response: response! })
    // What the server before may have told since its last snapshot.
    const numbers = told(second).map((each) => Number(each.split('-')[2]))
    expect(numbers.at(-1)! - numbers[0]!).toBeGreaterThan(1_000)
  })

  it('[RES-15] are told again before what was asked meanwhile is answered', () => {
    const quiet = { ...config, interruptible: false }
    const before = happen(open(quiet), ask('what time is it'), calls, {
      type: 'realtime-text',
      text: 'and where',
    })
    happen(before, gone)
    const world = open(quiet, goneOnFrom(before, 1))
    const [id] = told(world)
    expect(answers(world)).toEqual([])
    happen(world, result(id!))
    expect(answers(world)).toEqual([['u:what time is it', `c:${id}`, `r:${id}`, 'u:and where']])
  })

  describe('in the background', () => {
    const background = { functions: [{ name: 'time', description: '', behavior: 'NON_BLOCKING' as const }] }

    it('[RES-15] are told again under the same id, with words before them or without', () => {
      for (const words of [[], [output(1, 'Let me look.')]]) {
        const before = happen(open(background), ask('what time is it'), ...words, calls)
        const [id] = told(before)
        happen(before, gone)
        const world = open(background, goneOnFrom(before, 1))
        expect(told(world)).toEqual([id])
        happen(world, result(id!))
        expect(answers(world)).toHaveLength(1)
        expect(answers(world)[0]!.slice(-2)).toEqual([`c:${id}`, `r:${id}`])
      }
    })

    it('[RES-15] are told again beside the answer that is owed', () => {
      const before = happen(open(background), ask('what time is it'), calls, ask('who are you'), gone)
      const world = open(background, goneOnFrom(before, 1))
      expect(told(world)).toEqual(told(before))
      expect(answers(world)).toHaveLength(1)
    })

    it('[RES-15] are not told again to a client with a handle of after them', () => {
      const before = happen(open(background), ask('what time is it'), calls)
      const { checkpoint } = checkpoints(before).at(-1)!
      const [id] = told(before)
      happen(before, gone)
      const world = open(background, goneOnFrom(before, checkpoint))
      expect(told(world)).toEqual([])
      happen(world, result(id!))
      expect(answers(world)).toHaveLength(1)
    })

    it('[RES-9] take a result that a client says again', () => {
      const transparent = { ...background, resumption: { transparent: true } }
      const before = happen(open(transparent), ask('what time is it'), calls)
      const { checkpoint } = checkpoints(before).at(-1)!
      const [id] = told(before)
      happen(before, result(id!), gone)
      const world = open(transparent, resumeSnapshot(lastSnapshot(before), { checkpoint, transparent: true }))
      expect([told(world), answers(world)]).toEqual([[], []])
      happen(world, result(id!))
      expect(answers(world)).toHaveLength(1)
    })

    it('[RES-5] are spoken of where their result came while the user spoke', () => {
      const marked = { ...background, floor: floorSettings({ automatic: false }) }
      const before = happen(open(marked), ask('what time is it'), calls)
      const [id] = told(before)
      happen(before, { type: 'activity-start', audioMs: 0 }, result(id!), gone)
      expect(answers(open(marked, goneOnFrom(before, 1)))).toEqual([
        ['u:what time is it', `c:${id}`, `r:${id}`],
      ])
    })

    it('[RES-5] have a result kept that comes while the model speaks', () => {
      const before = happen(open(background), ask('what time is it'), calls, ask('hello'), output(2, 'hi'))
      const [id] = told(before)
      happen(before, result(id!))
      expect(lastSnapshot(before).tools.arrived).toHaveLength(1)
    })
  })

  it('[TOOL-13] told again are followed by turnComplete for a client that shows them no earlier', () => {
    const waiting = { ...config, behaviour: behaviourOf('', 'google-adk/1.0') }
    const before = happen(open(waiting), ask('what time is it'), calls, gone)
    const world = open(waiting, goneOnFrom(before, 1))
    const sent = world.effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []))
    expect(sent).toMatchObject([{ toolCall: {} }, { serverContent: { turnComplete: true } }])
  })

  it('[RES-4] are saved as soon as they are made, and nothing is resumable meanwhile', () => {
    const world = happen(open(config), ask('what time is it'), calls)
    expect(lastSnapshot(world).calling?.calls).toHaveLength(1)
    happen(world, saved(world.session.resumption!.checkpoint))
    expect(updates(world)).toEqual([{ resumable: false }])
  })
})

describe('functions that were replaced in mid-session', () => {
  const time = { name: 'time', description: '' }
  const place = { name: 'place', description: '' }
  const update: Given = { type: 'context-update', functions: [time, place] }
  const names = ({ session }: World) => session.tools.functions.map(({ name }) => name)
  const config = { functions: [time] }

  it('[RES-14] stay replaced, unless the setup brings others', () => {
    const before = happen(open(config), update)
    const kept = JSON.parse(JSON.stringify(goneOnFrom(before, 1)))
    happen(before, gone)
    const again = open({ functions: [{ ...time }] }, kept)
    expect(names(again)).toEqual(['time', 'place'])
    expect(names(open(config, goneOnFrom(happen(again, gone), 1)))).toEqual(['time', 'place'])
    expect(names(open({ functions: [place] }, kept))).toEqual(['place'])
    expect(names(open({}, kept))).toEqual([])
  })

  it('[RES-14] stay replaced where the setup had none', () => {
    const before = happen(open(), update, gone)
    expect(names(open({}, goneOnFrom(before, 1)))).toEqual(['time', 'place'])
  })

  it('are in no snapshot where they are those of the setup', () => {
    for (const each of [config, {}])
      expect(lastSnapshot(happen(open(each), gone))).not.toHaveProperty('replacedFunctions')
  })
})

describe('a transparent client', () => {
  const config = { resumption: { transparent: true } }

  it('goes on from just where its handle leads, and nothing is owed', () => {
    const before = happen(
      open(config),
      ...turn(1, 'one', 'two'),
      ...turn(2, 'three', 'four'),
      ask('five'),
      gone,
    )
    const at = (checkpoint: number) => resumeSnapshot(lastSnapshot(before), { checkpoint, transparent: true })
    expect(words(at(3)!)).toEqual(['u:one', 'm:two'])
    expect(words(at(5)!)).toEqual(['u:one', 'm:two', 'u:three', 'm:four'])
    expect(at(5)!.owed).toBe(false)
    expect(answers(open(config, at(3)))).toEqual([])
  })

  it('[RES-9] is refused a handle that is too old, or of the future', () => {
    const world = open(config)
    for (let index = 0; index < 100; index++) happen(world, { type: 'timer', timer: 'checkpoint' })
    happen(world, gone)
    const at = (checkpoint: number) => resumeSnapshot(lastSnapshot(world), { checkpoint, transparent: true })
    expect(at(1)).toBeUndefined()
    expect(at(5_000)).toBeUndefined()
    expect(at(101)).toBeDefined()
  })
})
