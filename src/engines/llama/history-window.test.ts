import { describe, expect, it } from 'vitest'
import type { Message } from '../../engine/index.js'
import { firstKept } from './history-window.js'

/** `u` user, `m` model, `cX` call X, `rX` result X; each of the given size. */
function messagesOf(outline: string): Message[] {
  return outline.split(' ').map((word): Message => {
    const id = word.slice(1)
    if (word[0] === 'c') return { role: 'call', id, name: 'f', args: {} }
    if (word[0] === 'r') return { role: 'result', id, name: 'f', result: { output: null } }
    return { role: word[0] === 'u' ? 'user' : 'model', text: '' }
  })
}
const kept = (outline: string, room: number, size = 10) => {
  const messages = messagesOf(outline)
  return firstKept(
    messages,
    messages.map(() => size),
    room,
    4096,
  )
}

describe('the first message that stays', () => {
  it.each<[string, number, number]>([
    ['u m u m u', 100, 0],
    ['u m u m u', 45, 2],
    ['u m u m u m u m u', 85, 4],
    // A call and its result stay together, however late the result is.
    ['u m u c1 r1 m u', 65, 2],
    ['u m u c1 m u r1 m', 75, 2],
    // A call whose result is still to come stays while it can, and goes when nothing else helps.
    ['u m u c1 m u m', 65, 2],
    ['u c1 m u m u m u m', 65, 5],
  ])('of %s in a room of %i is %i', (outline, room, expected) => {
    expect(kept(outline, room)).toBe(expected)
  })

  it('is an error where the last turn alone is too long', () => {
    expect(() => kept('u m u', 100, 120)).toThrow(/120 tokens, and 100 are left/)
  })

  it('is chosen after the model has spoken, when the next turn would not fit', () => {
    // Room 100, a reserve of 12 for the user: 90 tokens are too many after an answer, not after a user turn.
    expect(kept('u m u m u m u m u', 100)).toBe(0)
    expect(kept('u m u m u m u m u m', 100)).toBe(6)
  })

  it('stays the same while the turn goes on', () => {
    const outline = 'u m u m u m u m u m u c1 r1 m u m'.split(' ')
    for (let length = 10; length <= outline.length; length++) {
      expect(kept(outline.slice(0, length).join(' '), 100) % 2).toBe(0)
    }
    expect(kept(outline.slice(0, 11).join(' '), 100)).toBe(6)
    expect(kept(outline.slice(0, 13).join(' '), 100)).toBe(6)
  })
})
