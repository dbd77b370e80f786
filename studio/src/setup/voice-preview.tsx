/** Lets the chosen voice say a sentence, in a session of its own that ends with it. */

import { useEffect, useRef, useState } from 'react'
import { audioOf, connectLive, openSpeaker, type Speaker } from 'vivavoce/client'
import { Icon } from '../parts/icon'
import { useText } from '../text'
import { connectionOf } from './setup-message'
import { apiKey, useSetup } from './setup-store'

export function VoicePreview() {
  const text = useText()
  const setup = useSetup((state) => state.setup)
  const [busy, setBusy] = useState(false)
  const running = useRef<AbortController>(null)
  useEffect(() => () => running.current?.abort(), [])

  const preview = async () => {
    if (running.current) return running.current.abort()
    const controller = new AbortController()
    running.current = controller
    setBusy(true)
    let speaker: Speaker | undefined
    try {
      let silent: () => void = () => {}
      const ended = new Promise<void>((resolve) => {
        silent = resolve
      })
      speaker = await openSpeaker({ onPlaying: (playing) => !playing && silent() })
      const sentence = text('previewSentence')
      const { model, config } = connectionOf({
        model: setup.model,
        voice: setup.voice,
        language: setup.language,
        system: `Repeat the user's words exactly, without anything before or after them.`,
        temperature: 0,
      })
      const client = await connectLive({
        url: location.origin,
        ...(apiKey && { apiKey }),
        model,
        config,
        signal: controller.signal,
      })
      client.sendText(sentence)
      for await (const message of client) {
        const audio = audioOf(message)
        if (audio) speaker.play(audio.pcm16)
        if ('serverContent' in message && message.serverContent.generationComplete) break
      }
      controller.signal.addEventListener('abort', silent)
      if (!controller.signal.aborted) await ended
      await client.close()
    } catch {
      // A preview that fails says nothing; the session itself would say why.
    } finally {
      speaker?.close()
      running.current = null
      setBusy(false)
    }
  }

  return (
    <button type="button" className="icon-button" aria-pressed={busy} onClick={() => void preview()}>
      <Icon name={busy ? 'stop' : 'sound'} />
      <span className="visually-hidden">{text(busy ? 'stop' : 'preview')}</span>
    </button>
  )
}
