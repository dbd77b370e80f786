/**
 * Token counts of one turn as the service counts them: the prompt is the whole context by the measure that its limits refer to, a
 * spoken answer counts by its duration, a written one by the model's own tokens.
 */
import type { Usage } from '../protocol/index.js'
import { audioTokens, contextCounts, measureContext } from './context-window.js'
import { type Clause, sentMs } from './playout.js'
import type { Session, Spent } from './session-state.js'

export function usageOf(session: Session, spent: Spent, clauses: readonly Clause[]): Usage {
  const { TEXT, AUDIO } = contextCounts(measureContext(session, session))
  return {
    promptTokens: AUDIO > 0 ? { TEXT, AUDIO } : { TEXT },
    responseTokens:
      session.config.modality === 'AUDIO'
        ? { AUDIO: audioTokens(sentMs(clauses)) }
        : { TEXT: spent.outputTokens },
  }
}
