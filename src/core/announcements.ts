/** Additions to what is sent that only some clients see: those that asked for them, or that named a model which has them. */
import { voiceActivityMessage } from '../protocol/index.js'
import type { Effect } from './effects.js'
import type { Session } from './session-state.js'
import { sessionBehaviour } from './tools-state.js'

/** The effects of one event with the additions among them. */
export function withAnnouncements(
  before: Session,
  session: Session,
  effects: readonly Effect[],
): readonly Effect[] {
  const { config, tools } = session
  const tellsActivity = config.voiceActivity === true
  const tellsStatus = sessionBehaviour(config).interactionStatus
  if (!tellsActivity && !tellsStatus) return effects
  return effects.flatMap((effect): readonly Effect[] => {
    if (tellsActivity && effect.type === 'open-activity') {
      return [{ type: 'send', message: voiceActivityMessage('ACTIVITY_START', effect.fromMs) }, effect]
    }
    if (tellsActivity && effect.type === 'close-activity') {
      return [{ type: 'send', message: voiceActivityMessage('ACTIVITY_END', effect.toMs) }, effect]
    }
    if (tellsActivity && effect.type === 'finish-activity') {
      return [{ type: 'send', message: voiceActivityMessage('ACTIVITY_END', pausedAt(before)) }, effect]
    }
    if (!tellsStatus || effect.type !== 'send' || !('serverContent' in effect.message)) return [effect]
    const { serverContent, ...beside } = effect.message
    if (!serverContent.turnComplete) return [effect]
    const interactionStatus = tools.background.length > 0 ? 'IN_PROGRESS' : 'IDLE'
    return [{ type: 'send', message: { serverContent: { ...serverContent, interactionStatus }, ...beside } }]
  })
}

/** Where the speech ended that is finished at its pause. */
function pausedAt({ floor }: Session): number {
  return floor.phase === 'speaking' ? (floor.pause?.toMs ?? floor.lastSpeechMs) : 0
}
