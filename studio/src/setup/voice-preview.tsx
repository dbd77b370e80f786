/** Lets the chosen voice say a sentence in the chosen language. */

import { useEffect, useRef, useState } from 'react'
import { Icon } from '../parts/icon'
import { useText } from '../text'
import { apiKey, useSetup } from './setup-store'

export function VoicePreview() {
  const text = useText()
  const { voice, language } = useSetup((state) => state.setup)
  const [busy, setBusy] = useState(false)
  const running = useRef<AbortController>(null)
  useEffect(() => () => running.current?.abort(), [])

  const preview = async () => {
    if (running.current) return running.current.abort()
    const controller = new AbortController()
    running.current = controller
    setBusy(true)
    try {
      const path = `/api/voices/${encodeURIComponent(voice || 'Zephyr')}`
      const query = language ? `?language=${encodeURIComponent(language)}` : ''
      const headers: HeadersInit = apiKey === undefined ? {} : { 'x-goog-api-key': apiKey }
      const response = await fetch(path + query, { headers, signal: controller.signal })
      if (response.ok) await play(await response.blob(), controller.signal)
    } catch {
      // A preview that fails says nothing; the session itself would say why.
    } finally {
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

/** Until its end, or until it is stopped. */
async function play(sound: Blob, signal: AbortSignal): Promise<void> {
  const url = URL.createObjectURL(sound)
  const player = new Audio(url)
  try {
    const ended = new Promise<void>((resolve) => {
      for (const event of ['ended', 'pause', 'error']) player.addEventListener(event, () => resolve())
    })
    signal.addEventListener('abort', () => player.pause())
    await player.play()
    await ended
  } finally {
    URL.revokeObjectURL(url)
  }
}
