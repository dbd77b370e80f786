/** The session in figures: tokens, turns, waits, traffic, and the setup that is in force. */

import { useEffect, useState } from 'react'
import { timeline, wire } from '../session/instruments'
import { useSession } from '../session/session-store'
import { voiceToVoiceMs } from '../session/timeline'
import { setupOf } from '../setup/setup-message'
import { bytes, counted, duration, useLanguage, useText } from '../text'
import { useVersion } from './use-version'

export function SessionView() {
  const text = useText()
  const language = useLanguage((state) => state.language)
  const session = useSession()
  useVersion(wire)
  useVersion(timeline)
  const now = useNow(session.endedMs === undefined && session.startedMs !== undefined)
  if (session.startedMs === undefined) return <p className="empty">{text('noSession')}</p>
  const waits = timeline.turns.flatMap((turn) => voiceToVoiceMs(turn) ?? []).sort((a, b) => a - b)
  const { sent, received } = wire.totals
  const rows: readonly (readonly [label: string, value: string])[] = [
    [text('duration'), duration((session.endedMs ?? now) - session.startedMs, language)],
    [text('turns'), String(session.meters.turns)],
    [text('tokensPrompt'), counted(text, 'tokens', session.meters.promptTokens)],
    [text('tokensAnswer'), counted(text, 'tokens', session.meters.responseTokens)],
    [
      `${text('voiceToVoice')} · ${text('median')}`,
      waits.length === 0 ? '–' : duration(waits[Math.floor((waits.length - 1) / 2)]!, language),
    ],
    [
      `${text('voiceToVoice')} · ${text('slowest')}`,
      waits.length === 0 ? '–' : duration(waits.at(-1)!, language),
    ],
    [
      `${text('traffic')} · ${text('sent')}`,
      `${counted(text, 'messages', sent.messages)} · ${bytes(sent.bytes, language)}`,
    ],
    [
      `${text('traffic')} · ${text('received')}`,
      `${counted(text, 'messages', received.messages)} · ${bytes(received.bytes, language)}`,
    ],
    [text('sessionId'), session.sessionId ?? '–'],
  ]
  return (
    <div className="session-view">
      <table className="figures">
        <caption className="visually-hidden">{text('session')}</caption>
        <tbody>
          {rows.map(([label, value]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>{text('inForce')}</h2>
      <pre tabIndex={0}>{JSON.stringify({ setup: setupOf(session.inForce) }, null, 2)}</pre>
    </div>
  )
}

function useNow(running: boolean): number {
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNow(performance.now()), 1000)
    return () => clearInterval(timer)
  }, [running])
  return now
}
