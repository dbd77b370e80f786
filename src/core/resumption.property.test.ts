/** Connections that break after any event: every question stays in the history once, every call has a result, and all is answered. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ServerMessage } from '../protocol/index.js'
import { floorSettings, type SessionConfig } from './config.js'
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'
import type { Session } from './session-state.js'
import { resumeSnapshot, type Snapshot } from './snapshot.js'

const RUNS = 500

type Call = { readonly id: string; readonly name: string }

const config: SessionConfig = {
  modality: 'AUDIO',
  system: '',
  style: '',
  floor: floorSettings({ automatic: false }),
  interruptible: true,
  inputTranscription: true,
  outputTranscription: true,
  language: 'en',
  resumption: { transparent: false },
  functions: [
    { name: 'alpha', description: '', behavior: 'BLOCKING' },
    { name: 'gamma', description: '', behavior: 'NON_BLOCKING' },
  ],
}

const steps = fc.array(
  fc.constantFrom(
    ...([
      'ask',
      'type',
      'speak',
      'transcript',
      'output',
      'output',
      'generated',
      'alpha',
      'gamma',
      'result',
      'received',
      'cut',
      'kill',
    ] as const),
  ),
  // Without a size it would be ten at most.
  { maxLength: 60, size: 'max' },
)

/** A server and its client, as far as the core sees them. */
function world() {
  let at = 0
  let asked = 0
  let awaiting: number[] = []
  /** What the store holds, and the handle that the client has. */
  let stored: Snapshot | undefined
  let handle = 0
  let unreceived: number | undefined
  /** Calls that the client knows of and has not answered, and those that it knew of when its handle came. */
  let open: Call[] = []
  let openAtHandle: Call[] = []
  let [session, opening]: readonly [Session, readonly Effect[]] = openSession(config, at)
  take(opening)

  function take(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === 'checkpoint') {
        stored = effect.snapshot
        if (!effect.last)
          happen({
            type: 'checkpoint-saved',
            checkpoint: effect.checkpoint,
            handle: String(effect.checkpoint),
            consumedIndex: 0,
          })
      }
      if (effect.type === 'confirm-delivery') unreceived = effect.checkpoint
      if (effect.type === 'send') hearMessage(effect.message)
      if (effect.type === 'close-activity') awaiting.push(effect.activity)
    }
  }
  function hearMessage(message: ServerMessage): void {
    if ('sessionResumptionUpdate' in message && message.sessionResumptionUpdate.newHandle !== undefined) {
      handle = Number(message.sessionResumptionUpdate.newHandle)
      openAtHandle = open
    }
    if ('toolCall' in message) open = [...open, ...message.toolCall.functionCalls]
    if ('toolCallCancellation' in message) forget(message.toolCallCancellation.ids)
  }
  function forget(ids: readonly string[]): void {
    open = open.filter(({ id }) => !ids.includes(id))
    openAtHandle = openAtHandle.filter(({ id }) => !ids.includes(id))
  }
  function answerCall(): void {
    const call = open.at(0)
    if (!call) return
    forget([call.id])
    happen({
      type: 'tool-results',
      results: [{ ...call, result: { output: 'done' }, willContinue: false }],
    })
  }
  function happen(event: object): void {
    at += 10
    const [next, effects] = reduce(session, { ...event, at } as SessionEvent)
    session = next
    take(effects)
  }
  function resume(): void {
    awaiting = []
    unreceived = undefined
    open = openAtHandle
    ;[session, opening] = openSession(
      config,
      at,
      resumeSnapshot(stored!, { checkpoint: handle, transparent: false }),
    )
    take(opening)
  }
  const hearAll = () => {
    for (const activity of awaiting.splice(0))
      happen({ type: 'transcript', activity, text: `q${++asked}`, language: 'en', audioMs: 500 })
  }
  const running = () => (session.output.phase === 'responding' ? session.output.response : undefined)
  return {
    get session() {
      return session
    },
    get asked() {
      return asked
    },
    get openCalls() {
      return open.length
    },
    answerCall,
    hearAll,
    running,
    happen,
    step(what: string) {
      const response = running()
      if (what === 'ask')
        happen({ type: 'content', turns: [{ role: 'user', text: `q${++asked}` }], turnComplete: true })
      if (what === 'type') happen({ type: 'realtime-text', text: `q${++asked}` })
      if (what === 'speak') {
        happen({ type: 'activity-start', audioMs: at })
        happen({ type: 'activity-end', audioMs: at + 500 })
      }
      if (what === 'transcript') hearAll()
      // An answer of which nothing was sent has failed: that is another test's.
      if ((what === 'output' || what === 'generated') && response !== undefined)
        happen({ type: 'response-output', response, text: 'a word ', audioMs: 100 })
      if (what === 'generated' && response !== undefined)
        happen({ type: 'response-generated', response, promptTokens: 1, outputTokens: 1 })
      if ((what === 'alpha' || what === 'gamma') && response !== undefined)
        happen({
          type: 'response-generated',
          response,
          calls: [{ name: what, args: {} }],
          promptTokens: 1,
          outputTokens: 0,
        })
      if (what === 'result') answerCall()
      if (what === 'received' && unreceived !== undefined)
        happen({ type: 'delivered', checkpoint: unreceived })
      if (what === 'cut') {
        happen({ type: 'disconnected' })
        hearAll()
        resume()
      }
      // What was said and is not recognised yet dies with the server.
      if (what === 'kill') resume()
    },
  }
}

it('[RES-5] [RES-15] keeps every question once, has every call answered and owes none in the end', () => {
  fc.assert(
    fc.property(steps, (whats) => {
      const run = world()
      for (const what of whats) run.step(what)
      run.hearAll()
      while (run.running() !== undefined || run.openCalls > 0) {
        const response = run.running()
        if (response === undefined) run.answerCall()
        else {
          run.happen({ type: 'response-output', response, text: 'The end.', audioMs: 0 })
          run.happen({ type: 'response-generated', response, promptTokens: 1, outputTokens: 1 })
        }
      }
      const ids = (role: 'call' | 'result') =>
        run.session.messages.flatMap((message) => (message.role === role ? [message.id] : [])).sort()
      expect(ids('result')).toEqual(ids('call'))
      const said = run.session.messages.flatMap((m) =>
        m.role === 'user' && 'text' in m ? m.text.split(' ') : [],
      )
      const questions = said.filter((word) => word.startsWith('q'))
      expect(questions.sort()).toEqual(Array.from({ length: run.asked }, (_, i) => `q${i + 1}`).sort())
      if (run.asked > 0) expect(run.session.messages.at(-1)?.role).toBe('model')
      expect(run.session.context.sizes).toHaveLength(run.session.messages.length)
    }),
    { numRuns: RUNS },
  )
})
