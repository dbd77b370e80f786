/** What the page has to keep to, as a table beside the figures: measured, limit, met. */

import type { Summary } from '../../src/bench/percentiles.js'

export interface Figures {
  firstPaintMs?: Summary | undefined
  playback?: { readonly seconds: number; readonly gaps: number }
  microphoneToSocketMs?: Summary | undefined
  mainThread?: { readonly tasksAbove50Ms: Summary | undefined; readonly above100: number }
  interruptedToSilenceMs?: Summary | undefined
  outputLatencyMs?: number
  drawing?: { readonly framesPerSecond: number; readonly frameMs: Summary | undefined }
}

export interface Judged {
  readonly what: string
  readonly limit: string
  /** Undefined: not measured in this run. */
  readonly measured: number | undefined
  readonly met: boolean | undefined
}

export function judged(figures: Figures): readonly Judged[] {
  const atMost = (what: string, limit: number, measured: number | undefined): Judged => ({
    what,
    limit: `≤ ${limit}`,
    measured,
    met: measured === undefined ? undefined : measured <= limit,
  })
  const atLeast = (what: string, limit: number, measured: number | undefined): Judged => ({
    what,
    limit: `≥ ${limit}`,
    measured,
    met: measured === undefined ? undefined : measured >= limit,
  })
  return [
    atLeast('playback, s', 300, figures.playback?.seconds),
    atMost('gaps in the playback', 0, figures.playback?.gaps),
    atMost('interrupted to silence, p50, ms', 50, figures.interruptedToSilenceMs?.p50),
    atMost('interrupted to silence, p95, ms', 50, figures.interruptedToSilenceMs?.p95),
    atMost('microphone to socket, p95, ms', 60, figures.microphoneToSocketMs?.p95),
    atMost('first paint, slowest, ms', 1000, figures.firstPaintMs?.max),
    atMost('tasks above 100 ms while talking', 0, figures.mainThread?.above100),
    atLeast('frames a second with a session of 30 minutes', 30, figures.drawing?.framesPerSecond),
  ]
}
