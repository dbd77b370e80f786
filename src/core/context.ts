/**
 * What the model knows besides what is said: history that the client gives, changes of the setup, and pictures that it
 * cannot see. Nothing here is answered.
 */
import type { ContentTurn } from '../protocol/index.js'
import type { Effect, SessionMessage } from './effects.js'
import type { SessionEvent } from './events.js'
import { type Session, sessionPrompt } from './session-state.js'
import { dropSpeculation } from './speculation.js'

export function addTurns(session: Session, turns: readonly ContentTurn[]): Session {
  const added = turns.filter((turn) => turn.role !== 'system')
  const system = turns.findLast((turn) => turn.role === 'system')?.text ?? session.system
  return { ...session, system, messages: [...session.messages, ...added] }
}

export function updateContext(
  session: Session,
  { system, functions }: Extract<SessionEvent, { type: 'context-update' }>,
  effects: Effect[],
): Session {
  const next: Session = {
    ...dropSpeculation(session, effects),
    ...(system !== undefined && { system }),
    ...(functions && { tools: { ...session.tools, functions } }),
  }
  if (next.output.phase === 'silent') effects.push({ type: 'prefill', prompt: sessionPrompt(next) })
  return next
}

/** A client that speaks has given all the history it has. */
export function settleOpening(session: Session): Session {
  const spoke = session.turn !== undefined || session.output.phase !== 'silent'
  return session.awaitsHistory && spoke ? { ...session, awaitsHistory: false } : session
}

const UNSEEN = '[The user shares pictures, which you cannot see yet. Say so if you are asked about them.]'

/** The model is told once, between two turns. */
export function settlePictures(session: Session): Session {
  if (session.pictures !== 'untold' || session.output.phase !== 'silent') return session
  const note: SessionMessage = { role: 'user', text: UNSEEN }
  return { ...session, pictures: 'told', messages: [...session.messages, note] }
}
