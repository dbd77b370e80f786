/**
 * What the language model reads before anybody waits for it: the history, and behind it the note of what was shown last: the next begins with the
 * same words, and a scene that has not changed much goes on with the same. Decides nothing about when.
 */
import type { Effect } from './effects.js'
import { type Session, sessionPrompt } from './session-state.js'
import { awaitsNote, FRAME_NOTE, isSpeaking } from './view.js'

export function readAhead(session: Session): Extract<Effect, { type: 'prefill' }> {
  const note = { role: 'user', text: session.view.told?.words || FRAME_NOTE } as const
  const read = awaitsNote(session) ? { ...session, messages: [...session.messages, note] } : session
  return { type: 'prefill', prompt: sessionPrompt(read), ...(isSpeaking(session) && { soon: true }) }
}
