/** Taking back the calls that the model waits for: the client is told, and the history says why there is no result. */
import {
  type FunctionResult,
  interruptedMessage,
  toolCallCancellationMessage,
  turnCompleteMessage,
} from '../protocol/index.js'
import type { Effect, SessionMessage } from './effects.js'
import { type Output, type Session, SILENT } from './session-state.js'
import { sessionBehaviour, wholeResult } from './tools-state.js'
import { usageOf } from './usage.js'

const CANCELLED: FunctionResult = { error: 'Cancelled, because the user went on.' }

export function cancelCalls(session: Session, effects: Effect[]): Session {
  const { output, tools } = session
  if (output.phase !== 'calling') return session
  const open = output.calls.filter(({ done }) => !done)
  // For some clients the turn has ended with the call.
  const endsTurn = !sessionBehaviour(session.config).turnCompleteAfterCall
  if (endsTurn) effects.push({ type: 'send', message: interruptedMessage() })
  effects.push({ type: 'send', message: toolCallCancellationMessage(open.map(({ id }) => id)) })
  if (endsTurn) effects.push({ type: 'send', message: turnCompleteMessage(usage(session, output)) })
  const results = output.calls.map(
    ({ id, name, done, results }): SessionMessage => ({
      role: 'result',
      id,
      name,
      result: done ? wholeResult(results) : CANCELLED,
    }),
  )
  return {
    ...session,
    output: SILENT,
    messages: [...session.messages, ...results],
    tools: { ...tools, cancelled: [...tools.cancelled, ...open.map(({ name }) => name)] },
  }
}

function usage(session: Session, output: Extract<Output, { phase: 'calling' }>) {
  return usageOf(session, output.usage, output.clauses)
}
