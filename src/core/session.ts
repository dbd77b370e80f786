/**
 * The session machine: `reduce(session, event) → [session, effects]`. Every decision about a conversation is made here,
 * synchronously and from the event alone. Results that carry an id that is no longer current are dropped, so nothing that is late
 * can do harm.
 */
import { type Closing, closing } from '../protocol/index.js'
import {
  beginActivity,
  decide,
  endActivity,
  endSpeech,
  hearEnding,
  hearScore,
  hearTranscript,
  hearVote,
  hearWords,
  reconsidered,
  retryOrFail,
} from './activity.js'
import { followExchange, giveUpVote, hearAddressManner, hearAddressVote, prepare } from './addressing.js'
import { hearManner } from './affect.js'
import { withAnnouncements } from './announcements.js'
import { answerIfReady } from './answering.js'
import { cancelCalls } from './calls.js'
import { ANSWER_OWED_MS, BURST_END_MS, LIVE_END_MS, type SessionConfig } from './config.js'
import { addTurns, settleOpening, updateContext } from './context.js'
import { measureContext, slideWindow } from './context-window.js'
import type { Effect } from './effects.js'
import type { SessionEvent, TimerName } from './events.js'
import { pauseHere } from './floor.js'
import { hearEcho } from './hear-echo.js'
import { decideOverlap, endOverlap, judgeVoice } from './overlap.js'
import { hearWishVote, seekWish } from './proactive-video.js'
import { readAhead } from './read-ahead.js'
import * as response from './response.js'
import {
  awaitsWords,
  checkpointSaved,
  delivered,
  giveUp,
  keepResumable,
  refresh,
  saveForLast,
} from './resumption.js'
import { newSession, type Session, sessionPrompt } from './session-state.js'
import { restoreSession, type Snapshot } from './snapshot.js'
import { dropSpeculation, failSpeculation, seekAddress, speculate, speculationReady } from './speculation.js'
import { callFunctions, repeatCalls, settleTools, takeResults } from './tools.js'
import { sessionBehaviour } from './tools-state.js'
import { askedMessage, awaitingActivities, isSettled, NEW_TURN, turnText, withPart } from './turn.js'
import {
  awaitsNote,
  awaitsSight,
  isAtRest,
  noteRead,
  showFrame,
  takeSight,
  tellSight,
  watch,
} from './view.js'
import { compareEarly, hearVoice } from './voices.js'

const TIMERS: readonly TimerName[] = [
  'stream-end',
  'barge-in',
  'playout',
  'answer-owed',
  'checkpoint',
  'look',
  'address',
]
/** What was said last is recognised to its end when the client has gone, but not for longer than this. */
const LAST_WORDS_MS = 10_000

/**
 * A session right after its setup was accepted, from the beginning or from where a snapshot ends; the effects start the
 * prefill of its prompt, or the answer that is owed. `at` is a time as in events.
 */
export function openSession(
  config: SessionConfig,
  at = 0,
  snapshot?: Snapshot,
): readonly [Session, readonly Effect[]] {
  const effects: Effect[] = []
  const restored = snapshot ? restoreSession(config, snapshot) : newSession(config)
  const session = slideWindow(measureContext(restored, restored))
  // What was asked while a call is waited for is answered behind it.
  const owed = snapshot?.owed && session.output.phase === 'silent'
  if (!owed) effects.push({ type: 'prefill', prompt: sessionPrompt(session) })
  prepare(session, effects)
  const begun = owed ? response.respond(session, at, effects, undefined) : session
  const told = repeatCalls(begun, effects, snapshot?.untold ?? [])
  // Results may have come that nobody has spoken of.
  const settled = settleTools(told, at, effects, (current) => answerIfReady(current, at, effects))
  return [follow(settled, session, at, effects), effects]
}

export function reduce(session: Session, event: SessionEvent): readonly [Session, readonly Effect[]] {
  if (session.closed) return [session, []]
  const effects: Effect[] = []
  if (session.resumption?.detached) return [hearLastWords(session, event, effects), effects]
  const answerTurn = (current: Session) => answerIfReady(current, event.at, effects)
  const told = settleTools(apply(session, event, effects), event.at, effects, answerTurn)
  // What was said while a call was waited for is answered, even where nobody will speak of its result.
  const settled = session.output.phase === 'calling' ? answerTurn(told) : told
  const next = follow(endOverlap(settleOpening(settled), effects), session, event.at, effects)
  return [next, withAnnouncements(session, next, effects)]
}

/** What follows from every event alike: the history keeps to its window, a session at rest is saved, what will be asked is foreseen. */
function follow(session: Session, before: Session, at: number, effects: Effect[]): Session {
  const told = tellSight(watch(session, before, at, effects), at)
  const measured = measureContext(told, before)
  const slid = mayHaveGrown(measured, before) ? slideWindow(measured) : measured
  const changed = slid !== measured || told.messages !== session.messages
  const shows = awaitsNote(slid) && !awaitsNote(before)
  // What was said came to nothing: with its first silence reading ahead was stopped.
  const rests = isAtRest(slid) && !isAtRest(before)
  if ((changed || shows || rests) && slid.output.phase === 'silent') effects.push(readAhead(slid))
  const heard = seekAddress(followExchange(slid, before, at, effects), at, effects)
  const seen = seekWish(heard, before, effects)
  return speculate(keepResumable(seen, before, at, effects), effects)
}

/** Most events change nothing that would have to be counted. */
function mayHaveGrown(session: Session, before: Session): boolean {
  return (
    session.messages !== before.messages ||
    session.system !== before.system ||
    session.output !== before.output
  )
}

function apply(session: Session, event: SessionEvent, effects: Effect[]): Session {
  switch (event.type) {
    case 'content':
      return hearContent(session, event, effects)
    case 'realtime-text':
      return hearText(session, event, effects)
    case 'picture':
      return showFrame(session, event.picture, event.at, effects)
    case 'sight':
    case 'sight-failed':
      return answerIfReady(takeSight(session, event), event.at, effects)
    case 'tool-results':
      return takeResults(session, event, effects)
    case 'context-update':
      return updateContext(session, event, effects)
    case 'activity-start':
      return startMarkedActivity(session, event, effects)
    case 'activity-end':
      return endMarkedActivity(session, event, effects)
    case 'audio-stream-end':
      return requestStreamEnd(session, event, effects)
    case 'audio-received':
      effects.push({ type: 'clear-timer', timer: 'stream-end' })
      // A burst that has become a microphone holds its answer no longer.
      return answerIfReady(flowing(session, event.live), event.at, effects)
    case 'audio-drained':
      return drained(session, event, effects)
    case 'speech-score':
      return compareEarly(hearScore(session, event, effects), event, effects)
    case 'words':
      return hearWords(session, event, effects)
    case 'manner':
      return answerIfReady(hearAddressManner(hearManner(session, event), event), event.at, effects)
    case 'voice':
      return answerIfReady(judgeVoice(hearVoice(session, event), event.at, effects), event.at, effects)
    case 'echo':
      return hearEcho(session, event, effects)
    case 'address-vote':
      return answerIfReady(hearWishVote(hearAddressVote(session, event), event, effects), event.at, effects)
    case 'turn-vote':
      return hearVote(session, event, effects)
    case 'transcript':
      return hearTranscript(session, event, effects)
    case 'transcript-failed':
      return retryOrFail(session, event.at, effects, event.activity, event.retryable)
    case 'prompt-read':
      return noteRead(session, event.unreadTokens)
    case 'response-progress':
      if (!isCurrent(session, event.response)) return session
      effects.push({ type: 'set-timer', timer: 'answer-owed', at: event.at + ANSWER_OWED_MS })
      return session
    case 'response-ending':
      return hearEnding(session, event, effects)
    case 'response-ready':
      return reconsidered(speculationReady(session, event.response), event.at, effects)
    case 'response-output':
      if (!isCurrent(session, event.response)) return session
      return response.addOutput(session, event.at, effects, event.text, event.audioMs, event.clauseMs)
    case 'response-generated':
      if (!isCurrent(session, event.response)) return session
      return answerIfReady(afterGeneration(session, event, effects), event.at, effects)
    case 'response-failed':
      if (!isCurrent(session, event.response))
        return reconsidered(failSpeculation(session, event.response, effects), event.at, effects)
      return answerIfReady(response.failed(session, event.at, effects, event.retryable), event.at, effects)
    case 'engine-unavailable':
      return close(session, effects, closing('engine-unavailable', { engine: event.engine }))
    case 'timer':
      return onTimer(session, event.timer, event.at, effects)
    case 'checkpoint-saved':
      return checkpointSaved(session, event, effects)
    case 'delivered':
      return delivered(session, event.checkpoint)
    case 'taken-over':
      effects.push({ type: 'close', closing: closing('session-taken-over', {}) })
      return leave(giveUp(session), event.at, effects)
    case 'disconnected':
      return leave(session, event.at, effects)
  }
}

// ---- typed input

function hearContent(
  session: Session,
  event: Extract<SessionEvent, { type: 'content' }>,
  effects: Effect[],
): Session {
  let next = inLanguage(dropSpeculation(session, effects), event)
  if (next.awaitsHistory) {
    next = { ...addTurns(next, event.turns, effects), awaitsHistory: !event.turnComplete }
    effects.push({ type: 'prefill', prompt: sessionPrompt(next) })
    return next
  }
  const stops = event.turnComplete || sessionBehaviour(next.config).contentInterrupts === 'always'
  // An answer of which nothing was sent cannot be said to have ended: it is begun anew with what has come.
  const answers = event.turnComplete || (stops && isUnsaid(next))
  if (stops) next = response.interrupt(next, event.at, effects)
  if (answers) next = commitHeardParts(next)
  if (event.turnComplete) next = cancelCalls(next, event.at, effects)
  if (event.turnComplete) next = tellSight(next, event.at, true)
  next = addTurns(next, event.turns, effects)
  if (answers) return respondToMessages(next, event.at, effects)
  if (next.output.phase === 'silent') effects.push({ type: 'prefill', prompt: sessionPrompt(next) })
  return answerIfReady(next, event.at, effects)
}

function isUnsaid({ output }: Session): boolean {
  return output.phase === 'responding' && output.clauses.length === 0
}

function afterGeneration(
  session: Session,
  event: Extract<SessionEvent, { type: 'response-generated' }>,
  effects: Effect[],
): Session {
  const { at, calls = [] } = event
  if (calls.length > 0) return callFunctions(session, at, effects, calls, event)
  return response.generated(session, at, effects, event)
}

/** Answers the messages as they stand; a turn whose words are still on their way is answered afterwards. */
function respondToMessages(session: Session, at: number, effects: Effect[]): Session {
  if (awaitsSight(session)) return askWhenSeen(session)
  const pending = session.turn && session.turn.parts.length > 0 ? { ...session.turn, owed: false } : undefined
  return response.respond({ ...session, turn: pending }, at, effects, undefined)
}

/** What is asked about pictures that nobody has looked at yet waits as typed text does: behind what is seen in them. */
function askWhenSeen(session: Session): Session {
  const { messages } = session
  const last = messages.findLastIndex((message) => message.role !== 'user' || !message.picture)
  const asked = messages[last]
  const text = asked?.role === 'user' ? asked.text : ''
  const turn = { ...withPart(session.turn, { kind: 'text', text }), owed: true }
  return text === ''
    ? { ...session, turn }
    : { ...session, turn, messages: messages.filter((_, index) => index !== last) }
}

/** A turn that was withdrawn by typed input stays in the history as far as its words are known. */
function commitHeardParts(session: Session): Session {
  const { turn } = session
  if (!turn || !isSettled(turn)) return session
  const text = turnText(turn)
  const asked = askedMessage(turn, text, session.config.hearsSpeech)
  const messages = text === '' ? session.messages : [...session.messages, asked]
  return { ...session, messages, turn: turn.owed ? { ...NEW_TURN, owed: true } : undefined }
}

function hearText(
  session: Session,
  event: Extract<SessionEvent, { type: 'realtime-text' }>,
  effects: Effect[],
): Session {
  let next = inLanguage(dropSpeculation(session, effects), event)
  if (next.config.interruptible) next = response.interrupt(next, event.at, effects)
  // Frameworks send " " or "." to make the model speak first: go on, with nothing said.
  const said = event.text.trim()
  const turn = withPart(next.turn, { kind: 'text', text: said === '.' ? '' : said })
  return answerIfReady({ ...next, turn: { ...turn, owed: true } }, event.at, effects)
}

/** Who types in another language is answered in it. */
function inLanguage(session: Session, { language }: { readonly language?: string }): Session {
  return language === undefined ? session : { ...session, language }
}

// ---- the client's own marks

function startMarkedActivity(
  session: Session,
  event: { at: number; audioMs: number },
  effects: Effect[],
): Session {
  if (session.config.floor.automatic) return refuseMark(session, effects, 'activityStart')
  if (session.floor.phase === 'marked') return session
  const fromMs = session.config.coversAllAudio ? 0 : event.audioMs
  const [next, activity] = beginActivity(session, event.at, effects, fromMs)
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
  return close(session, effects, closing('activity-automatic', { member }))
}

// ---- the audio stream's end

function requestStreamEnd(
  session: Session,
  event: { at: number; audioMs: number },
  effects: Effect[],
): Session {
  if (!session.config.floor.automatic) {
    return close(session, effects, closing('stream-end-manual', {}))
  }
  effects.push({ type: 'clear-timer', timer: 'stream-end' })
  return endStream(session, event.at, effects, event.audioMs)
}

/** The same value where nothing is new: this comes with every piece of audio. */
function flowing(session: Session, live: boolean): Session {
  const { stream } = session
  if (stream.phase === 'flowing' && stream.live === live) return session
  return { ...session, stream: { phase: 'flowing', live } }
}

function drained(session: Session, event: { at: number }, effects: Effect[]): Session {
  const { stream, floor } = session
  if (stream.phase !== 'flowing') return session
  const waitMs = stream.live ? LIVE_END_MS : BURST_END_MS
  effects.push({ type: 'set-timer', timer: 'stream-end', at: event.at + waitMs })
  // Most files end with the last word: what they ask is known before it is certain that nothing follows.
  if (stream.live || floor.phase !== 'speaking' || floor.pause) return session
  const [paused, decision] = pauseHere(floor)
  return decide({ ...session, floor: paused }, session, event.at, decision, effects)
}

function endStream(session: Session, at: number, effects: Effect[], audioMs: number): Session {
  const { stream, floor } = session
  if (stream.phase !== 'flowing') return session
  let next: Session = { ...session, stream: { phase: 'ended', live: stream.live } }
  // A file is a question that its sender waits for.
  if (!stream.live && next.turn) next = { ...next, turn: { ...next.turn, explicit: true } }
  if (floor.phase === 'speaking') {
    next = endSpeech(next, at, effects, floor, audioMs)
  }
  return answerIfReady(next, at, effects)
}

// ---- timers and ends

function onTimer(session: Session, timer: TimerName, at: number, effects: Effect[]): Session {
  switch (timer) {
    case 'stream-end':
      return endStream(session, at, effects, Number.POSITIVE_INFINITY)
    case 'checkpoint':
      return refresh(session, at, effects)
    case 'barge-in':
      return decideOverlap(session, at, effects)
    case 'address':
      return answerIfReady(giveUpVote(session), at, effects)
    case 'look':
      // That its time has come is all that happens.
      return session
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

function close(session: Session, effects: Effect[], why: Closing): Session {
  const closed = finish(session, effects)
  effects.push({ type: 'close', closing: why })
  return closed
}

/** The client has gone. What it said last belongs to the conversation, even if its words are still on their way. */
function leave(session: Session, at: number, effects: Effect[]): Session {
  const { resumption } = session
  if (!resumption || !awaitsWords(session)) return finish(session, effects)
  shutDown(session, effects)
  effects.push({ type: 'set-timer', timer: 'answer-owed', at: at + LAST_WORDS_MS })
  return { ...session, resumption: { ...resumption, detached: true } }
}

function hearLastWords(session: Session, event: SessionEvent, effects: Effect[]): Session {
  const told = event.type === 'transcript' || event.type === 'transcript-failed'
  const next = told ? apply(session, event, effects) : session
  const over = event.type === 'timer' || event.type === 'engine-unavailable'
  return over || !awaitsWords(next) ? finish(next, effects) : next
}

function finish(session: Session, effects: Effect[]): Session {
  saveForLast(session, effects)
  return shutDown(session, effects)
}

function shutDown(open: Session, effects: Effect[]): Session {
  const session = dropSpeculation(open, effects)
  if (session.output.phase !== 'silent') {
    effects.push({ type: 'cancel-response', response: session.output.response })
  }
  for (const timer of TIMERS) effects.push({ type: 'clear-timer', timer })
  return { ...session, closed: true }
}
