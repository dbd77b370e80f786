/**
 * Every latency that Viva Voce speaks of, defined once: from which mark to which. Logs, metrics, spans, benchmarks and pages take
 * them from here. Arithmetic only.
 */
import type { TurnMark } from './turn-marks.js'
import type { TurnEvent, TurnMarks } from './turn-timeline.js'

/** Name → the marks that it lies between. Negative where the second came first, e.g. an answer that was ready early. */
export const LATENCIES = {
  /** End of the user's speech → first audio sent. What the listener hears is this plus the network and the client's buffer. */
  voiceToVoice: ['speechEnd', 'firstAudio'],
  /** Typed text → first audio, or first text. */
  textToAudio: ['textReceived', 'firstAudio'],
  textToText: ['textReceived', 'firstText'],
  /** How long it took to be sure that the user had finished. */
  endpointing: ['speechEnd', 'turnDecided'],
  /** The recogniser's own time for its final words. */
  recognition: ['softEnd', 'transcriptReady'],
  /** What is added after the decision: 0 … where the answer was held ready. */
  decisionToAudio: ['turnDecided', 'firstAudio'],
  /** Positive: the answer was in hand this long before the turn was decided. */
  heldReady: ['firstAudioReady', 'turnDecided'],
  prefill: ['responseStarted', 'prefillDone'],
  firstToken: ['responseStarted', 'firstToken'],
  firstClause: ['firstToken', 'firstClause'],
  firstSynthesis: ['firstClause', 'firstAudioReady'],
  generation: ['firstToken', 'lastToken'],
  answer: ['firstAudio', 'turnComplete'],
  /** Onset of the interrupting speech → the client was told. */
  interruption: ['bargeIn', 'interrupted'],
  /** How long sending stood still on a suspicion that came to nothing. */
  falsePause: ['paused', 'resumed'],
} as const satisfies Record<string, readonly [TurnMark, TurnMark]>

export type LatencyName = keyof typeof LATENCIES
export type Latencies = Readonly<Partial<Record<LatencyName, number>>>

/** In ms; those whose marks are missing are absent. */
export function latenciesOf(marks: TurnMarks): Latencies {
  const found: Partial<Record<LatencyName, number>> = {}
  for (const [name, [from, to]] of Object.entries(LATENCIES) as [LatencyName, [TurnMark, TurnMark]][]) {
    const start = marks[from]
    const end = marks[to]
    if (start !== undefined && end !== undefined) found[name] = end - start
  }
  return found
}

/** Stages between the end of speech and the first audio, in the order of the pipeline; each ends with the first of its marks that is there. */
const WAITS = [
  { name: 'endpointing', to: ['turnDue', 'turnDecided'] },
  { name: 'recogniser', to: ['transcriptReady'] },
  { name: 'LLM first token', to: ['firstToken'] },
  { name: 'first clause', to: ['firstClause'] },
  { name: 'synthesiser', to: ['firstAudio'] },
] as const satisfies readonly { name: string; to: readonly TurnMark[] }[]

export type WaitName = (typeof WAITS)[number]['name']
export const WAIT_NAMES: readonly WaitName[] = WAITS.map(({ name }) => name)

/**
 * How long each stage held up the answer, in ms: from the latest mark before it to its own. A stage that had finished
 * before an earlier one (a transcript that was ready when the turn was decided) cost nothing, so it counts 0. A stage
 * without a mark is left out and its time falls to the next one.
 */
export function waitsOf(marks: TurnMarks): Partial<Record<WaitName, number>> {
  const waits: Partial<Record<WaitName, number>> = {}
  let reachedMs = marks.speechEnd
  for (const { name, to } of WAITS) {
    const atMs = to.map((mark) => marks[mark]).find((at) => at !== undefined)
    if (atMs === undefined) continue
    if (reachedMs !== undefined) waits[name] = Math.max(0, atMs - reachedMs)
    reachedMs = Math.max(reachedMs ?? atMs, atMs)
  }
  return waits
}

export interface StageSpan {
  readonly stage: StageName
  readonly startMs: number
  readonly endMs: number
  readonly revision: number
}

/** Stage → the marks that begin it and those that end it. */
const STAGES = {
  speech: { from: ['speechStart', 'speechResumed'], to: ['speechEnd'] },
  endpointing: { from: ['speechEnd'], to: ['turnDecided'] },
  recognition: { from: ['softEnd'], to: ['transcriptReady'] },
  speculation: { from: ['speculationStarted'], to: ['speculationDropped', 'speculationConfirmed'] },
  prefill: { from: ['responseStarted', 'speculationStarted'], to: ['prefillDone'] },
  generation: { from: ['firstToken'], to: ['lastToken', 'speculationDropped'] },
  synthesis: { from: ['synthesisStarted'], to: ['synthesisEnded', 'speculationDropped'] },
  hold: { from: ['paused'], to: ['resumed', 'interrupted'] },
  playout: { from: ['firstAudio'], to: ['interrupted', 'turnComplete'] },
} as const satisfies Record<string, { from: readonly TurnMark[]; to: readonly TurnMark[] }>

export type StageName = keyof typeof STAGES

/** Start and end of every stage, dropped attempts included, by start. A stage that did not end is absent. */
export function stagesOf(events: readonly TurnEvent[]): readonly StageSpan[] {
  const spans: StageSpan[] = []
  for (const [stage, { from, to }] of Object.entries(STAGES) as [
    StageName,
    { from: readonly TurnMark[]; to: readonly TurnMark[] },
  ][]) {
    let open: TurnEvent | undefined
    for (const event of events) {
      if (from.includes(event.mark)) open = event
      if (!open || !to.includes(event.mark)) continue
      spans.push({ stage, startMs: open.at, endMs: event.at, revision: open.revision })
      open = undefined
    }
  }
  return spans.sort((a, b) => a.startMs - b.startMs)
}
