/** The share of each stage in the time between the end of speech and the first audio, over many turns. */
import { type TurnMarks, WAIT_NAMES, type WaitName, waitsOf } from '../telemetry/index.js'
import { type Summary, summarize } from './percentiles.js'

export interface StageShare {
  readonly name: WaitName
  readonly ms: Summary
  /** Of the mean of all stages together, 0 to 1. */
  readonly share: number
}

/** Summaries of the stages over many turns, in the order of the pipeline; stages nobody marked are absent. */
export function stageShares(records: readonly { readonly marks: TurnMarks }[]): readonly StageShare[] {
  const durations = records.map((record) => waitsOf(record.marks))
  const summaries = WAIT_NAMES.flatMap((name) => {
    const ms = summarize(durations.flatMap((stages) => stages[name] ?? []))
    return ms === undefined ? [] : [{ name, ms }]
  })
  const total = summaries.reduce((sum, { ms }) => sum + ms.mean, 0)
  return summaries.map(({ name, ms }) => ({ name, ms, share: total > 0 ? ms.mean / total : 0 }))
}
