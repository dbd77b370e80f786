/** The conversation as text, subtitles and JSON. Pure. Times are ms from the start of the session. */

import { type Entry, heardOfModel } from '../session/conversation'

export interface Spoken {
  readonly who: 'user' | 'model'
  readonly startMs: number
  readonly text: string
  /** The rest was never heard. */
  readonly cut: boolean
}

export function spokenOf(entries: readonly Entry[], originMs: number): readonly Spoken[] {
  return entries.flatMap((entry): Spoken[] => {
    if (entry.kind !== 'user' && entry.kind !== 'model') return []
    const startMs = Math.max(0, Math.round(entry.atMs - originMs))
    if (entry.kind === 'user') {
      const text = entry.text.trim()
      return text === '' ? [] : [{ who: 'user', startMs, text, cut: false }]
    }
    const text = heardOfModel(entry)
    return text === '' ? [] : [{ who: 'model', startMs, text, cut: entry.state === 'cut' }]
  })
}

export function asText(spoken: readonly Spoken[], names: Readonly<Record<Spoken['who'], string>>): string {
  return spoken.map(({ who, text, cut }) => `${names[who]}: ${text}${cut ? ' —' : ''}\n`).join('\n')
}

export function asJson(spoken: readonly Spoken[]): string {
  return `${JSON.stringify({ turns: spoken }, null, 2)}\n`
}

/** Reading speed of subtitles, ms for each character, and the least a line stays. */
const CHARACTER_MS = 65
const LEAST_MS = 1_200

export function asSrt(spoken: readonly Spoken[], names: Readonly<Record<Spoken['who'], string>>): string {
  return spoken
    .map(({ who, startMs, text, cut }, index) => {
      const readMs = Math.max(LEAST_MS, text.length * CHARACTER_MS)
      const nextMs = spoken[index + 1]?.startMs ?? Number.POSITIVE_INFINITY
      const endMs = Math.max(startMs + 1, Math.min(startMs + readMs, nextMs))
      return `${index + 1}\n${clock(startMs)} --> ${clock(endMs)}\n${names[who]}: ${text}${cut ? ' —' : ''}\n`
    })
    .join('\n')
}

/** 00:01:02,345 */
function clock(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const rest = String(Math.floor(ms % 1000)).padStart(3, '0')
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)},${rest}`
}
