/** A call held upright: the camera fills the screen, the words lie over it, and the buttons are where the thumb is. */

import { useEffect, useRef } from 'react'
import { createRoot } from 'react-dom/client'
import { useCall } from './use-call'

const SERVER = new URLSearchParams(location.search).get('server') ?? 'http://localhost:8484'

function App() {
  const call = useCall(SERVER)
  const isOn = call.state !== 'off'
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current && call.stream) video.current.srcObject = call.stream
  }, [call.stream])
  return (
    <main data-speaking={call.isSpeaking || undefined}>
      {call.stream ? (
        <video ref={video} autoPlay muted playsInline aria-label="Your camera" data-facing={call.facing} />
      ) : (
        <div className="orb" aria-hidden="true" />
      )}
      <p className="status" role="status">
        {statusOf(call)}
      </p>
      <p className="caption">{call.caption}</p>
      {call.problem && <p role="alert">{call.problem}</p>}
      <nav>
        {isOn && (
          <>
            <button type="button" aria-pressed={call.isMuted} onClick={() => call.mute(!call.isMuted)}>
              Mute
            </button>
            <button
              type="button"
              aria-pressed={call.stream !== undefined}
              onClick={() => (call.stream ? call.hide() : void call.show('environment'))}
            >
              Camera
            </button>
            {call.facing && (
              <button
                type="button"
                onClick={() => void call.show(call.facing === 'user' ? 'environment' : 'user')}
              >
                Turn
              </button>
            )}
          </>
        )}
        <button
          type="button"
          className="call"
          data-on={isOn || undefined}
          onClick={() => void (isOn ? call.stop() : call.start())}
        >
          {isOn ? 'End' : 'Call'}
        </button>
      </nav>
    </main>
  )
}

function statusOf({ state, isSpeaking, isMuted }: ReturnType<typeof useCall>): string {
  if (state === 'off') return 'Tap to talk'
  if (state === 'opening') return 'Calling…'
  if (state === 'reconnecting') return 'The connection is gone, one moment…'
  if (isSpeaking) return 'Speaking'
  return isMuted ? 'Muted' : 'Listening'
}

createRoot(document.getElementById('root')!).render(<App />)
