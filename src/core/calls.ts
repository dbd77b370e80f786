/**
 * Taking back the calls that the model waits for: the client is told, and the history says why there is no result. What the model said
 * before it called stays as far as it was heard.
 */
import {
  type FunctionResult,
  interruptedMessage,
  toolCallCancellationMessage,
  turnCompleteMessage,
} from '../protocol/index.js'
import type { Effect, SessionMessage } from './effects.js'
import { heardText, wholeText } from './playout.js'
import { type Output, type Session, SILENT } from './session-state.js'
import { sessionBehaviour, wholeResult } from './tools-state.js'
import { usageOf } from './usage.js'

type Calling = Extract<Output, { phase: 'calling' }>

const CANCELLED: FunctionResult = { error: 'Cancelled, because the user went on.' }

export function cancelCalls(session: Session, at: number, effects: Effect[]): Session {
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
    messages: [...heardMessages(session, output, at), ...results],
    tools: { ...tools, cancelled: [...tools.cancelled, ...open.map(({ name }) => name)] },
  }
}

/** Where the words before the calls were cut short on the client's side, the rest of them was never said. */
function heardMessages(
  { messages }: Session,
  { calls, clauses }: Calling,
  at: number,
): readonly SessionMessage[] {
  const heard = heardText(clauses, at)
  if (heard === wholeText(clauses)) return messages
  const first = messages.findIndex((message) => message.role === 'call' && message.id === calls[0]?.id)
  const before = messages.findLastIndex((message, index) => index < first && message.role === 'model')
  if (before < 0) return messages
  const said: readonly SessionMessage[] = heard === '' ? [] : [{ role: 'model', text: heard }]
  return [...messages.slice(0, before), ...said, ...messages.slice(before + 1)]
}

function usage(session: Session, output: Calling) {
  return usageOf(session, output.usage, output.clauses)
}
