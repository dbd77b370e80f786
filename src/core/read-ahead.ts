/**
 * What the language model reads before anybody waits for it: the history, and behind it the beginning of the note of what is shown, which is
 * the same for every picture. Decides nothing about when.
 */
import type { Effect } from './effects.js'
import { type Session, sessionPrompt } from './session-state.js'
import { awaitsNote, FRAME_NOTE, isSpeaking } from './view.js'

export function readAhead(session: Session): Extract<Effect, { type: 'prefill' }> {
  const note = { role: 'user', text: FRAME_NOTE } as const
  const read = awaitsNote(session) ? { ...session, messages: [...session.messages, note] } : session
  return { type: 'prefill', prompt: sessionPrompt(read), ...(isSpeaking(session) && { soon: true }) }
}
