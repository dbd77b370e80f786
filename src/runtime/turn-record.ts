/**
 * One record per turn: when each stage happened, on one clock, from watching the events and effects of the core. The bench, the
 * logs and the page read their latencies from here. It keeps no words.
 */
import type { Effect, SessionEvent } from '../core/index.js'
import type { ResponderMilestone } from './responder.js'

export interface TurnRecord {
  readonly session: string
  readonly turn: number
  /** Milliseconds on the server's monotonic clock; a mark that did not happen is absent. */
  readonly marks: Readonly<Partial<Record<TurnMark, number>>>
  /** Length of the user's audio and of the answer's, ms. */
  readonly inputAudioMs: number
  readonly outputAudioMs: number
  readonly outcome: 'complete' | 'interrupted' | 'failed' | 'open'
}

export type TurnMark =
  | 'speechStart'
  /** Arrival of the last audio that counted as speech. */
  | 'speechEnd'
  | 'turnDecided'
  | 'transcriptReady'
  | 'responseStarted'
  | 'firstToken'
  | 'firstClause'
  | 'firstAudio'
  | 'lastAudio'
  | 'turnComplete'

export interface TurnRecorder {
  saw(event: SessionEvent, effects: readonly Effect[]): void
  milestone(name: ResponderMilestone, at: number): void
}

interface OpenRecord {
  turn: number
  marks: Partial<Record<TurnMark, number>>
  inputAudioMs: number
  outputAudioMs: number
  outcome: TurnRecord['outcome']
}

const MILESTONES: Readonly<Record<ResponderMilestone, TurnMark>> = {
  'first-token': 'firstToken',
  'first-clause': 'firstClause',
}

/** `speechThreshold`: frames from here on move `speechEnd`. Finished records go to `finish`. */
export function createTurnRecorder(
  session: string,
  speechThreshold: number,
  finish: (record: TurnRecord) => void,
): TurnRecorder {
  let turn = 1
  let current: OpenRecord | undefined
  /** Length of the audio that was settled last: it counts once its activity ends there. */
  let settledMs = 0

  const open = (): OpenRecord => {
    current ??= { turn: turn++, marks: {}, inputAudioMs: 0, outputAudioMs: 0, outcome: 'open' }
    return current
  }
  const mark = (name: TurnMark, at: number) => {
    open().marks[name] ??= at
  }
  const end = (outcome: TurnRecord['outcome'], at: number) => {
    if (!current) return
    current.marks.turnComplete = at
    finish({ session, ...current, outcome })
    current = undefined
  }

  return {
    saw(event, effects) {
      if (event.type === 'speech-score' && event.probability >= speechThreshold && current) {
        current.marks.speechEnd = event.at
      }
      if (event.type === 'words' && current) {
        current.marks.transcriptReady = event.at
        settledMs = event.audioMs
      }
      if (event.type === 'transcript' && current) {
        current.marks.transcriptReady = event.at
        current.inputAudioMs += event.audioMs
      }
      if (event.type === 'response-output') {
        const record = open()
        record.marks.firstAudio ??= event.at
        record.marks.lastAudio = event.at
        record.outputAudioMs += event.audioMs
      }
      for (const effect of effects) {
        if (effect.type === 'send' && 'serverContent' in effect.message) {
          if (effect.message.serverContent.interrupted) end('interrupted', event.at)
          if (effect.message.serverContent.turnComplete)
            end(current?.outcome === 'failed' ? 'failed' : 'complete', event.at)
        }
        if (effect.type === 'open-activity') mark('speechStart', event.at)
        if (effect.type === 'close-activity') open().marks.turnDecided = event.at
        if (effect.type === 'finish-activity') {
          open().marks.turnDecided = event.at
          open().inputAudioMs += settledMs
        }
        if (effect.type === 'start-response') {
          const { firstToken: _token, firstClause: _clause, ...before } = open().marks
          open().marks = { ...before, responseStarted: event.at }
        }
        if (effect.type === 'apologise') open().outcome = 'failed'
      }
    },
    milestone(name, at) {
      if (current) current.marks[MILESTONES[name]] ??= at
    },
  }
}
