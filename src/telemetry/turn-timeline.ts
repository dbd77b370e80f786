/**
 * The timeline of one turn while it is being written: every mark in the order it came, and the summary that latencies are taken
 * from. It keeps numbers only, and knows nothing of who makes the marks.
 */
import { TURN_MARKS, type TurnMark } from './turn-marks.js'

/** Times in ms on the server's monotonic clock. */
export interface TurnEvent {
  readonly mark: TurnMark
  readonly at: number
  /** Attempt at the answer that this belongs to, from 1; 0 before any. */
  readonly revision: number
  readonly value?: number
}

export type TurnMarks = Readonly<Partial<Record<TurnMark, number>>>

/**
 * complete; interrupted by the user; failed = an engine was lost and the apology went out; unanswered = sound without words;
 * overheard = not said to the model, which kept silent on purpose; abandoned = the session ended first.
 */
export type TurnOutcome = 'complete' | 'interrupted' | 'failed' | 'unanswered' | 'overheard' | 'abandoned'

export interface TurnRecord {
  readonly session: string
  /** From 1 within the session. */
  readonly turn: number
  readonly outcome: TurnOutcome
  /** paced = audio left little ahead of playing, for somebody who listens live. */
  readonly pacing: 'paced' | 'unpaced'
  /** Length of the user's audio and of the answer's, ms. */
  readonly inputAudioMs: number
  readonly outputAudioMs: number
  /** Attempts at the answer; more than 1 = something was dropped or tried again. */
  readonly revisions: number
  /** How the user sounded, where that was asked for and known when the answer began. */
  readonly tone?: TurnTone
  /** How the answer was spoken because of it; absent = as ever. */
  readonly manner?: TurnManner
  /** Whether it was said to the model, where that was asked for. */
  readonly address?: TurnAddress
  /** When each thing happened in the attempt that counts; absent = it did not. */
  readonly marks: TurnMarks
  /** Everything, dropped attempts included, in order. */
  readonly events: readonly TurnEvent[]
}

export interface TurnTone {
  readonly name: string
  /** −1 … 1 against this speaker's own way. */
  readonly arousal: number
  /** −1 … 1 of the words. */
  readonly valence: number
  /** 0 … 1 */
  readonly confidence: number
}

export interface TurnAddress {
  readonly addressed: boolean
  /** Log-odds that it was. */
  readonly lead: number
  /** Names of what spoke for it or against it, the weightiest first. */
  readonly why: readonly string[]
  /** How alike the voice was to those that were answered, 1 = the same; absent = not known. */
  readonly likeness?: number
}

export interface TurnManner {
  readonly pace: number
  readonly pitchSemitones: number
  readonly gainDb: number
}

/** A turn that goes on for ever must not fill the memory: later events are left out of the list, not out of the summary. */
const MAX_EVENTS = 400

export interface TurnTimeline {
  mark(mark: TurnMark, at: number, value?: number): void
  /** When the mark happened, as the summary has it. */
  at(mark: TurnMark): number | undefined
  readonly marks: TurnMarks
  readonly events: readonly TurnEvent[]
  readonly revisions: number
}

export function createTurnTimeline(): TurnTimeline {
  const events: TurnEvent[] = []
  const marks: Partial<Record<TurnMark, number>> = {}
  let revisions = 0
  /** Whether an attempt is under way that a confirmation merely releases. */
  let speculating = false

  const forgetAnswer = () => {
    for (const name of Object.keys(marks) as TurnMark[]) {
      if (TURN_MARKS[name].group === 'answer') delete marks[name]
    }
  }

  return {
    mark(mark, at, value) {
      const starts = mark === 'speculationStarted' || (mark === 'responseStarted' && !speculating)
      if (starts) {
        revisions++
        forgetAnswer()
      }
      if (mark === 'speculationStarted') speculating = true
      if (mark === 'speculationDropped' || mark === 'speculationConfirmed') speculating = false
      if (mark === 'speculationDropped') forgetAnswer()
      if (TURN_MARKS[mark].counts === 'last' || marks[mark] === undefined) marks[mark] = at
      if (events.length < MAX_EVENTS) {
        events.push({ mark, at, revision: revisions, ...(value === undefined ? {} : { value }) })
      }
    },
    at: (mark) => marks[mark],
    marks,
    events,
    get revisions() {
      return revisions
    },
  }
}
