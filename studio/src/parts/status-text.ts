/** The one sentence that says what is going on. */

import type { useSession } from '../session/session-store'
import type { Text } from '../text'

export function statusText(text: Text, session: ReturnType<typeof useSession.getState>): string {
  const { status, speaking, muted, pressing, hasMicrophone, playingFile, inForce } = session
  if (status !== 'live') return text(`status.${status}`)
  if (playingFile !== undefined) return text('status.file', playingFile)
  if (speaking) return text('status.speaking')
  if (!hasMicrophone) return text('status.written')
  if (inForce.manual === true) return text(pressing ? 'status.pressing' : 'status.waiting')
  return text(muted ? 'status.muted' : 'status.listening')
}
