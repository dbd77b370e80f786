/**
 * One answer of the model from its start to its single end: complete, interrupted, withdrawn or failed. Every function
 * takes the session, pushes what is to be done and returns the session after it.
 */
import { generationCompleteMessage, interruptedMessage, turnCompleteMessage } from '../protocol/index.js'
import { type HeardQuestion, heardQuestion, settleMood } from './affect.js'
import { cancelCalls } from './calls.js'
import { ANSWER_OWED_MS } from './config.js'
import type { Effect } from './effects.js'
import { appendClause, heardMs, heardText, playoutEnd, wholeText } from './playout.js'
import { readAhead } from './read-ahead.js'
import {
  type Output,
  type Responding,
  type Session,
  SILENT,
  type Spent,
  sessionPrompt,
} from './session-state.js'
import { dropSpeculation, speculationOn, spoken } from './speculation.js'
import { askedMessage, awaitingActivities, NEW_TURN, type OpenTurn } from './turn.js'
import { usageOf } from './usage.js'

const NOTHING_SPENT: Spent = { promptTokens: 0, outputTokens: 0 }

/** Answers the messages as they stand with a user's text after them, by the speculation on just that where there is one. */
export function respondTo(
  session: Session,
  at: number,
  effects: Effect[],
  text: string,
  answered: OpenTurn,
): Session {
  const ready = speculationOn(session, text)
  const heard = ready?.heard ?? heardQuestion(session, answered, text, session.language)
  const message = askedMessage(answered, heard.text, session.config.hearsSpeech)
  const messages = [...session.messages, message]
  const answers = { turn: answered, messagesBefore: session.messages.length }
  const told = settleMood(session, heard)
  if (!ready) return respond({ ...told, messages }, at, effects, answers, 'answer', heard)
  const { response } = ready
  const { speculation: _, ...rest } = told
  effects.push({ type: 'release-response', response })
  effects.push({ type: 'set-timer', timer: 'answer-owed', at: at + ANSWER_OWED_MS })
  return {
    ...rest,
    messages,
    output: { phase: 'responding', response, stage: 'answer', clauses: [], answers },
  }
}

/** Starts an answer to the messages as they stand. `answers` is the turn that is put back if the user goes on before anything was sent. */
export function respond(
  session: Session,
  at: number,
  effects: Effect[],
  answers: Responding['answers'],
  stage: 'answer' | 'retry' = 'answer',
  heard?: HeardQuestion,
): Session {
  const quiet = dropSpeculation(session, effects)
  const response = session.nextId
  const prompt = sessionPrompt(session)
  const { language } = session
  effects.push({
    type: 'start-response',
    response,
    prompt,
    language,
    ...(heard && spoken(heard)),
    standing: 'certain',
  })
  effects.push({ type: 'set-timer', timer: 'answer-owed', at: at + ANSWER_OWED_MS })
  const output: Output = { phase: 'responding', response, stage, clauses: [], answers }
  return { ...quiet, output, nextId: response + 1 }
}

/** Tells the user that there will be no answer: an engine has failed for good. */
export function apologise(session: Session, at: number, effects: Effect[]): Session {
  const quiet = dropSpeculation(session, effects)
  const response = session.nextId
  effects.push({ type: 'apologise', response, language: session.language })
  effects.push({ type: 'set-timer', timer: 'answer-owed', at: at + ANSWER_OWED_MS })
  const output: Output = { phase: 'responding', response, stage: 'apology', clauses: [], answers: undefined }
  return { ...quiet, output, nextId: response + 1 }
}

export function addOutput(
  session: Session,
  at: number,
  effects: Effect[],
  text: string,
  audioMs: number,
  clauseMs?: number,
): Session {
  const { output } = session
  if (output.phase !== 'responding') return session
  effects.push({ type: 'set-timer', timer: 'answer-owed', at: at + ANSWER_OWED_MS })
  return {
    ...session,
    output: { ...output, clauses: appendClause(output.clauses, at, text, audioMs, clauseMs) },
  }
}

/** Everything was sent. A person who listens live is still hearing it; for anybody else the turn is over. */
export function generated(session: Session, at: number, effects: Effect[], usage: Spent): Session {
  const { output } = session
  if (output.phase !== 'responding') return session
  if (output.clauses.length === 0 && output.stage !== 'apology') return failed(session, at, effects)
  effects.push({ type: 'send', message: generationCompleteMessage() })
  watchWords(session, at, effects)
  const endsAt = playoutEnd(output.clauses)
  if (output.stage === 'apology') return complete(session, effects, '', usage, output.clauses)
  if (session.stream.phase === 'flowing' && session.stream.live && endsAt > at) {
    effects.push({ type: 'set-timer', timer: 'playout', at: endsAt })
    return {
      ...session,
      output: { phase: 'playing', response: output.response, clauses: output.clauses, usage },
    }
  }
  return complete(session, effects, wholeText(output.clauses), usage, output.clauses)
}

export function playedOut(session: Session, effects: Effect[]): Session {
  const { output } = session
  if (output.phase !== 'playing') return session
  return complete(session, effects, wholeText(output.clauses), output.usage, output.clauses)
}

function complete(
  session: Session,
  effects: Effect[],
  said: string,
  spent: Spent,
  clauses: Responding['clauses'],
): Session {
  effects.push({ type: 'send', message: turnCompleteMessage(usageOf(session, spent, clauses)) })
  const after: Session = { ...withModelMessage(session, said), output: SILENT }
  effects.push(readAhead(after))
  return after
}

/**
 * The user takes the floor. What was already sent is announced as interrupted and the history keeps what was heard; an answer of
 * which nothing was sent vanishes without a trace and its turn is open again. A model that waits in silence is not disturbed by a
 * sound: words take its calls back.
 */
export function interrupt(overlapped: Session, at: number, effects: Effect[]): Session {
  const { overlap, ...session } = overlapped
  const { output } = session
  if (overlap?.paused) effects.push({ type: 'clear-timer', timer: 'barge-in' })
  if (output.phase === 'silent') return session
  if (output.phase === 'calling') {
    if (playoutEnd(output.clauses) <= at) return session
    return { ...cancelCalls(session, at, effects), turn: owed(session.turn) }
  }
  const heard = output.clauses.length > 0 && { heardMs: heardMs(output.clauses, at) }
  effects.push({ type: 'cancel-response', response: output.response, ...heard })
  watchWords(session, at, effects)
  effects.push({ type: 'clear-timer', timer: 'playout' })
  if (output.clauses.length === 0) return withdraw(session, output)
  const spent = output.phase === 'playing' ? output.usage : NOTHING_SPENT
  effects.push({ type: 'send', message: interruptedMessage() })
  effects.push({ type: 'send', message: turnCompleteMessage(usageOf(session, spent, output.clauses)) })
  const said =
    output.phase === 'responding' && output.stage === 'apology' ? '' : heardText(output.clauses, at)
  return { ...withModelMessage(session, said), output: SILENT, turn: owed(session.turn) }
}

function withdraw(session: Session, output: Output): Session {
  const answers = output.phase === 'responding' ? output.answers : undefined
  if (!answers) return { ...session, output: SILENT, turn: owed(session.turn) }
  const turn: OpenTurn = {
    parts: [...answers.turn.parts, ...(session.turn?.parts ?? [])],
    explicit: answers.turn.explicit || (session.turn?.explicit ?? false),
    owed: true,
    ...(answers.turn.addressed && { addressed: true }),
  }
  const { messagesBefore } = answers
  const messages = session.messages.filter((_, index) => index !== messagesBefore)
  return { ...session, output: SILENT, turn, messages }
}

function owed(turn: OpenTurn | undefined): OpenTurn {
  return { ...(turn ?? NEW_TURN), owed: true }
}

/** An engine failed: once more if nothing was sent yet, then an apology, then at least the end of the turn. */
export function failed(session: Session, at: number, effects: Effect[], retryable = true): Session {
  const { output } = session
  if (output.phase !== 'responding') return session
  effects.push({ type: 'cancel-response', response: output.response })
  if (output.stage === 'apology') {
    watchWords(session, at, effects)
    return complete(session, effects, '', NOTHING_SPENT, output.clauses)
  }
  if (retryable && output.stage === 'answer' && output.clauses.length === 0) {
    return respond(session, at, effects, output.answers, 'retry')
  }
  return apologise(withModelMessage(session, wholeText(output.clauses)), at, effects)
}

/** This answer is not owed any more; the words of an activity may still be. */
export function watchWords(session: Session, at: number, effects: Effect[]): void {
  if (awaitingActivities(session.turn).length === 0)
    effects.push({ type: 'clear-timer', timer: 'answer-owed' })
  else effects.push({ type: 'set-timer', timer: 'answer-owed', at: at + ANSWER_OWED_MS })
}

function withModelMessage(session: Session, text: string): Session {
  return text === '' ? session : { ...session, messages: [...session.messages, { role: 'model', text }] }
}
