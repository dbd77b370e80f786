/**
 * The session machine: `reduce(session, event) → [session, effects]`. Every decision about a conversation is made here,
 * synchronously and from the event alone. Results that carry an id that is no longer current are dropped, so nothing that is late
 * can do harm.
 */
import { inputTranscriptionMessage, turnCompleteMessage } from '../protocol/index.js'
import { ANSWER_OWED_MS, BURST_END_MS, LIVE_END_MS, type SessionConfig } from './config.js'
import type { Effect } from './effects.js'
import type { ActivityId, SessionEvent, TimerName } from './events.js'
import { type FloorDecision, hearFrame, QUIET } from './floor.js'
import * as response from './response.js'
import { newSession, type Session, sessionPrompt } from './session-state.js'
import {
  activityState,
  awaitingActivities,
  hasFailed,
  isSettled,
  NEW_TURN,
  type OpenTurn,
  takeAnnouncements,
  turnText,
  withActivity,
  withPart,
} from './turn.js'
import { usageOf } from './usage.js'

const TIMERS: readonly TimerName[] = ['stream-end', 'playout', 'answer-owed']

/** A session right after its setup was accepted; the effects start the prefill of the system instruction. */
export function openSession(config: SessionConfig): readonly [Session, readonly Effect[]] {
  const session = newSession(config)
  return [session, [{ type: 'prefill', prompt: sessionPrompt(session) }]]
}

export function reduce(session: Session, event: SessionEvent): readonly [Session, readonly Effect[]] {
  if (session.closed) return [session, []]
  const effects: Effect[] = []
  const next = apply(session, event, effects)
  return [next, effects]
}

function apply(session: Session, event: SessionEvent, effects: Effect[]): Session {
  switch (event.type) {
    case 'content':
      return hearContent(session, event, effects)
    case 'realtime-text':
      return hearText(session, event, effects)
    case 'activity-start':
      return startMarkedActivity(session, event, effects)
    case 'activity-end':
      return endMarkedActivity(session, event, effects)
    case 'audio-stream-end':
      return requestStreamEnd(session, event, effects)
    case 'audio-received':
      effects.push({ type: 'clear-timer', timer: 'stream-end' })
      // A burst that has become a microphone holds its answer no longer.
      return answerIfReady({ ...session, stream: { phase: 'flowing', live: event.live } }, event.at, effects)
    case 'audio-drained':
      return drained(session, event, effects)
    case 'speech-score':
      return hearScore(session, event, effects)
    case 'transcript':
      return hearTranscript(session, event, effects)
    case 'transcript-failed':
      return retryOrFail(session, event.at, effects, event.activity, event.retryable)
    case 'response-progress':
      if (!isCurrent(session, event.response)) return session
      effects.push({ type: 'set-timer', timer: 'answer-owed', at: event.at + ANSWER_OWED_MS })
      return session
    case 'response-output':
      if (!isCurrent(session, event.response)) return session
      return response.addOutput(session, event.at, effects, event.text, event.audioMs)
    case 'response-generated':
      if (!isCurrent(session, event.response)) return session
      return answerIfReady(response.generated(session, event.at, effects, event), event.at, effects)
    case 'response-failed':
      if (!isCurrent(session, event.response)) return session
      return answerIfReady(response.failed(session, event.at, effects, event.retryable), event.at, effects)
    case 'engine-unavailable':
      return close(session, effects, 1011, `The ${event.engine} engine is not available; try again later.`)
    case 'timer':
      return onTimer(session, event.timer, event.at, effects)
    case 'disconnected':
      return shutDown(session, effects)
  }
}

// ---- typed input

function hearContent(
  session: Session,
  event: Extract<SessionEvent, { type: 'content' }>,
  effects: Effect[],
): Session {
  let next = response.interrupt(session, event.at, effects)
  next = commitHeardParts(next)
  for (const turn of event.turns) {
    if (turn.role === 'system') next = { ...next, system: turn.text }
    else next = { ...next, messages: [...next.messages, { role: turn.role, text: turn.text }] }
  }
  if (!event.turnComplete) {
    effects.push({ type: 'prefill', prompt: sessionPrompt(next) })
    return answerIfReady(next, event.at, effects)
  }
  return respondToMessages(next, event.at, effects)
}

/** Answers the messages as they stand; a turn whose words are still on their way is answered afterwards. */
function respondToMessages(session: Session, at: number, effects: Effect[]): Session {
  const pending = session.turn && session.turn.parts.length > 0 ? { ...session.turn, owed: false } : undefined
  return response.respond({ ...session, turn: pending }, at, effects, undefined)
}

/** A turn that was withdrawn by typed input stays in the history as far as its words are known. */
function commitHeardParts(session: Session): Session {
  const { turn } = session
  if (!turn || !isSettled(turn)) return session
  const text = turnText(turn)
  const messages = text === '' ? session.messages : [...session.messages, { role: 'user' as const, text }]
  return { ...session, messages, turn: turn.owed ? { ...NEW_TURN, owed: true } : undefined }
}

function hearText(session: Session, event: { at: number; text: string }, effects: Effect[]): Session {
  let next = session
  if (next.config.interruptible) next = response.interrupt(next, event.at, effects)
  // Frameworks send " " or "." to make the model speak first: go on, with nothing said.
  const said = event.text.trim()
  const turn = withPart(next.turn, { kind: 'text', text: said === '.' ? '' : said })
  return answerIfReady({ ...next, turn: { ...turn, owed: true } }, event.at, effects)
}

// ---- activities

function beginActivity(
  session: Session,
  at: number,
  effects: Effect[],
  fromMs: number,
): readonly [Session, ActivityId] {
  const interrupted = session.config.interruptible ? response.interrupt(session, at, effects) : session
  const activity = interrupted.nextId
  effects.push({ type: 'open-activity', activity, fromMs })
  const turn = withPart(interrupted.turn, { kind: 'activity', id: activity, state: { phase: 'open' } })
  return [{ ...interrupted, turn, nextId: activity + 1 }, activity]
}

function endActivity(
  session: Session,
  at: number,
  effects: Effect[],
  activity: ActivityId,
  toMs: number,
): Session {
  effects.push({ type: 'close-activity', activity, toMs })
  effects.push({ type: 'set-timer', timer: 'answer-owed', at: at + ANSWER_OWED_MS })
  const turn = withActivity(session.turn ?? NEW_TURN, activity, { phase: 'awaiting', attempt: 1 })
  return { ...session, floor: QUIET, turn }
}

function startMarkedActivity(
  session: Session,
  event: { at: number; audioMs: number },
  effects: Effect[],
): Session {
  if (session.config.floor.automatic) return refuseMark(session, effects, 'activityStart')
  if (session.floor.phase === 'marked') return session
  const [next, activity] = beginActivity(session, event.at, effects, event.audioMs)
  return { ...next, floor: { phase: 'marked', activity } }
}

function endMarkedActivity(
  session: Session,
  event: { at: number; audioMs: number },
  effects: Effect[],
): Session {
  if (session.config.floor.automatic) return refuseMark(session, effects, 'activityEnd')
  if (session.floor.phase !== 'marked') return session
  const ended = endActivity(session, event.at, effects, session.floor.activity, event.audioMs)
  return { ...ended, turn: { ...(ended.turn ?? NEW_TURN), explicit: true } }
}

function refuseMark(session: Session, effects: Effect[], member: string): Session {
  const reason = `realtimeInput.${member} needs setup.realtimeInputConfig.automaticActivityDetection.disabled=true`
  return close(session, effects, 1007, reason)
}

function hearScore(
  session: Session,
  event: Extract<SessionEvent, { type: 'speech-score' }>,
  effects: Effect[],
): Session {
  const [floor, decision] = hearFrame(session.floor, session.config.floor, event)
  return decide({ ...session, floor }, session, event.at, decision, effects)
}

function decide(
  session: Session,
  before: Session,
  at: number,
  decision: FloorDecision,
  effects: Effect[],
): Session {
  const activity = before.floor.phase === 'speaking' ? before.floor.activity : undefined
  switch (decision.type) {
    case 'none':
      return session
    case 'start': {
      const [next, started] = beginActivity(session, at, effects, decision.fromMs)
      const { lastSpeechMs } = decision
      return { ...next, floor: { phase: 'speaking', activity: started, lastSpeechMs, settled: false } }
    }
    case 'soft-end':
      if (activity !== undefined) effects.push({ type: 'settle-activity', activity, toMs: decision.toMs })
      return session
    case 'resume':
      if (activity !== undefined) effects.push({ type: 'resume-activity', activity })
      return session
    case 'end':
      return activity === undefined ? session : endActivity(session, at, effects, activity, decision.toMs)
  }
}

// ---- the audio stream's end

function requestStreamEnd(
  session: Session,
  event: { at: number; audioMs: number },
  effects: Effect[],
): Session {
  if (!session.config.floor.automatic) {
    const reason = 'realtimeInput.audioStreamEnd needs automatic activity detection; send activityEnd instead'
    return close(session, effects, 1007, reason)
  }
  effects.push({ type: 'clear-timer', timer: 'stream-end' })
  return endStream(session, event.at, effects, event.audioMs)
}

function drained(session: Session, event: { at: number }, effects: Effect[]): Session {
  const { stream } = session
  if (stream.phase !== 'flowing') return session
  const waitMs = stream.live ? LIVE_END_MS : BURST_END_MS
  effects.push({ type: 'set-timer', timer: 'stream-end', at: event.at + waitMs })
  return session
}

function endStream(session: Session, at: number, effects: Effect[], audioMs: number): Session {
  const { stream, floor } = session
  if (stream.phase !== 'flowing') return session
  let next: Session = { ...session, stream: { phase: 'ended', live: stream.live } }
  // A file is a question that its sender waits for.
  if (!stream.live && next.turn) next = { ...next, turn: { ...next.turn, explicit: true } }
  if (floor.phase === 'speaking') {
    next = endActivity(next, at, effects, floor.activity, audioMs)
  }
  return answerIfReady(next, at, effects)
}

// ---- transcripts

function hearTranscript(
  session: Session,
  event: Extract<SessionEvent, { type: 'transcript' }>,
  effects: Effect[],
): Session {
  if (activityState(session.turn, event.activity)?.phase !== 'awaiting' || !session.turn) return session
  const heard = withActivity(session.turn, event.activity, {
    phase: 'heard',
    text: event.text,
    announced: false,
  })
  const turn = announce(session, heard, effects)
  const next = { ...session, turn, userAudioMs: session.userAudioMs + event.audioMs }
  if (event.text === '') return answerIfReady(next, event.at, effects)
  // `und`: the recogniser does not tell languages apart.
  const language = event.language === 'und' ? session.language : event.language
  return answerIfReady({ ...next, language }, event.at, effects)
}

function retryOrFail(
  session: Session,
  at: number,
  effects: Effect[],
  activity: ActivityId,
  retryable = true,
): Session {
  const state = activityState(session.turn, activity)
  if (state?.phase !== 'awaiting' || !session.turn) return session
  if (retryable && state.attempt === 1) {
    effects.push({ type: 'retry-activity', activity })
    effects.push({ type: 'set-timer', timer: 'answer-owed', at: at + ANSWER_OWED_MS })
    return { ...session, turn: withActivity(session.turn, activity, { phase: 'awaiting', attempt: 2 }) }
  }
  effects.push({ type: 'drop-activity', activity })
  const turn = announce(session, withActivity(session.turn, activity, { phase: 'failed' }), effects)
  return answerIfReady({ ...session, turn }, at, effects)
}

/** Sends the transcripts whose time has come. */
function announce(session: Session, heard: OpenTurn, effects: Effect[]): OpenTurn {
  const { turn, texts } = takeAnnouncements(heard)
  if (session.config.inputTranscription) {
    for (const text of texts) effects.push({ type: 'send', message: inputTranscriptionMessage(text) })
  }
  return turn
}

// ---- answering

/** Answers the open turn once its words are known, nobody speaks, the file has ended and the model is silent. */
function answerIfReady(session: Session, at: number, effects: Effect[]): Session {
  const { turn } = session
  if (!turn || turn.parts.length === 0 || !isSettled(turn)) return session
  if (session.output.phase !== 'silent') return session
  if (session.config.floor.automatic && session.stream.phase === 'flowing' && !session.stream.live)
    return session
  const text = turnText(turn)
  const open = { ...session, turn: undefined }
  if (text !== '') {
    const messages = [...session.messages, { role: 'user' as const, text }]
    const answers = { turn, messagesBefore: session.messages.length }
    return response.respond({ ...open, messages }, at, effects, answers)
  }
  if (hasFailed(turn)) return response.apologise(open, at, effects)
  if (turn.owed) return answerWithoutWords(open, turn, at, effects)
  effects.push({ type: 'clear-timer', timer: 'answer-owed' })
  if (!turn.explicit) return open
  const nothing = { promptTokens: 0, outputTokens: 0 }
  effects.push({ type: 'send', message: turnCompleteMessage(usageOf(session, nothing, [])) })
  return open
}

/** What the user is taken to have meant by a sound without words that stopped the model, or by an empty text. */
const GO_ON: Readonly<Record<string, string>> = {
  en: 'Please go on.',
  es: 'Continúa, por favor.',
  fr: 'Continue, s’il te plaît.',
  de: 'Bitte sprich weiter.',
  it: 'Continua, per favore.',
  pt: 'Continua, por favor.',
}

function answerWithoutWords(session: Session, turn: OpenTurn, at: number, effects: Effect[]): Session {
  const waiting = session.messages.at(-1)?.role === 'user'
  if (waiting) return response.respond(session, at, effects, undefined)
  const text = GO_ON[session.language] ?? GO_ON.en ?? ''
  const messages =
    session.messages.length === 0 ? session.messages : [...session.messages, { role: 'user' as const, text }]
  const answers = { turn, messagesBefore: session.messages.length }
  return response.respond({ ...session, messages }, at, effects, answers)
}

// ---- timers and ends

function onTimer(session: Session, timer: TimerName, at: number, effects: Effect[]): Session {
  switch (timer) {
    case 'stream-end':
      return endStream(session, at, effects, Number.POSITIVE_INFINITY)
    case 'playout':
      return answerIfReady(response.playedOut(session, effects), at, effects)
    case 'answer-owed': {
      if (session.output.phase === 'responding') {
        return answerIfReady(response.failed(session, at, effects), at, effects)
      }
      return awaitingActivities(session.turn).reduce(
        (next, activity) => retryOrFail(next, at, effects, activity),
        session,
      )
    }
  }
}

function isCurrent(session: Session, responseId: number): boolean {
  return session.output.phase === 'responding' && session.output.response === responseId
}

function close(session: Session, effects: Effect[], code: number, reason: string): Session {
  const closed = shutDown(session, effects)
  effects.push({ type: 'close', code, reason })
  return closed
}

function shutDown(session: Session, effects: Effect[]): Session {
  if (session.output.phase !== 'silent') {
    effects.push({ type: 'cancel-response', response: session.output.response })
  }
  for (const timer of TIMERS) effects.push({ type: 'clear-timer', timer })
  return { ...session, closed: true }
}
