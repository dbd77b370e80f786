/**
 * The whole logic of the phone demo: a call with the model that can see through the phone's camera. The screen stays
 * awake while the call lasts, and a call that a tunnel or another app cut off goes on where it was.
 */

import { useCallback, useEffect, useRef, useState } from 'react'
import { openCamera, type PictureSource, type Talk, talk } from 'vivavoce/client'

export type Facing = 'environment' | 'user'

export function useCall(url: string) {
  const [state, setState] = useState<'off' | 'opening' | 'on' | 'reconnecting'>('off')
  const [isSpeaking, setSpeaking] = useState(false)
  const [isMuted, setMuted] = useState(false)
  const [caption, setCaption] = useState('')
  const [problem, setProblem] = useState('')
  const [facing, setFacing] = useState<Facing>()
  const [stream, setStream] = useState<MediaStream>()
  const session = useRef<Talk>(undefined)
  const camera = useRef<PictureSource>(undefined)

  const hide = useCallback(() => {
    camera.current?.close()
    camera.current = undefined
    setStream(undefined)
    setFacing(undefined)
  }, [])

  /** Call it from a tap: browsers lend the microphone and play sound only then. */
  const start = useCallback(async () => {
    setState('opening')
    setProblem('')
    setCaption('')
    setMuted(false)
    let isNewTurn = true
    try {
      session.current = await talk({
        url,
        model: 'gemini-live-2.5-flash',
        config: { outputAudioTranscription: {} },
        onMessage: (message) => {
          if (!('serverContent' in message)) return
          const { outputTranscription, interrupted, turnComplete } = message.serverContent
          const words = outputTranscription?.text ?? ''
          if (words) {
            const before = isNewTurn
            isNewTurn = false
            setCaption((caption) => (before ? words.trimStart() : caption + words))
          }
          if (interrupted || turnComplete) isNewTurn = true
        },
        onConnection: ({ type }) => setState(type === 'connected' ? 'on' : 'reconnecting'),
        onPlaying: setSpeaking,
      })
      await session.current.ended
    } catch (error) {
      setProblem((error as Error).message)
    }
    session.current = undefined
    hide()
    setSpeaking(false)
    setState('off')
  }, [url, hide])

  const stop = useCallback(() => void session.current?.close(), [])

  const mute = useCallback((muted: boolean) => {
    session.current?.mute(muted)
    setMuted(muted)
  }, [])

  /** One picture a second; the sound goes first where the network is slow. */
  const show = useCallback(
    async (next: Facing) => {
      hide()
      try {
        camera.current = await openCamera({
          facing: next,
          onPicture: (picture) => session.current?.show(picture),
          onEnded: hide,
        })
        setStream(camera.current.stream)
        setFacing(next)
      } catch (error) {
        setProblem((error as Error).message)
      }
    },
    [hide],
  )

  useEffect(() => {
    if (state === 'off') return
    let lock: WakeLockSentinel | undefined
    // The system takes the lock away with every look at another app.
    const hold = async () => {
      if (document.visibilityState === 'visible') {
        lock = await navigator.wakeLock?.request('screen').catch(() => undefined)
      }
    }
    void hold()
    document.addEventListener('visibilitychange', hold)
    return () => {
      document.removeEventListener('visibilitychange', hold)
      void lock?.release()
    }
  }, [state])

  return { state, isSpeaking, isMuted, caption, problem, facing, stream, start, stop, mute, show, hide }
}
