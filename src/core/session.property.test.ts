/**
 * Any order of events keeps the promises of the core: one end per answer, nothing after a cancellation, nothing owed at rest, every typed
 * question answered, no timer left at the end, and a history that holds of the model just what was heard.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CoreListener, createCoreListener } from '../testing/core-listener.js'
import { floorSettings, type SessionConfig } from './config.js'
import type { Effect, SessionMessage } from './effects.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'
import type { Session } from './session-state.js'

const RUNS = 500

/** A step of a random script: what happens and how much later. Ids are chosen from what the core has handed out. */
const step = fc.record({
  // Short ones meet an answer while it is played.
  afterMs: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 1_500 })),
  what: fc.constantFrom(
    'speech',
    'speech',
    'silence',
    'silence',
    'ask',
    'seed',
    'text',
    'live',
    'burst',
    'drained',
    'stream-end',
    'transcript',
    'no-words',
    'words',
    'vote',
    'words',
    'transcript-failed',
    'output',
    'output',
    'output-part',
    'output-rest',
    'generated',
    'failed',
    'ready',
    'ending',
    'held-failed',
    'stale-output',
    'timer',
    'call',
    'call',
    'call-behind',
    'call-both',
    'result',
    'result',
    'result-silent',
    'result-at-once',
    'result-more',
    'result-unasked',
    'context',
    'picture',
    'echo',
  ),
})

interface World {
  session: Session
  at: number
  audioMs: number
  awaiting: number[]
  timers: Map<string, number>
  current: number | undefined
  /** The answer that may send nothing. */
  paused: number | undefined
  /** The held answer. */
  held: number | undefined
  /** The open activity that was settled last, and where. */
  settled: { activity: number; toMs: number } | undefined
  cancelled: Set<number>
  /** Answers that were begun and those that ended on the wire or were cancelled. */
  sent: Effect[]
  /** Calls that the client was told of and has not answered, oldest first; true = the model waits. */
  calls: Map<string, boolean>
  /** Results that were taken, by id, until they stand in a prompt. */
  untold: Set<string>
  listener: CoreListener
  /** Words of the model and of the user, each of them new. */
  words: number
}

function newWorld(interruptible: boolean, graded: boolean): World {
  const config: SessionConfig = {
    modality: 'AUDIO',
    system: '',
    style: '',
    floor: floorSettings({ automatic: true, ...(graded ? {} : { silenceDurationMs: 500 }) }),
    interruptible,
    inputTranscription: true,
    outputTranscription: false,
    language: 'en',
    functions: [
      { name: 'wait', description: '', behavior: 'BLOCKING' },
      { name: 'back', description: '', behavior: 'NON_BLOCKING' },
    ],
  }
  const [session] = openSession(config)
  return {
    session,
    at: 0,
    audioMs: 0,
    awaiting: [],
    timers: new Map(),
    current: undefined,
    paused: undefined,
    held: undefined,
    settled: undefined,
    cancelled: new Set(),
    sent: [],
    calls: new Map(),
    untold: new Set(),
    listener: createCoreListener(),
    words: 0,
  }
}

function happen(world: World, event: SessionEvent): void {
  const before = world.session
  const [next, effects] = reduce(before, event)
  world.session = next
  world.listener.hear(before, event, effects)
  // Of the model the history holds what was heard, after every event.
  expect(next.messages.flatMap((message) => (message.role === 'model' ? [message.text] : []))).toEqual(
    world.listener.heard,
  )
  for (const effect of effects) {
    world.sent.push(effect)
    switch (effect.type) {
      case 'pause-response':
        // What was sent whole, or before a call, is played still.
        expect(effect.response).toBe(
          next.output.phase === 'calling' || next.output.phase === 'playing'
            ? next.output.response
            : world.current,
        )
        world.paused = effect.response
        break
      case 'resume-response':
        expect(effect.response).toBe(world.paused)
        world.paused = undefined
        break
      case 'release-response':
        expect(effect.response).toBe(world.held)
        world.held = undefined
        expect(world.current).toBeUndefined()
        world.current = effect.response
        break
      case 'settle-activity':
        world.settled = effect
        break
      case 'start-response':
        expectWellFormed(effect.prompt.messages)
        for (const message of effect.prompt.messages) {
          // One that comes late is told under an id of its own, which begins with the call's.
          if (message.role === 'result') world.untold.delete(message.id.split('-').slice(0, 3).join('-'))
        }
        if (effect.standing !== 'certain') {
          expect(world.held).toBeUndefined()
          world.held = effect.response
          break
        }
        expect(world.held).toBeUndefined()
        expect(world.current).toBeUndefined()
        world.current = effect.response
        break
      case 'apologise':
        // One answer at a time: the one before has ended.
        expect(world.current).toBeUndefined()
        world.current = effect.response
        break
      case 'cancel-response':
        world.cancelled.add(effect.response)
        if (world.current === effect.response) world.current = undefined
        if (world.held === effect.response) world.held = undefined
        if (world.paused === effect.response) world.paused = undefined
        break
      case 'close-activity':
      case 'retry-activity':
        world.awaiting.push(effect.activity)
        break
      case 'set-timer':
        world.timers.set(effect.timer, effect.at)
        break
      case 'clear-timer':
        world.timers.delete(effect.timer)
        break
      case 'send':
        if ('toolCall' in effect.message) {
          for (const { id, name } of effect.message.toolCall.functionCalls) {
            expect(world.calls.has(id)).toBe(false)
            world.calls.set(id, name === 'wait')
          }
        }
        if ('toolCallCancellation' in effect.message) {
          for (const id of effect.message.toolCallCancellation.ids) expect(world.calls.delete(id)).toBe(true)
        }
        if ('serverContent' in effect.message && effect.message.serverContent.turnComplete) {
          if (next.output.phase === 'silent' || next.output.phase === 'responding') {
            if (!effects.some(({ type }) => type === 'start-response' || type === 'apologise'))
              world.current = undefined
          }
        }
        break
    }
  }
  // The client may take its time: nobody apologises for it.
  if (event.type === 'timer' && before.output.phase === 'calling') {
    expect(effects.filter(({ type }) => type === 'apologise' || type === 'cancel-response')).toEqual([])
  }
  // Paused is what may yet be decided, and its time is limited.
  if (next.overlap?.paused) expect(world.timers.has('barge-in')).toBe(true)
  if (next.output.phase === 'silent') world.paused = undefined
  // A completed answer frees its place before the next begins within the same event.
  if (next.output.phase === 'silent') world.current = undefined
}

/** What every engine takes: each call, or run of calls, with its results right behind it. */
function expectWellFormed(messages: readonly SessionMessage[]): void {
  let open: string[] = []
  let inResults = false
  for (const message of messages) {
    if (message.role === 'call') {
      if (inResults) expect(open).toEqual([])
      inResults = false
      open.push(message.id)
    } else if (message.role === 'result') {
      inResults = true
      expect(open).toContain(message.id)
      open = open.filter((id) => id !== message.id)
    } else {
      expect(open).toEqual([])
      inResults = false
    }
  }
  expect(open).toEqual([])
}

function giveResult(world: World, what: string): void {
  const [id] = [...world.calls.keys()]
  if (id === undefined) return
  const more = what === 'result-more'
  const scheduling = { 'result-silent': 'SILENT', 'result-at-once': 'INTERRUPT' } as const
  const how = what in scheduling ? { scheduling: scheduling[what as keyof typeof scheduling] } : {}
  if (!more) world.calls.delete(id)
  if (what !== 'result-silent') world.untold.add(id)
  happen(world, {
    type: 'tool-results',
    at: world.at,
    results: [{ id, result: { output: 'value' }, willContinue: more, ...how }],
  })
}

/** Four letters, so that all take equally long to say. */
function newWord(world: World): string {
  const number = world.words++
  return [17_576, 676, 26, 1]
    .map((place) => String.fromCharCode(97 + (Math.floor(number / place) % 26)))
    .join('')
}

const twoWords = (world: World) => `${newWord(world)} ${newWord(world)} `

/** More of the last clause is to come. */
function isPartSent({ output }: Session): boolean {
  const last = output.phase === 'responding' ? output.clauses.at(-1) : undefined
  return last !== undefined && last.sent.reduce((sum, { audioMs }) => sum + audioMs, 0) < last.lengthMs
}

function take(world: World, what: string): void {
  const { at } = world
  const id = world.session.output.phase === 'silent' ? undefined : world.session.output.response
  const activity = world.awaiting[0]
  const frame = (probability: number) => {
    for (let count = 0; count < 12; count++) {
      const startMs = world.audioMs
      world.audioMs += 32
      happen(world, { type: 'speech-score', at, startMs, endMs: world.audioMs, probability })
    }
  }
  switch (what) {
    case 'speech':
      return frame(0.95)
    case 'silence':
      return frame(0.01)
    case 'ask':
      return happen(world, {
        type: 'content',
        at,
        turns: [{ role: 'user', text: newWord(world) }],
        turnComplete: true,
      })
    case 'seed':
      return happen(world, {
        type: 'content',
        at,
        turns: [{ role: 'user', text: 'seed' }],
        turnComplete: false,
      })
    case 'text':
      return happen(world, { type: 'realtime-text', at, text: newWord(world) })
    case 'live':
      return happen(world, { type: 'audio-received', at, live: true })
    case 'burst':
      return happen(world, { type: 'audio-received', at, live: false })
    case 'drained':
      return happen(world, { type: 'audio-drained', at })
    case 'stream-end':
      return happen(world, { type: 'audio-stream-end', at, audioMs: world.audioMs })
    case 'transcript':
    case 'no-words': {
      if (activity === undefined) return
      world.awaiting.shift()
      const text = what === 'transcript' ? 'words' : ''
      return happen(world, { type: 'transcript', at, activity, text, language: 'en', audioMs: 500 })
    }
    case 'words': {
      if (!world.settled) return
      const { activity: of, toMs } = world.settled
      return happen(world, { type: 'words', at, activity: of, toMs, text: 'w', language: 'en', audioMs: 9 })
    }
    case 'echo': {
      const { floor } = world.session
      if (floor.phase !== 'speaking') return
      // Now and then of one that is over.
      const of = floor.activity - (at % 5 === 0 ? 1 : 0)
      const heard = { share: (at % 11) / 10, levelDb: -30 - (at % 7) }
      return happen(world, { type: 'echo', at, activity: of, toMs: world.audioMs, ...heard })
    }
    case 'vote': {
      if (!world.settled) return
      const { activity: of, toMs } = world.settled
      return happen(world, { type: 'turn-vote', at, activity: of, toMs, probability: at % 2 })
    }
    case 'ready':
      if (world.held !== undefined) happen(world, { type: 'response-ready', at, response: world.held })
      return
    case 'ending': {
      if (world.held === undefined) return
      const view = { ends: -(at % 9), trailsOff: -(at % 13) }
      return happen(world, { type: 'response-ending', at, response: world.held, ...view })
    }
    case 'held-failed':
      if (world.held !== undefined)
        happen(world, { type: 'response-failed', at, response: world.held, retryable: true })
      return
    case 'transcript-failed':
      if (activity === undefined) return
      world.awaiting.shift()
      return happen(world, { type: 'transcript-failed', at, activity, retryable: true })
    case 'output':
      if (id !== undefined && id !== world.paused)
        happen(world, { type: 'response-output', at, response: id, text: twoWords(world), audioMs: 1_200 })
      return
    case 'output-part':
      if (id !== undefined && id !== world.paused) {
        const part = { audioMs: 500, clauseMs: 1_000 }
        happen(world, { type: 'response-output', at, response: id, text: twoWords(world), ...part })
      }
      return
    case 'output-rest':
      if (id !== undefined && id !== world.paused && isPartSent(world.session))
        happen(world, { type: 'response-output', at, response: id, text: '', audioMs: 500 })
      return
    case 'generated':
      if (id !== undefined && id !== world.paused) {
        world.current = undefined
        happen(world, { type: 'response-generated', at, response: id, promptTokens: 1, outputTokens: 1 })
      }
      return
    case 'call':
    case 'call-behind':
    case 'call-both': {
      if (id === undefined) return
      const names = { call: ['wait'], 'call-behind': ['back'], 'call-both': ['back', 'wait', 'wait'] }[what]
      world.current = undefined
      const calls = names.map((name) => ({ name, args: {} }))
      happen(world, { type: 'response-generated', at, response: id, promptTokens: 1, outputTokens: 1, calls })
      return
    }
    case 'result':
    case 'result-silent':
    case 'result-at-once':
    case 'result-more':
      return giveResult(world, what)
    case 'result-unasked': {
      const results = [{ name: 'mood', result: { output: 'value' }, willContinue: false }]
      return happen(world, { type: 'tool-results', at, results })
    }
    case 'context':
      return happen(world, { type: 'context-update', at, system: `at ${at}` })
    case 'picture':
      return happen(world, { type: 'picture', at, picture: String(at) })
    case 'failed':
      if (id !== undefined) happen(world, { type: 'response-failed', at, response: id, retryable: true })
      return
    case 'stale-output': {
      const stale = [...world.cancelled][0]
      if (stale === undefined) return
      const before = world.session
      happen(world, { type: 'response-output', at, response: stale, text: 'late', audioMs: 400 })
      expect(world.session).toBe(before)
      return
    }
    case 'timer': {
      const due = [...world.timers.entries()].sort((a, b) => a[1] - b[1])[0]
      if (!due) return
      world.at = Math.max(world.at, due[1])
      world.timers.delete(due[0])
      happen(world, { type: 'timer', at: world.at, timer: due[0] as 'playout' })
      return
    }
  }
}

/** Lets everything under way come to its end: silence, transcripts, answers, timers. */
function settle(world: World): void {
  for (let round = 0; round < 12; round++) {
    world.at += 5_000
    for (const what of [
      'silence',
      'silence',
      'silence',
      'stream-end',
      'transcript',
      'transcript',
      'result',
      'result',
      'output',
      'generated',
      'timer',
    ]) {
      take(world, what)
    }
  }
}

describe('the session machine under any order of events', () => {
  it('keeps its promises', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60, size: 'max' }),
        fc.boolean(),
        fc.boolean(),
        (steps, interruptible, graded) => {
          const world = newWorld(interruptible, graded)
          for (const { afterMs, what } of steps) {
            world.at += afterMs
            take(world, what)
          }
          settle(world)
          // Nothing is owed at rest: every turn was answered or dropped, every answer ended.
          expect(world.session.output).toEqual({ phase: 'silent' })
          expect(world.held).toBeUndefined()
          expect(world.paused).toBeUndefined()
          expect(world.session.turn?.parts ?? []).toEqual([])
          expect([...world.listener.unanswered]).toEqual([])
          expect(world.awaiting).toEqual([])
          // Every call was answered or taken back, and every result was spoken of.
          expect([...world.calls.keys()]).toEqual([])
          expect([...world.untold]).toEqual([])
          expect(world.session.tools).toMatchObject({ background: [], arrived: [], due: false })
          // `interrupted` is always followed by the end of that turn, with nothing in between.
          const contents = world.sent.flatMap((effect) =>
            effect.type === 'send' && 'serverContent' in effect.message
              ? [Object.keys(effect.message.serverContent)[0]]
              : [],
          )
          for (const [index, content] of contents.entries()) {
            if (content === 'interrupted') expect(contents[index + 1]).toBe('turnComplete')
          }
          happen(world, { type: 'disconnected', at: world.at + 1 })
          expect([...world.timers.keys()]).toEqual([])
          const before = world.session
          happen(world, {
            type: 'content',
            at: world.at + 2,
            turns: [{ role: 'user', text: 'late' }],
            turnComplete: true,
          })
          expect(world.session).toBe(before)
        },
      ),
      { numRuns: RUNS },
    )
  })
})
