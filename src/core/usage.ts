/**
 * Token counts of one turn as the service counts them: the prompt is the whole context by the measure that its limits refer to, a
 * spoken answer counts by its duration, a written one by the model's own tokens; what functions gave back for this turn stands apart, and is
 * part of the prompt from the next turn on.
 */
import type { Usage } from '../protocol/index.js'
import { audioTokens, contextCounts, measureContext, resultTokens } from './context-window.js'
import { type Clause, sentMs } from './playout.js'
import type { Session, Spent } from './session-state.js'

export function usageOf(session: Session, spent: Spent, clauses: readonly Clause[]): Usage {
  const measured = measureContext(session, session)
  const { TEXT, AUDIO, IMAGE, VIDEO } = contextCounts(measured)
  const results = resultTokens(measured)
  return {
    promptTokens: {
      TEXT: TEXT - results,
      ...(AUDIO > 0 && { AUDIO }),
      ...(IMAGE > 0 && { IMAGE }),
      ...(VIDEO > 0 && { VIDEO }),
    },
    ...(results > 0 && { toolUsePromptTokens: { TEXT: results } }),
    responseTokens:
      session.config.modality === 'AUDIO'
        ? { AUDIO: audioTokens(sentMs(clauses)) }
        : { TEXT: spent.outputTokens },
  }
}
