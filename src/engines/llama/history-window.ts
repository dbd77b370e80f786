/**
 * Context overflow: which messages stay when a conversation outgrows the window. Knows sizes, nothing of tokens.
 *
 * The oldest messages are left out, up to a user turn where what remains fills at most half of the room; the system
 * instruction always stays. Dropping half at once keeps the cache usable for many turns, and the choice depends only on
 * the messages before it, so that the same cut is found again on every later call.
 */
import { EngineError, type Message } from '../../engine/index.js'

/**
 * After the model's words this much of the room must be free, so that the window slides while nobody waits: in the
 * prefill between two turns, not in the answer to the next one.
 */
const TURN_RESERVE_SHARE = 1 / 8

/** `room`: tokens beside the system instruction and the answer. Throws `EngineError` where the last turn alone is too long. */
export function firstKept(
  messages: readonly Message[],
  sizes: readonly number[],
  room: number,
  windowTokens: number,
): number {
  let first = 0
  let total = 0
  for (let index = 0; index < messages.length; index++) {
    total += sizes[index]!
    const isAnswered = messages[index]?.role === 'model'
    if (total <= (isAnswered ? room * (1 - TURN_RESERVE_SHARE) : room)) continue
    slide(index, (cut) => !splitsCall(messages, first, cut, index))
    if (total > room) slide(index, () => true)
  }

  function slide(index: number, isAllowed: (cut: number) => boolean): void {
    let remaining = total
    for (let next = first + 1; next <= index && total > room / 2; next++) {
      remaining -= sizes[next - 1]!
      if (!startsUserTurn(messages, next) || !isAllowed(next)) continue
      first = next
      total = remaining
    }
  }

  if (total <= room) return first
  throw new EngineError(
    'engine-refused',
    `the prompt is too long for the language model's window of ${windowTokens} tokens: the last turn has ${total} tokens, ` +
      `and ${Math.max(0, room)} are left beside the system instruction and the answer; shorten them or choose a larger window`,
  )
}

function startsUserTurn(messages: readonly Message[], index: number): boolean {
  return messages[index]?.role === 'user' && messages[index - 1]?.role !== 'user'
}

/** Whether a call would go whose result stays, or is still to come; what comes after `index` is not known yet. */
function splitsCall(messages: readonly Message[], first: number, cut: number, index: number): boolean {
  const calls = messages.slice(first, cut).flatMap((message) => (message.role === 'call' ? [message.id] : []))
  if (calls.length === 0) return false
  const resultsIn = (from: number, to: number) =>
    new Set(messages.slice(from, to).flatMap((message) => (message.role === 'result' ? [message.id] : [])))
  const gone = resultsIn(first, cut)
  const staying = resultsIn(cut, index + 1)
  return calls.some((id) => !gone.has(id) || staying.has(id))
}
