/**
 * The share of each stage in the time between the end of speech and the first audio, from the marks that the server
 * keeps per turn. It knows the names of the marks, not how they were taken; every mark may be absent.
 */
import { type Summary, summarize } from './percentiles.js'

/** Times on one clock of the server, in ms; only differences mean anything. */
export interface TurnMarks {
  readonly speechEnd?: number
  readonly turnDecided?: number
  readonly transcriptReady?: number
  readonly firstToken?: number
  readonly firstClause?: number
  readonly firstAudio?: number
  readonly lastAudio?: number
  readonly turnComplete?: number
}

export interface TurnRecord {
  readonly session: string
  readonly turn: string | number
  readonly marks: TurnMarks
}

const STAGES = [
  { name: 'endpointing', to: 'turnDecided' },
  { name: 'recogniser', to: 'transcriptReady' },
  { name: 'LLM first token', to: 'firstToken' },
  { name: 'first clause', to: 'firstClause' },
  { name: 'synthesiser', to: 'firstAudio' },
] as const

export type StageName = (typeof STAGES)[number]['name']

/**
 * How long each stage held up the answer, in ms: from the latest mark before it to its own. A stage that had finished
 * before an earlier one (a transcript that was ready when the turn was decided) cost nothing, so it counts 0. A stage
 * without a mark is left out and its time falls to the next one.
 */
export function stageDurations(marks: TurnMarks): Partial<Record<StageName, number>> {
  const durations: Partial<Record<StageName, number>> = {}
  let reachedMs = marks.speechEnd
  for (const { name, to } of STAGES) {
    const atMs = marks[to]
    if (atMs === undefined) continue
    if (reachedMs !== undefined) durations[name] = Math.max(0, atMs - reachedMs)
    reachedMs = Math.max(reachedMs ?? atMs, atMs)
  }
  return durations
}

export interface StageShare {
  readonly name: StageName
  readonly ms: Summary
  /** Of the mean of all stages together, 0 to 1. */
  readonly share: number
}

/** Summaries of the stages over many turns, in the order of the pipeline; stages nobody marked are absent. */
export function stageShares(records: readonly TurnRecord[]): readonly StageShare[] {
  const durations = records.map((record) => stageDurations(record.marks))
  const summaries = STAGES.flatMap(({ name }) => {
    const ms = summarize(durations.flatMap((stages) => stages[name] ?? []))
    return ms === undefined ? [] : [{ name, ms }]
  })
  const total = summaries.reduce((sum, { ms }) => sum + ms.mean, 0)
  return summaries.map(({ name, ms }) => ({ name, ms, share: total > 0 ? ms.mean / total : 0 }))
}

/** What the server itself adds once the turn is decided, in ms; undefined where a mark is missing. */
export function decisionToAudioMs({ turnDecided, firstAudio }: TurnMarks): number | undefined {
  return turnDecided === undefined || firstAudio === undefined ? undefined : firstAudio - turnDecided
}
