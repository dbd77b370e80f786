/** What the model is shown, as the user sees it. */

import { useEffect, useRef } from 'react'
import { useSession } from '../session/session-store'
import { useShowing } from '../session/showing'
import { useText } from '../text'

export function Preview() {
  const text = useText()
  const { shown, stream } = useShowing()
  const isSent = useSession(({ status }) => status === 'live')
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current && stream) video.current.srcObject = stream
  }, [stream])
  if (shown === undefined) return null
  return (
    <figure className="preview" data-sent={isSent || undefined}>
      <video ref={video} autoPlay muted playsInline aria-label={text(`preview.${shown}`)} />
      <figcaption>{text(isSent ? 'showing' : 'showingLater')}</figcaption>
    </figure>
  )
}
