/** A turn record as it is shown: with its latencies and stages worked out. The JSON of `/api/turns` and the line in the log. */
import { type Latencies, latenciesOf, type StageSpan, stagesOf } from './latencies.js'
import type { TurnRecord } from './turn-timeline.js'

export interface TurnView extends TurnRecord {
  readonly latencies: Latencies
  readonly stages: readonly StageSpan[]
}

export function viewTurn(record: TurnRecord): TurnView {
  return { ...record, latencies: latenciesOf(record.marks), stages: stagesOf(record.events) }
}

/** Flat and whole milliseconds: one log line for a turn. */
export function turnLogFields(record: TurnRecord): Record<string, string | number> {
  const fields: Record<string, string | number> = {
    session: record.session,
    turn: record.turn,
    outcome: record.outcome,
    pacing: record.pacing,
    revisions: record.revisions,
    inputAudioMs: Math.round(record.inputAudioMs),
    outputAudioMs: Math.round(record.outputAudioMs),
    ...(record.tone && { tone: record.tone.name }),
    ...(record.address && { addressed: String(record.address.addressed), why: record.address.why.join(',') }),
    ...(record.address?.likeness !== undefined && { likeness: record.address.likeness }),
    underruns: record.events.filter(({ mark }) => mark === 'underrun').length,
  }
  for (const [name, ms] of Object.entries(latenciesOf(record.marks))) fields[`${name}Ms`] = Math.round(ms)
  return fields
}
