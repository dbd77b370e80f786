/** Any order of events keeps the promises of the core: one end per answer, nothing after a cancellation, nothing owed at rest. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floorSettings, type SessionConfig } from './config.js'
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'
import type { Session } from './session-state.js'

const RUNS = 1_000

/** A step of a random script: what happens and how much later. Ids are chosen from what the core has handed out. */
const step = fc.record({
  afterMs: fc.integer({ min: 0, max: 1_500 }),
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
    'generated',
    'failed',
    'stale-output',
    'timer',
  ),
})

interface World {
  session: Session
  at: number
  audioMs: number
  awaiting: number[]
  timers: Map<string, number>
  current: number | undefined
  /** The held answer. */
  held: number | undefined
  /** The open activity that was settled last, and where. */
  settled: { activity: number; toMs: number } | undefined
  cancelled: Set<number>
  /** Answers that were begun and those that ended on the wire or were cancelled. */
  sent: Effect[]
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
  }
  const [session] = openSession(config)
  return {
    session,
    at: 0,
    audioMs: 0,
    awaiting: [],
    timers: new Map(),
    current: undefined,
    held: undefined,
    settled: undefined,
    cancelled: new Set(),
    sent: [],
  }
}

function happen(world: World, event: SessionEvent): void {
  const [next, effects] = reduce(world.session, event)
  world.session = next
  for (const effect of effects) {
    world.sent.push(effect)
    switch (effect.type) {
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
        if (effect.held) {
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
        if ('serverContent' in effect.message && effect.message.serverContent.turnComplete) {
          if (next.output.phase === 'silent' || next.output.phase === 'responding') {
            if (!effects.some(({ type }) => type === 'start-response' || type === 'apologise'))
              world.current = undefined
          }
        }
        break
    }
  }
  // A completed answer frees its place before the next begins within the same event.
  if (next.output.phase === 'silent') world.current = undefined
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
        turns: [{ role: 'user', text: 'ask' }],
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
      return happen(world, { type: 'realtime-text', at, text: 'text' })
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
    case 'vote': {
      if (!world.settled) return
      const { activity: of, toMs } = world.settled
      return happen(world, { type: 'turn-vote', at, activity: of, toMs, probability: at % 2 })
    }
    case 'transcript-failed':
      if (activity === undefined) return
      world.awaiting.shift()
      return happen(world, { type: 'transcript-failed', at, activity, retryable: true })
    case 'output':
      if (id !== undefined)
        happen(world, { type: 'response-output', at, response: id, text: 'word ', audioMs: 400 })
      return
    case 'generated':
      if (id !== undefined) {
        world.current = undefined
        happen(world, { type: 'response-generated', at, response: id, promptTokens: 1, outputTokens: 1 })
      }
      return
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
        fc.array(step, { maxLength: 60 }),
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
          expect(world.session.turn?.parts ?? []).toEqual([])
          expect(world.awaiting).toEqual([])
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
