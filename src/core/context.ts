/**
 * What the model knows besides what is said: history that the client gives and changes of the setup. Nothing here is answered.
 */
import type { Effect } from './effects.js'
import type { SessionEvent, SessionTurn } from './events.js'
import { type Session, sessionPrompt } from './session-state.js'
import { dropSpeculation } from './speculation.js'
import { hasSpoken } from './turn.js'
import { imageMessage, lookAtImages } from './view.js'

export function addTurns(session: Session, turns: readonly SessionTurn[], effects: Effect[]): Session {
  const added = turns.flatMap((turn) => {
    if (turn.role === 'system') return []
    return turn.role === 'picture' ? imageMessage(turn.picture, session.config) : turn
  })
  const system = turns.findLast((turn) => turn.role === 'system')?.text ?? session.system
  return lookAtImages({ ...session, system, messages: [...session.messages, ...added] }, effects)
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

/** A client that speaks has given all the history it has. A microphone that is open already has said nothing. */
export function settleOpening(session: Session): Session {
  if (!session.awaitsHistory) return session
  const { turn, output, floor } = session
  const spoke = floor.phase === 'marked' || output.phase !== 'silent' || (turn && hasSpoken(turn))
  return spoke ? { ...session, awaitsHistory: false } : session
}
