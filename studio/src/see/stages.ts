/** The stages of a turn as rows of spans, and its marks, from the server's record. Pure. */

import type { Turn } from '../session/timeline'

export interface Stage {
  /** Its text is `bar.<name>`. */
  readonly name: string
  /** The colour it is drawn in: what listens has the user's, what speaks the model's, what is waited for amber. */
  readonly colour: 'you' | 'mark' | 'model'
  readonly spans: readonly Span[]
}

export interface Span {
  readonly startMs: number
  readonly endMs: number
  /** Of an attempt that came to nothing: the user went on. */
  readonly dropped: boolean
}

export interface Mark {
  readonly name: 'softEnd' | 'turnDecided' | 'bargeIn' | 'paused'
  readonly atMs: number
}

/** In the order of the pipeline; what is heard (speech, playout) is drawn as sound already. */
const ROWS = [
  ['endpointing', 'mark'],
  ['recognition', 'you'],
  ['speculation', 'mark'],
  ['prefill', 'mark'],
  ['generation', 'mark'],
  ['synthesis', 'model'],
  ['hold', 'mark'],
] as const
/** Work on an answer, which can be for nothing. */
const ANSWER = new Set<string>(['speculation', 'prefill', 'generation', 'synthesis'])
const MARKS = ['softEnd', 'turnDecided', 'bargeIn', 'paused'] as const

/** On the page's clock; empty until record and clock are known. */
export function stagesOf({ record }: Turn, serverOffsetMs: number | undefined): readonly Stage[] {
  if (record?.stages === undefined || serverOffsetMs === undefined) return []
  const { stages, events = [], revisions = 1 } = record
  const drops = events.filter(({ mark }) => mark === 'speculationDropped').map(({ at }) => at)
  return ROWS.flatMap(([name, colour]) => {
    const spans = stages
      .filter(({ stage }) => stage === name)
      .map(({ startMs, endMs, revision }) => ({
        startMs: startMs + serverOffsetMs,
        endMs: endMs + serverOffsetMs,
        dropped: ANSWER.has(name) && (revision < revisions || drops.includes(endMs)),
      }))
    return spans.length === 0 ? [] : [{ name, colour, spans }]
  })
}

export function marksOf({ record }: Turn, serverOffsetMs: number | undefined): readonly Mark[] {
  if (record?.events === undefined || serverOffsetMs === undefined) return []
  return record.events.flatMap(({ mark, at }) => {
    const name = MARKS.find((known) => known === mark)
    return name === undefined ? [] : [{ name, atMs: at + serverOffsetMs }]
  })
}

/** The last attempt is the one that was heard. */
export const durationOf = ({ spans }: Stage): number => {
  const span = spans.findLast(({ dropped }) => !dropped) ?? spans.at(-1)!
  return span.endMs - span.startMs
}
