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
  const cuts = cutPoints(messages)
  let first = 0
  let total = 0
  for (let index = 0; index < messages.length; index++) {
    total += sizes[index]!
    const isAnswered = messages[index]?.role === 'model'
    if (total <= (isAnswered ? room * (1 - TURN_RESERVE_SHARE) : room)) continue
    let remaining = total
    for (let next = first + 1; next <= index; next++) {
      remaining -= sizes[next - 1]!
      if (!cuts[next]) continue
      first = next
      total = remaining
      if (total <= room / 2) break
    }
  }
  if (total <= room) return first
  throw new EngineError(
    'engine-refused',
    `the prompt is too long for the language model's window of ${windowTokens} tokens: the last turn has ${total} tokens, ` +
      `and ${Math.max(0, room)} are left beside the system instruction and the answer; shorten them or choose a larger window`,
  )
}

/** The starts of user turns; a result that is still to come keeps nothing, one that came later keeps its call. */
function cutPoints(messages: readonly Message[]): boolean[] {
  const calledAt = new Map<string, number>()
  const cuts = messages.map(
    (message, index) => message.role === 'user' && messages[index - 1]?.role !== 'user',
  )
  messages.forEach((message, index) => {
    if (message.role === 'call') calledAt.set(message.id, index)
    if (message.role !== 'result') return
    const call = calledAt.get(message.id)
    if (call !== undefined) cuts.fill(false, call + 1, index + 1)
  })
  return cuts
}
