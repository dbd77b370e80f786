/** The stages of a turn as bars: from which mark of the server's record to which. Pure. */

import type { Turn } from '../session/timeline'

export interface Stage {
  /** Its text is `bar.<name>`. */
  readonly name: string
  readonly startMs: number
  readonly endMs: number
}

const STAGES: readonly (readonly [name: string, from: string, to: string])[] = [
  ['waiting', 'speechEnd', 'turnDecided'],
  ['recognition', 'speechEnd', 'transcriptReady'],
  ['model', 'responseStarted', 'firstToken'],
  ['clause', 'firstToken', 'firstClause'],
  ['voice', 'firstClause', 'firstAudio'],
  ['answer', 'firstAudio', 'lastAudio'],
]

/** On the page's clock; empty until record and clock are known. */
export function stagesOf(turn: Turn, serverOffsetMs: number | undefined): readonly Stage[] {
  const { record } = turn
  if (record === undefined || serverOffsetMs === undefined) return []
  return STAGES.flatMap(([name, from, to]) => {
    const start = record.marks[from]
    const end = record.marks[to]
    if (start === undefined || end === undefined || end < start) return []
    return [{ name, startMs: start + serverOffsetMs, endMs: end + serverOffsetMs }]
  })
}
