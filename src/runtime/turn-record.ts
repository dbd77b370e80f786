/**
 * Writes the timeline of each turn from watching the events and effects of the core and from the marks that the engines' callers make.
 * A user who speaks while an answer plays begins the next turn's record before the answer's is over. It keeps no words.
 */
import type { Effect, SessionEvent } from '../core/index.js'
import {
  createTurnTimeline,
  TURN_MARKS,
  type TurnAddress,
  type TurnManner,
  type TurnMark,
  type TurnOutcome,
  type TurnRecord,
  type TurnTimeline,
  type TurnTone,
} from '../telemetry/index.js'

export interface TurnRecorder {
  saw(event: SessionEvent, effects: readonly Effect[]): void
  /** What the core does not see. Marks of the answer belong to the turn that is being answered. */
  mark(mark: TurnMark, at: number, value?: number): void
  /** The session is over: what is open is recorded as abandoned. */
  end(): void
}

export interface TurnRecorderOptions {
  readonly session: string
  /** Frames from here on move `speechEnd`. */
  readonly speechThreshold: number
  readonly paced: () => boolean
  /** Takes each finished record. */
  readonly finish: (record: TurnRecord) => void
}

interface OpenRecord {
  readonly timeline: TurnTimeline
  speechEndAt: number | undefined
  inputAudioMs: number
  outputAudioMs: number
  /** When the client has played what was sent. */
  playedAt: number
  paced: boolean
  failed: boolean
  /** Activities whose words are still to come. */
  readonly awaited: Set<number>
  heardWords: boolean
  /** Of the activity that was settled last: counts once it ends there. */
  settledMs: number
  tone: TurnTone | undefined
  manner: TurnManner | undefined
  address: TurnAddress | undefined
  /** Where it was settled: words up to there are the last ones. */
  settledToMs: number | undefined
  /** The answer whose output may not leave yet. */
  heldResponse: number | undefined
}

/** A gap shorter than this is the granularity of timers. */
const SHORTEST_UNDERRUN_MS = 5

export function createTurnRecorder(options: TurnRecorderOptions): TurnRecorder {
  let turn = 1
  let current: OpenRecord | undefined
  /** What the user says while the answer of `current` still plays. */
  let next: OpenRecord | undefined
  let typedAt: number | undefined

  const open = (): OpenRecord => (current ??= newRecord())
  const answering = () => current?.timeline.at('firstAudio') !== undefined
  /** The record that the user's side belongs to. */
  const listening = (): OpenRecord => next ?? open()

  function close(outcome: TurnOutcome): void {
    if (!current) return
    const { timeline, inputAudioMs, outputAudioMs, tone, manner, address } = current
    options.finish({
      session: options.session,
      turn: turn++,
      outcome,
      pacing: current.paced ? 'paced' : 'unpaced',
      inputAudioMs,
      outputAudioMs,
      revisions: timeline.revisions,
      ...(tone && { tone }),
      ...(manner && { manner }),
      ...(address && { address }),
      marks: timeline.marks,
      events: timeline.events,
    })
    current = next
    next = undefined
  }

  function sawEffect(effect: Effect, at: number): void {
    switch (effect.type) {
      case 'open-activity':
        beginActivity(effect.activity, at)
        return
      case 'settle-activity':
        markSpeechEnd()
        listening().settledToMs = effect.toMs
        listening().timeline.mark('softEnd', at)
        return
      case 'resume-activity':
        listening().timeline.mark('speechResumed', at)
        return
      case 'close-activity':
        markSpeechEnd()
        listening().timeline.mark('turnDecided', at)
        return
      case 'finish-activity': {
        markSpeechEnd()
        const record = listening()
        record.timeline.mark('turnDecided', at)
        record.inputAudioMs += record.settledMs
        record.awaited.delete(effect.activity)
        return
      }
      case 'pause-response':
        current?.timeline.mark('paused', at)
        return
      case 'resume-response':
        current?.timeline.mark('resumed', at)
        return
      case 'drop-activity':
        recordOf(effect.activity)?.awaited.delete(effect.activity)
        return
      case 'start-response':
        markTyped(open)
        if (effect.standing !== 'certain') {
          open().heldResponse = effect.response
          open().timeline.mark('speculationStarted', at)
        }
        if (effect.standing === 'due') open().timeline.mark('turnDue', at)
        open().timeline.mark('responseStarted', at)
        Object.assign(open(), { tone: effect.tone, manner: effect.manner })
        return
      case 'hasten-response':
        current?.timeline.mark('turnDue', at)
        return
      case 'note-address':
        if (current) current.address = effect.verdict
        return
      case 'release-response':
        endSpeculation(effect.response, 'speculationConfirmed', at)
        return
      case 'cancel-response':
        endSpeculation(effect.response, 'speculationDropped', at)
        return
      case 'apologise':
        open().failed = true
        return
      case 'send':
        if ('serverContent' in effect.message) sawContent(effect.message.serverContent, at)
        return
    }
  }

  /** Typed input may end one turn before it begins another: it belongs to the one that is open after that. */
  function markTyped(record: () => OpenRecord): void {
    if (typedAt !== undefined) record().timeline.mark('textReceived', typedAt)
    typedAt = undefined
  }

  function beginActivity(activity: number, at: number): void {
    // Sound without words, long over: it is no part of what is said now.
    if (current && isSilent(current)) close('unanswered')
    if (answering() && !next) {
      current?.timeline.mark('bargeIn', at)
      next = newRecord()
    }
    const record = listening()
    record.awaited.add(activity)
    record.timeline.mark('speechStart', at)
  }

  function endSpeculation(
    response: number,
    how: 'speculationConfirmed' | 'speculationDropped',
    at: number,
  ): void {
    if (current?.heldResponse !== response) return
    current.heldResponse = undefined
    current.timeline.mark(how, at)
  }

  function markSpeechEnd(): void {
    const { speechEndAt, timeline } = listening()
    if (speechEndAt !== undefined && timeline.at('speechEnd') !== speechEndAt) {
      timeline.mark('speechEnd', speechEndAt)
    }
  }

  function sawContent(
    content: { interrupted?: unknown; turnComplete?: unknown; waitingForInput?: unknown },
    at: number,
  ): void {
    if (content.interrupted && current) {
      current.timeline.mark('interrupted', at)
      current.timeline.mark('turnComplete', at)
      close('interrupted')
    } else if (content.turnComplete && current && hasAnswer(current)) {
      current.timeline.mark('turnComplete', at)
      close(current.failed ? 'failed' : 'complete')
    } else if (content.waitingForInput && current) {
      current.timeline.mark('turnComplete', at)
      close('overheard')
    } else if (content.turnComplete && current && isSilent(current)) {
      current.timeline.mark('turnComplete', at)
      close('unanswered')
    }
  }

  function sawOutput(at: number, audioMs: number): void {
    const record = open()
    const { timeline } = record
    if (audioMs === 0) {
      timeline.mark('firstText', at)
      return
    }
    const first = timeline.at('firstAudio') === undefined
    if (first) record.paced = options.paced()
    else if (record.paced && at - record.playedAt >= SHORTEST_UNDERRUN_MS) {
      timeline.mark('underrun', at, at - record.playedAt)
    }
    timeline.mark(first ? 'firstAudio' : 'lastAudio', at)
    record.playedAt = Math.max(record.playedAt, at) + audioMs
    record.outputAudioMs += audioMs
  }

  function recordOf(activity: number): OpenRecord | undefined {
    return [current, next].find((record) => record?.awaited.has(activity))
  }

  return {
    saw(event, effects) {
      switch (event.type) {
        case 'speech-score':
          if (event.probability >= options.speechThreshold) {
            const record = next ?? current
            if (record) record.speechEndAt = event.at
          }
          break
        case 'words': {
          const record = recordOf(event.activity)
          if (!record) break
          record.heardWords ||= event.text !== ''
          const isLast = event.toMs === record.settledToMs
          if (isLast) record.settledMs = event.audioMs
          record.timeline.mark(isLast ? 'transcriptReady' : 'partialReady', event.at)
          break
        }
        case 'turn-vote':
          recordOf(event.activity)?.timeline.mark('turnScored', event.at, event.probability)
          break
        case 'response-ending':
          if (current?.heldResponse === event.response)
            current.timeline.mark('endingForeseen', event.at, event.ends)
          break
        case 'voice':
          recordOf(event.activity)?.timeline.mark('voiceCompared', event.at, event.likeness)
          break
        case 'address-vote':
          ;(next ?? current)?.timeline.mark('addressVoted', event.at, event.lead)
          break
        case 'transcript': {
          const record = recordOf(event.activity)
          if (!record) break
          record.awaited.delete(event.activity)
          record.heardWords ||= event.text !== ''
          record.inputAudioMs += event.audioMs
          record.timeline.mark('transcriptReady', event.at)
          break
        }
        case 'response-output':
          sawOutput(event.at, event.audioMs)
          break
        case 'response-generated':
          current?.timeline.mark('generated', event.at)
          break
      }
      const isTyped = event.type === 'realtime-text' || (event.type === 'content' && event.turnComplete)
      typedAt = isTyped ? event.at : undefined
      for (const effect of effects) sawEffect(effect, event.at)
      if (answering() && typedAt !== undefined) next ??= newRecord()
      markTyped(listening)
    },
    mark(mark, at, value) {
      const record = TURN_MARKS[mark].group === 'user' ? (next ?? current) : current
      record?.timeline.mark(mark, at, value)
    },
    end() {
      while (current) close(isSilent(current) ? 'unanswered' : 'abandoned')
    },
  }
}

function newRecord(): OpenRecord {
  return {
    timeline: createTurnTimeline(),
    speechEndAt: undefined,
    inputAudioMs: 0,
    outputAudioMs: 0,
    playedAt: 0,
    paced: false,
    failed: false,
    awaited: new Set(),
    heardWords: false,
    settledMs: 0,
    tone: undefined,
    manner: undefined,
    address: undefined,
    settledToMs: undefined,
    heldResponse: undefined,
  }
}

const hasAnswer = ({ timeline, failed }: OpenRecord) => failed || timeline.revisions > 0

/** All of it was heard, it held no words, and nothing answers it. */
function isSilent(record: OpenRecord): boolean {
  return record.awaited.size === 0 && !record.heardWords && !hasAnswer(record) && typed(record) === undefined
}

const typed = ({ timeline }: OpenRecord) => timeline.at('textReceived')
