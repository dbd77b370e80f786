/**
 * Stretches of user input from their start to their words: what the floor decides about the audio becomes parts of the open turn, and a turn
 * whose words are all known is answered. Every function takes the session, pushes what is to be done and returns the session after it.
 */
import { inputTranscriptionMessage } from '../protocol/index.js'
import { answerIfReady } from './answering.js'
import { ANSWER_OWED_MS, BURST_SILENCE_MS, type FloorSettings } from './config.js'
import type { Effect } from './effects.js'
import type { ActivityId, SessionEvent } from './events.js'
import { type FloorDecision, hearFrame, QUIET, reconsider, type Speaking, type Words } from './floor.js'
import * as response from './response.js'
import type { Session } from './session-state.js'
import { dropSpeculation, spokenLanguage } from './speculation.js'
import { activityState, NEW_TURN, type OpenTurn, takeAnnouncements, withActivity, withPart } from './turn.js'

/** `fromMs`: position from which its audio counts. */
export function beginActivity(
  session: Session,
  at: number,
  effects: Effect[],
  fromMs: number,
): readonly [Session, ActivityId] {
  const quiet = dropSpeculation(session, effects)
  const interrupted = quiet.config.interruptible ? response.interrupt(quiet, at, effects) : quiet
  const activity = interrupted.nextId
  effects.push({ type: 'open-activity', activity, fromMs })
  const turn = withPart(interrupted.turn, { kind: 'activity', id: activity, state: { phase: 'open' } })
  return [{ ...interrupted, turn, nextId: activity + 1 }, activity]
}

/** Its words are asked for: they come as a `transcript`. */
export function endActivity(
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

/** The end of a spoken activity: at once with its words where the pause has brought them. */
export function endSpeech(
  session: Session,
  at: number,
  effects: Effect[],
  { activity, pause }: Speaking,
  toMs: number,
): Session {
  if (!pause?.words) return endActivity(session, at, effects, activity, toMs)
  effects.push({ type: 'finish-activity', activity })
  return takeWords({ ...session, floor: QUIET }, at, effects, activity, pause.words)
}

export function hearScore(
  session: Session,
  event: Extract<SessionEvent, { type: 'speech-score' }>,
  effects: Effect[],
): Session {
  const [floor, decision] = hearFrame(session.floor, settingsNow(session), event)
  return decide({ ...session, floor }, session, event.at, decision, effects)
}

/** A file is heard faster than anything could be learned in its pauses, and they end nothing. */
function settingsNow({ config: { floor }, stream }: Session): FloorSettings {
  const live = stream.phase === 'flowing' && stream.live
  if (live || floor.endpointing.kind === 'fixed') return floor
  return { ...floor, endpointing: { kind: 'fixed', silenceMs: BURST_SILENCE_MS } }
}

/** Carries out what the floor decided; `before` is the session that it decided about. */
export function decide(
  session: Session,
  before: Session,
  at: number,
  decision: FloorDecision,
  effects: Effect[],
): Session {
  const speaking = before.floor.phase === 'speaking' ? before.floor : undefined
  switch (decision.type) {
    case 'none':
      return session
    case 'start': {
      const [next, activity] = beginActivity(session, at, effects, decision.fromMs)
      const { endMs } = decision
      return { ...next, floor: { phase: 'speaking', activity, lastSpeechMs: endMs, scoredMs: endMs } }
    }
    case 'soft-end':
      if (speaking)
        effects.push({ type: 'settle-activity', activity: speaking.activity, toMs: decision.toMs })
      if (speaking) askForVote(session, effects, speaking.activity, decision.toMs)
      return session
    case 'score':
      if (speaking) askForVote(session, effects, speaking.activity, decision.toMs)
      return session
    case 'resume':
      if (speaking) effects.push({ type: 'resume-activity', activity: speaking.activity })
      return session
    case 'end':
      return speaking ? endSpeech(session, at, effects, speaking, decision.toMs) : session
  }
}

/** Where the silence is fixed nobody would listen to it, and a file is heard faster than it could be answered. */
function askForVote(session: Session, effects: Effect[], activity: ActivityId, toMs: number): void {
  if (session.config.floor.endpointing.kind === 'fixed') return
  if (session.stream.phase !== 'flowing' || !session.stream.live) return
  effects.push({ type: 'score-turn', activity, toMs })
}

export function hearVote(
  session: Session,
  event: Extract<SessionEvent, { type: 'turn-vote' }>,
  effects: Effect[],
): Session {
  const { floor } = session
  if (floor.phase !== 'speaking' || floor.activity !== event.activity || !floor.pause) return session
  if (event.toMs < floor.pause.toMs) return session
  const pause = { ...floor.pause, vote: event.probability }
  return reconsidered({ ...session, floor: { ...floor, pause } }, event.at, effects)
}

function reconsidered(session: Session, at: number, effects: Effect[]): Session {
  if (session.floor.phase !== 'speaking') return session
  const [floor, decision] = reconsider(session.floor, settingsNow(session))
  return decide({ ...session, floor }, session, at, decision, effects)
}

// ---- words

/** What is known of an activity that is still open. */
export function hearWords(
  session: Session,
  event: Extract<SessionEvent, { type: 'words' }>,
  effects: Effect[],
): Session {
  const { floor } = session
  if (floor.phase !== 'speaking' || floor.activity !== event.activity) return session
  if (floor.pause?.toMs !== event.toMs) return session
  const { text, language, audioMs } = event
  const pause = { ...floor.pause, words: { text, language, audioMs } }
  return reconsidered({ ...session, floor: { ...floor, pause } }, event.at, effects)
}

export function hearTranscript(
  session: Session,
  event: Extract<SessionEvent, { type: 'transcript' }>,
  effects: Effect[],
): Session {
  if (activityState(session.turn, event.activity)?.phase !== 'awaiting') return session
  return takeWords(session, event.at, effects, event.activity, event)
}

function takeWords(
  session: Session,
  at: number,
  effects: Effect[],
  activity: ActivityId,
  { text, language, audioMs }: Words,
): Session {
  const heard = withActivity(session.turn ?? NEW_TURN, activity, { phase: 'heard', text, announced: false })
  const turn = announce(session, heard, effects)
  const next = { ...session, turn, userAudioMs: session.userAudioMs + audioMs }
  if (text === '') return answerIfReady(next, at, effects)
  return answerIfReady({ ...next, language: spokenLanguage(session, language) }, at, effects)
}

/** The recogniser failed: the same audio is tried once more, then its words are given up. */
export function retryOrFail(
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
