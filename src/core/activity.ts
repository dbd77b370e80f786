/**
 * Stretches of user input from their start to their words: what the floor decides about the audio becomes parts of the open turn, and a turn
 * whose words are all known is answered. Every function takes the session, pushes what is to be done and returns the session after it.
 */
import { inputTranscriptionMessage } from '../protocol/index.js'
import { askForManner } from './affect.js'
import { answerIfReady } from './answering.js'
import {
  ANSWER_OWED_MS,
  MAKING_WAIT_MS,
  MIXED_PRE_ROLL_MS,
  PLAIN_SILENCE_MS,
  PLAIN_SOFT_END_MS,
  READ_WAIT_MS,
  READING_WAIT_MS,
  SOFT_END_MS,
} from './config.js'
import type { Effect } from './effects.js'
import type { ActivityId, SessionEvent } from './events.js'
import {
  type FloorDecision,
  type FloorRules,
  hearFrame,
  QUIET,
  reconsider,
  type Speaking,
  type Words,
} from './floor.js'
import { goesOn, isBeside, learnVoice, nearnessRules, withOthers } from './nearness.js'
import { askForWords, beginOverlap, dismissOverlap, hearOverlap, isTalkedOver, overlaps } from './overlap.js'
import { askForPartial, hearPartial } from './partials.js'
import { askForEcho, isPlayedBack } from './played-back.js'
import * as response from './response.js'
import type { Session } from './session-state.js'
import { dropSpeculation, isBeingMade, spokenLanguage } from './speculation.js'
import {
  activityState,
  NEW_TURN,
  type OpenTurn,
  takeAnnouncements,
  withActivity,
  withLevel,
  withoutActivity,
  withPart,
} from './turn.js'
import { askForVoice } from './voices.js'

/** Whatever the model says ends. `fromMs`: position from which its audio counts, less what earlier activities have. */
export function beginActivity(
  session: Session,
  at: number,
  effects: Effect[],
  fromMs: number,
): readonly [Session, ActivityId] {
  const quiet = dropSpeculation(session, effects)
  const interrupted = quiet.config.interruptible ? response.interrupt(quiet, at, effects) : quiet
  return openActivity(interrupted, effects, fromMs)
}

function openActivity(
  session: Session,
  effects: Effect[],
  fromMs: number,
  over = false,
): readonly [Session, ActivityId] {
  const activity = session.nextId
  effects.push({ type: 'open-activity', activity, fromMs, ...(over && { over }) })
  const turn = withPart(session.turn, { kind: 'activity', id: activity, state: { phase: 'open' } })
  return [{ ...session, turn, nextId: activity + 1 }, activity]
}

/** Somebody speaks over what was heard up to here, which counts for nothing. */
export function goOnAsAnother(session: Session, at: number, effects: Effect[], untilMs: number): Session {
  const { floor } = session
  if (floor.phase !== 'speaking') return session
  const over = isTalkedOver(session)
  const fromMs = untilMs - MIXED_PRE_ROLL_MS
  const quiet = dropActivity(session, effects, floor.activity)
  const [next, activity] = openActivity(quiet, effects, fromMs, over)
  // How loud that was says nothing of who speaks now.
  const { pause: _, loudestDb: __, rise: ___, ...goingOn } = floor
  const speaking: Speaking = { ...goingOn, activity, nearMs: floor.lastSpeechMs, askedMs: fromMs }
  const heard = { ...next, floor: speaking }
  return over ? beginOverlap(heard, at, effects, activity, untilMs, true) : heard
}

/** It was nobody's, and is no part of a turn. */
function dropActivity(session: Session, effects: Effect[], activity: ActivityId): Session {
  effects.push({ type: 'drop-activity', activity })
  if (overlaps(session, activity)) return dismissOverlap(session, effects)
  return { ...session, turn: session.turn && withoutActivity(session.turn, activity) }
}

/** Its words are asked for: they come as a `transcript`. */
export function endActivity(
  session: Session,
  at: number,
  effects: Effect[],
  activity: ActivityId,
  toMs: number,
): Session {
  askForManner(session, effects, activity, toMs)
  askForVoice(session, effects, activity, toMs)
  effects.push({ type: 'close-activity', activity, toMs })
  effects.push({ type: 'set-timer', timer: 'answer-owed', at: at + ANSWER_OWED_MS })
  const turn = withActivity(session.turn ?? NEW_TURN, activity, { phase: 'awaiting', attempt: 1 })
  return { ...session, floor: QUIET, turn }
}

/** The end of a spoken activity: at once with its words where the pause has brought them. */
export function endSpeech(
  open: Session,
  at: number,
  effects: Effect[],
  floor: Speaking,
  toMs: number,
): Session {
  const { activity, pause } = floor
  if (isPlayedBack(open, activity))
    return answerIfReady(dropActivity({ ...open, floor: QUIET }, effects, activity), at, effects)
  if (pause?.words && overlaps(open, activity)) {
    effects.push({ type: 'finish-activity', activity })
    return dismissOverlap({ ...open, floor: QUIET }, effects)
  }
  const heard = { ...open, turn: withLevel(open.turn ?? NEW_TURN, activity, floor.loudestDb) }
  const session = overlaps(open, activity) ? heard : learnVoice(heard, floor)
  if (!pause?.words) return endActivity(session, at, effects, activity, toMs)
  effects.push({ type: 'finish-activity', activity })
  return takeWords({ ...session, floor: QUIET }, at, effects, activity, pause.words)
}

export function hearScore(
  session: Session,
  event: Extract<SessionEvent, { type: 'speech-score' }>,
  effects: Effect[],
): Session {
  const [floor, decision] = hearFrame(session.floor, rulesNow(session), event)
  const heard = floor === session.floor ? session : { ...session, floor }
  const decided = stopForUser(decide(heard, session, event.at, decision, effects), event.at, effects)
  return askForPartial(askForEcho(askForWords(decided, event.at, effects), event.at, effects), effects)
}

/** What began beside an answer turns out to be the user's. */
function stopForUser(session: Session, at: number, effects: Effect[]): Session {
  const { floor } = session
  if (floor.phase !== 'speaking' || !goesOn(session, floor.activity)) return session
  if (!isTalkedOver(session)) return response.interrupt(session, at, effects)
  return beginOverlap(session, at, effects, floor.activity, floor.scoredMs)
}

/**
 * A file is heard faster than anything could be learned in its pauses, and they end nothing. Neither does a sound over the model's
 * own: how complete a "hm" is does not matter.
 */
function rulesNow(session: Session): FloorRules {
  const { config, stream, overlap, output, addressing } = session
  const nearness = overlap ? {} : nearnessRules(session)
  const live = stream.phase === 'flowing' && stream.live && !overlap
  const isAwaited = live && output.phase === 'silent' && !addressing
  const softEndMs = isAwaited ? SOFT_END_MS : PLAIN_SOFT_END_MS
  const floor = { ...config.floor, ...nearness, softEndMs }
  if (floor.endpointing.kind === 'fixed') return { ...floor, leastMs: 0 }
  if (live) return { ...floor, leastMs: isBeingMade(session) ? makingWaitMs(session) : 0 }
  return { ...floor, endpointing: { kind: 'fixed', silenceMs: PLAIN_SILENCE_MS }, leastMs: 0 }
}

function makingWaitMs({ floor, config, speculation }: Session): number {
  if (floor.phase === 'speaking' && floor.pause?.foreseen) return READ_WAIT_MS
  return config.foresees && speculation ? READING_WAIT_MS : MAKING_WAIT_MS
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
    // The answer that is being made is told by what is done after every event.
    case 'due':
      return session
    case 'start': {
      const { fromMs, endMs, loudestDb } = decision
      const over = isTalkedOver(session)
      const [next, activity] =
        over || isBeside(session, loudestDb)
          ? openActivity(session, effects, fromMs, over)
          : beginActivity(session, at, effects, fromMs)
      const heard = { lastSpeechMs: endMs, nearMs: endMs, scoredMs: endMs, askedMs: endMs }
      const floor: Speaking = {
        phase: 'speaking',
        activity,
        ...heard,
        ...(loudestDb !== undefined && { loudestDb }),
      }
      const spoken = { ...next, floor }
      if (!over || isBeside(session, loudestDb)) return spoken
      return beginOverlap(spoken, at, effects, activity, endMs)
    }
    case 'nearer': {
      if (!speaking) return session
      const { fromMs } = decision
      const { pause: _, ...goingOn } = speaking
      const othersDb = speaking.rise?.beforeDb
      const others = { ...goingOn, ...(othersDb !== undefined && { loudestDb: othersDb }) }
      const ended = endSpeech(withOthers(session, othersDb), at, effects, others, fromMs)
      return decide(ended, ended, at, { ...decision, type: 'start' }, effects)
    }
    case 'soft-end':
      if (speaking && isPlayedBack(session, speaking.activity)) return session
      if (speaking)
        effects.push({ type: 'settle-activity', activity: speaking.activity, toMs: decision.toMs })
      if (speaking) askForVote(session, effects, speaking.activity, decision.toMs)
      if (speaking) askForManner(session, effects, speaking.activity, decision.toMs)
      if (speaking) askForVoice(session, effects, speaking.activity, decision.toMs)
      return session
    case 'score':
      if (speaking) askForVote(session, effects, speaking.activity, decision.toMs)
      return session
    case 'resume':
      if (speaking) {
        const { activity } = speaking
        effects.push({ type: 'resume-activity', activity, wordsWanted: overlaps(session, activity) })
      }
      return session
    case 'end':
      return speaking ? endSpeech(session, at, effects, speaking, decision.toMs) : session
  }
}

/** Where the silence is fixed nobody would listen to it, and a file is heard faster than it could be answered. */
function askForVote(session: Session, effects: Effect[], activity: ActivityId, toMs: number): void {
  if (session.config.floor.endpointing.kind === 'fixed') return
  if (session.stream.phase !== 'flowing' || !session.stream.live || session.overlap) return
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

/** Of a held response to the words of this pause. It may answer others: what is typed meanwhile comes behind them, and what somebody farther away says is left out. */
export function hearEnding(
  session: Session,
  event: Extract<SessionEvent, { type: 'response-ending' }>,
  effects: Effect[],
): Session {
  const { floor, speculation } = session
  if (speculation?.response !== event.response || floor.phase !== 'speaking' || !floor.pause) return session
  const words = floor.pause.words?.text.trim()
  if (!words || !speculation.text.endsWith(words)) return session
  const { ends, trailsOff } = event
  const pause = { ...floor.pause, foreseen: { ends, trailsOff } }
  return reconsidered({ ...session, floor: { ...floor, pause } }, event.at, effects)
}

/** Something was learned that may be what the end of the turn was waiting for. */
export function reconsidered(session: Session, at: number, effects: Effect[]): Session {
  if (session.floor.phase !== 'speaking') return session
  const [floor, decision] = reconsider(session.floor, rulesNow(session))
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
  const { text, language, audioMs } = event
  const { pause } = floor
  const isFinal = pause?.toMs === event.toMs
  const next = overlaps(session, event.activity)
    ? hearOverlap(session, event.at, effects, event, isFinal)
    : session
  if (!pause) return hearPartial(next, event.at, effects, event.activity, text)
  if (!isFinal) return next
  const settled = { ...floor, askedMs: event.toMs, pause: { ...pause, words: { text, language, audioMs } } }
  return reconsidered({ ...next, floor: settled }, event.at, effects)
}

export function hearTranscript(
  session: Session,
  event: Extract<SessionEvent, { type: 'transcript' }>,
  effects: Effect[],
): Session {
  if (activityState(session.turn, event.activity)?.phase !== 'awaiting') return session
  if (!overlaps(session, event.activity)) return takeWords(session, event.at, effects, event.activity, event)
  const judged = hearOverlap(session, event.at, effects, event, true)
  return judged.overlap
    ? answerIfReady(dismissOverlap(judged, effects), event.at, effects)
    : takeWords(judged, event.at, effects, event.activity, event)
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
  if (overlaps(session, activity)) return answerIfReady(dismissOverlap(session, effects), at, effects)
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
