/**
 * The history as a language model takes it. The history holds calls and results in the order in which they happened; a
 * model expects each result right behind its call, so what came late is told as a call made again. A pure projection.
 */
import type { FunctionResult } from '../protocol/index.js'
import type { PromptMessage, SessionMessage } from './effects.js'
import type { PictureId } from './events.js'

type Call = Extract<SessionMessage, { role: 'call' }>

/** In the place of a result that has not come when the conversation went on. */
const RUNNING: FunctionResult = {
  output: 'Still running. The result will come later; talk about something else until then.',
}

/** `pictures`: the model takes them; they go with what is said next. */
export function promptMessages(
  history: readonly SessionMessage[],
  pictures = false,
): readonly PromptMessage[] {
  const messages = withResults(history).map(withoutMark)
  if (!messages.some((message) => 'picture' in message)) return messages as readonly PromptMessage[]
  return pictures ? withPictures(messages) : withWords(messages)
}

/** That it was overheard stands in the text; an engine knows no marks. */
function withoutMark(message: SessionMessage): SessionMessage {
  return 'overheard' in message ? { role: message.role, text: message.text } : message
}

/** What nobody has looked at yet is left out. */
function withWords(messages: readonly SessionMessage[]): readonly PromptMessage[] {
  return messages.flatMap((message) => {
    if (!('picture' in message)) return message as PromptMessage
    return message.text === '' ? [] : { role: message.role, text: message.text }
  })
}

function withPictures(messages: readonly SessionMessage[]): readonly PromptMessage[] {
  const result: PromptMessage[] = []
  let shown: PictureId[] = []
  const flush = (said?: PromptMessage) => {
    if (shown.length > 0) result.push({ role: 'user', text: '', ...said, pictures: shown } as PromptMessage)
    shown = []
  }
  for (const message of messages) {
    if ('picture' in message && message.picture) shown.push(message.picture.id)
    else if (message.role === 'user' && shown.length > 0) flush(message as PromptMessage)
    else {
      flush()
      result.push(message as PromptMessage)
    }
  }
  flush()
  return result
}

function withResults(history: readonly SessionMessage[]): readonly SessionMessage[] {
  if (!history.some(({ role }) => role === 'call' || role === 'result')) return history
  const messages: SessionMessage[] = []
  const calls = new Map<string, Call>()
  /** Results that stand behind their call already. */
  const placed = new Set<SessionMessage>()
  for (let index = 0; index < history.length; index++) {
    const message = history[index]!
    if (message.role === 'result') {
      if (!placed.has(message)) messages.push(...toldLate(message, calls.get(message.id), index))
    } else if (message.role === 'call') {
      const run = callsFrom(history, index)
      index += run.length - 1
      messages.push(...run)
      for (const call of run) {
        calls.set(call.id, call)
        const result = resultBefore(history, index + 1, call.id)
        if (result) placed.add(result)
        messages.push(result ?? { role: 'result', id: call.id, name: call.name, result: RUNNING })
      }
    } else messages.push(message)
  }
  return messages
}

function callsFrom(history: readonly SessionMessage[], from: number): readonly Call[] {
  const run: Call[] = []
  for (let index = from; index < history.length; index++) {
    const message = history[index]!
    if (message.role !== 'call') break
    run.push(message)
  }
  return run
}

/** The result of a call, if it came before the model spoke or called again. */
function resultBefore(
  history: readonly SessionMessage[],
  from: number,
  id: string,
): SessionMessage | undefined {
  for (let index = from; index < history.length; index++) {
    const message = history[index]!
    if (message.role === 'model' || message.role === 'call') return undefined
    if (message.role === 'result' && message.id === id) return message
  }
  return undefined
}

function toldLate(
  result: Extract<SessionMessage, { role: 'result' }>,
  call: Call | undefined,
  index: number,
): readonly SessionMessage[] {
  // An id of its own: engines match by id, and this one is taken.
  const id = `${result.id}-${index}`
  return [
    { role: 'call', id, name: result.name, args: call?.args ?? {} },
    { ...result, id },
  ]
}
