/** The one sentence that says what is going on. */

import type { useSession } from '../session/session-store'
import type { Text } from '../text'

export type Situation = Pick<
  ReturnType<typeof useSession.getState>,
  'status' | 'speaking' | 'muted' | 'pressing' | 'hasMicrophone' | 'playingFile' | 'inForce'
>

export function statusText(text: Text, session: Situation): string {
  const { status, speaking, muted, pressing, hasMicrophone, playingFile, inForce } = session
  const manual = inForce.manual === true
  const canInterrupt = hasMicrophone && inForce.activityHandling !== 'NO_INTERRUPTION'
  if (status !== 'live') return text(`status.${status}`)
  if (playingFile !== undefined) return text('status.file', playingFile)
  if (speaking) {
    if (!canInterrupt || muted || pressing) return text('status.speaking')
    return text(manual ? 'status.holdToInterrupt' : 'status.interruptible')
  }
  if (!hasMicrophone) return text('status.written')
  if (manual) return text(pressing ? 'status.pressing' : 'status.waiting')
  return text(muted ? 'status.muted' : 'status.listening')
}
