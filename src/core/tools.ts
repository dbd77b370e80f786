/**
 * Functions of the client: calls go out, results come in, and each is spoken of once, when nobody else speaks. While the
 * model waits for a result the user is heard as ever, and what they say takes the call back. Every function takes the
 * session, pushes what is to be done and returns the session after it.
 */
import {
  generationCompleteMessage,
  type ToolResult,
  toolCallMessage,
  turnCompleteMessage,
} from '../protocol/index.js'
import { cancelCalls } from './calls.js'
import type { Effect, SessionMessage } from './effects.js'
import type { RequestedCall, SessionEvent } from './events.js'
import { wholeText } from './playout.js'
import * as response from './response.js'
import { type Output, type Session, SILENT, type Spent, sessionPrompt } from './session-state.js'
import {
  type ArrivedResult,
  type AwaitedCall,
  callOf,
  isEmpty,
  type OpenCall,
  sessionBehaviour,
  waitsFor,
  wholeResult,
} from './tools-state.js'
import { isSettled, turnText } from './turn.js'
import { usageOf } from './usage.js'

type Calling = Extract<Output, { phase: 'calling' }>

const NOTHING: Spent = { promptTokens: 0, outputTokens: 0 }

// ---- calls go out

/** The model has said what it wanted to say first, and calls functions. */
export function callFunctions(
  session: Session,
  at: number,
  effects: Effect[],
  requested: readonly RequestedCall[],
  usage: Spent,
): Session {
  const { output, config, tools } = session
  if (output.phase !== 'responding') return session
  const calls = requested.map((call, index) => ({ ...call, id: `function-call-${session.nextId + index}` }))
  effects.push({ type: 'send', message: toolCallMessage(calls) })
  response.watchWords(session, at, effects)

  const said = wholeText(output.clauses)
  const isAwaited = ({ name }: OpenCall) => waitsFor(config, tools, name)
  const awaited = calls
    .filter(isAwaited)
    .map(({ id, name }): AwaitedCall => ({ id, name, results: [], done: false, silent: false }))
  const background = calls.filter((call) => !isAwaited(call)).map(({ id, name }) => ({ id, name }))
  const next: Session = {
    ...session,
    nextId: session.nextId + calls.length,
    messages: [
      ...session.messages,
      ...(said === '' ? [] : [{ role: 'model' as const, text: said }]),
      ...calls.map((call): SessionMessage => ({ role: 'call', ...call })),
    ],
    tools: { ...tools, background: [...tools.background, ...background] },
  }
  const { clauses } = output
  const endsTurn = () =>
    effects.push({ type: 'send', message: turnCompleteMessage(usageOf(session, usage, clauses)) })
  if (awaited.length > 0) {
    if (sessionBehaviour(config).turnCompleteAfterCall) endsTurn()
    const calling: Calling = { phase: 'calling', response: output.response, clauses, usage, calls: awaited }
    return { ...next, output: calling }
  }
  // What was said is a turn of its own. Where nothing was, the turn goes on with the results: a client that reads up
  // to turnComplete would miss them.
  if (said !== '') effects.push({ type: 'send', message: generationCompleteMessage() })
  const ends = said !== '' || sessionBehaviour(config).turnCompleteAfterCall
  if (ends) endsTurn()
  return { ...next, output: SILENT, tools: { ...next.tools, ...(!ends && { turnGoesOn: true }) } }
}

/**
 * Says once more, with the same ids, which results are waited for, and which of the background are `untold`: another connection may not
 * have heard of them.
 */
export function repeatCalls(session: Session, effects: Effect[], untold: readonly string[]): Session {
  const { output, messages, config } = session
  const awaited = output.phase === 'calling' ? output.calls : []
  const open = new Set([...untold, ...awaited.flatMap(({ id, done }) => (done ? [] : [id]))])
  const calls = messages.flatMap((message) =>
    message.role === 'call' && open.has(message.id)
      ? [{ id: message.id, name: message.name, args: message.args }]
      : [],
  )
  if (calls.length === 0) return session
  effects.push({ type: 'send', message: toolCallMessage(calls) })
  // Where an answer is owed, its end is what such a client waits for.
  if (sessionBehaviour(config).turnCompleteAfterCall && output.phase !== 'responding') {
    const [spent, clauses] = output.phase === 'calling' ? [output.usage, output.clauses] : [NOTHING, []]
    effects.push({ type: 'send', message: turnCompleteMessage(usageOf(session, spent, clauses)) })
  }
  return session
}

// ---- results come in

export function takeResults(
  session: Session,
  event: Extract<SessionEvent, { type: 'tool-results' }>,
  effects: Effect[],
): Session {
  return event.results.reduce((next, result) => takeResult(next, event.at, effects, result), session)
}

function takeResult(session: Session, at: number, effects: Effect[], result: ToolResult): Session {
  const { output, tools } = session
  if (output.phase === 'calling') {
    const call = callOf(
      output.calls.filter(({ done }) => !done),
      result,
    )
    if (call) return takeAwaited(session, output, effects, call, result)
  }
  const call = callOf(tools.background, result)
  if (call) return takeBackground(session, at, effects, call, result)
  if (result.id !== undefined) return session
  const late = tools.cancelled.indexOf(result.name ?? tools.cancelled[0] ?? '')
  if (late >= 0) {
    return {
      ...session,
      tools: { ...tools, cancelled: tools.cancelled.filter((_, index) => index !== late) },
    }
  }
  return takeUnasked(session, at, effects, result)
}

/** One of the results that the model waits for; with the last one it may go on. */
function takeAwaited(
  session: Session,
  output: Calling,
  effects: Effect[],
  call: AwaitedCall,
  { result, scheduling, willContinue }: ToolResult,
): Session {
  const answered: AwaitedCall = {
    ...call,
    results: [...call.results, result],
    done: !willContinue,
    silent: scheduling === 'SILENT' && (call.silent || call.results.length === 0),
  }
  const calls = output.calls.map((each) => (each.id === call.id ? answered : each))
  if (calls.some(({ done }) => !done)) return { ...session, output: { ...output, calls } }
  const results = calls.map(
    ({ id, name, silent, ...each }): ArrivedResult => ({
      id,
      name,
      silent,
      result: wholeResult(each.results),
    }),
  )
  // Nobody will speak of them: the turn ends here.
  if (calls.every(({ silent }) => silent) && !sessionBehaviour(session.config).turnCompleteAfterCall) {
    const usage = usageOf(session, output.usage, output.clauses)
    effects.push({ type: 'send', message: turnCompleteMessage(usage) })
  }
  return { ...arrive(session, ...results), output: SILENT }
}

function takeBackground(
  session: Session,
  at: number,
  effects: Effect[],
  call: OpenCall,
  { result, scheduling, willContinue }: ToolResult,
): Session {
  const { tools } = session
  const background = willContinue ? tools.background : tools.background.filter(({ id }) => id !== call.id)
  const next = { ...session, tools: { ...tools, background } }
  // The end of a generator that has said all it had to say.
  const ended = !willContinue && isEmpty(result) && hasResult(session, call.id)
  if (ended) return next
  const heard = arrive(next, { id: call.id, name: call.name, result, silent: scheduling === 'SILENT' })
  return scheduling === 'INTERRUPT' ? makeRoom(heard, at, effects) : heard
}

/** A result that no call asked for: information that the client wants spoken of. */
function takeUnasked(
  session: Session,
  at: number,
  effects: Effect[],
  { result, scheduling, ...given }: ToolResult,
): Session {
  const id = `function-call-${session.nextId}`
  const name = given.name ?? 'function'
  const next = { ...session, nextId: session.nextId + 1 }
  const heard = arrive(next, { id, name, result, silent: scheduling === 'SILENT' })
  return scheduling === 'INTERRUPT' ? makeRoom(heard, at, effects) : heard
}

function arrive(session: Session, ...results: readonly ArrivedResult[]): Session {
  const { tools } = session
  return { ...session, tools: { ...tools, arrived: [...tools.arrived, ...results] } }
}

function hasResult({ messages, tools }: Session, id: string): boolean {
  return (
    messages.some((message) => message.role === 'result' && message.id === id) ||
    tools.arrived.some((result) => result.id === id)
  )
}

/** The model stops what it says. A user who speaks is heard out first. */
function makeRoom(session: Session, at: number, effects: Effect[]): Session {
  const { output, turn } = session
  if (output.phase !== 'responding' && output.phase !== 'playing') return session
  const stopped = response.interrupt(session, at, effects)
  // The results are the answer that is owed now.
  return stopped.turn?.parts.length ? stopped : { ...stopped, turn }
}

// ---- they are spoken of

/**
 * To be called after every event: takes back calls that the user did not wait for, lets results join the history once
 * the model is silent, and has them answered once the user is silent too. `answerTurn` answers the open turn if it can be.
 */
export function settleTools(
  session: Session,
  at: number,
  effects: Effect[],
  answerTurn: (session: Session) => Session,
): Session {
  return session.closed ? session : inAnswer(settleAll(session, at, effects, answerTurn))
}

function settleAll(
  session: Session,
  at: number,
  effects: Effect[],
  answerTurn: (session: Session) => Session,
): Session {
  let next = session
  if (next.output.phase === 'calling' && next.config.interruptible && hasNewWords(next)) {
    next = answerTurn(cancelCalls(next, at, effects))
  }
  if (next.output.phase === 'silent') next = joinHistory(next, effects)
  if (next.tools.due && next.output.phase === 'silent') next = answerTurn(next)
  if (!next.tools.due) return next
  if (next.output.phase !== 'silent') {
    // An apology for words that nobody understood tells no results: they follow it.
    const apologises = next.output.phase === 'responding' && next.output.stage === 'apology'
    return apologises ? next : { ...next, tools: { ...next.tools, due: false } }
  }
  if (next.floor.phase !== 'quiet' || next.turn?.parts.length) return next
  const told = { ...next, turn: undefined, tools: { ...next.tools, due: false } }
  return response.respond(told, at, effects, undefined)
}

/** Whatever is said now, its end is the end of the turn. */
function inAnswer(session: Session): Session {
  const { turnGoesOn, ...tools } = session.tools
  return turnGoesOn && session.output.phase !== 'silent' ? { ...session, tools } : session
}

function hasNewWords({ turn }: Session): boolean {
  return turn !== undefined && isSettled(turn) && turnText(turn) !== ''
}

function joinHistory(session: Session, effects: Effect[]): Session {
  const { tools, messages } = session
  const { arrived } = tools
  if (arrived.length === 0) return session
  const known = new Set(messages.flatMap((message) => (message.role === 'call' ? [message.id] : [])))
  const joined = arrived.flatMap(({ id, name, result }): readonly SessionMessage[] => {
    const told: SessionMessage = { role: 'result', id, name, result }
    return known.has(id) ? [told] : [{ role: 'call', id, name, args: {} }, told]
  })
  const due = tools.due || arrived.some(({ silent }) => !silent)
  const next: Session = {
    ...session,
    messages: [...messages, ...joined],
    tools: { ...tools, arrived: [], due },
  }
  if (due) return next
  effects.push({ type: 'prefill', prompt: sessionPrompt(next) })
  const { turnGoesOn, ...rest } = next.tools
  if (!turnGoesOn || rest.background.length > 0) return next
  // Nobody will speak of them: the turn ends here.
  effects.push({ type: 'send', message: turnCompleteMessage(usageOf(next, NOTHING, [])) })
  return { ...next, tools: rest }
}
