/** When the open turn is answered, and with what. */
import { turnCompleteMessage } from '../protocol/index.js'
import { type Judgement, judgeTurn } from './addressing.js'
import type { Effect } from './effects.js'
import { type Due, dueTurn, withNearer } from './nearness.js'
import { addressed, overhear } from './overhearing.js'
import * as response from './response.js'
import type { Session } from './session-state.js'
import { speculationOn } from './speculation.js'
import { hasFailed, type OpenTurn, turnText } from './turn.js'
import { usageOf } from './usage.js'
import { awaitsSight, focusSight, tellSight } from './view.js'
import { keepVoice } from './voices.js'

/** Answers the open turn once its words are known, nobody speaks, the file has ended and the model is silent. */
export function answerIfReady(session: Session, at: number, effects: Effect[]): Session {
  if (!session.turn || session.turn.parts.length === 0) return session
  const due = dueTurn(session, session.turn)
  if (!due) return session
  if (session.output.phase !== 'silent' || session.resumption?.detached) return session
  if (session.config.floor.automatic && session.stream.phase === 'flowing' && !session.stream.live)
    return session
  if (awaitsSight(session)) return session
  const text = turnText(due.turn)
  // Behind a sound without words goes on who speaks.
  if (text === '' && due.rest) return answerIfReady({ ...session, turn: due.rest }, at, effects)
  const judged = text === '' ? undefined : judgeTurn(session, due.turn, text)
  if (judged?.open) return session
  if (judged && !judged.addressed) {
    const next = overhear(session, due, text, judged, effects)
    return due.rest ? answerIfReady(next, at, effects) : next
  }
  const asked = withNearer(session, due)
  return asked ? answer(session, asked, judged, at, effects) : session
}

function answer(
  session: Session,
  due: Due,
  judged: Judgement | undefined,
  at: number,
  effects: Effect[],
): Session {
  const { turn, rest } = due
  const text = turnText(turn)
  // An answer that was begun already is not made anew for what it did not see.
  const told = speculationOn(session, text)
    ? session
    : focusSight(tellSight(session, at, isTyped(turn)), text)
  const open = { ...told, turn: rest }
  if (text !== '' && judged) {
    const heard = addressed(open, turn, judged, effects)
    return response.respondTo(heard, at, effects, text, { ...turn, addressed: true })
  }
  if (text !== '') {
    // A television that was answered once is no user's voice for that.
    const heard = session.addressing ? open : keepVoice(open, turn, !session.voices?.softer, effects)
    return response.respondTo(heard, at, effects, text, turn)
  }
  if (hasFailed(turn)) {
    // What no recogniser understood, a model that hears may.
    if (session.config.hearsSpeech) return response.respondTo(open, at, effects, text, turn)
    return response.apologise(open, at, effects)
  }
  if (turn.owed) return answerWithoutWords(open, turn, at, effects)
  effects.push({ type: 'clear-timer', timer: 'answer-owed' })
  if (!turn.explicit) return open
  const nothing = { promptTokens: 0, outputTokens: 0 }
  effects.push({ type: 'send', message: turnCompleteMessage(usageOf(session, nothing, [])) })
  return open
}

function isTyped({ parts }: OpenTurn): boolean {
  return parts.some(({ kind }) => kind === 'text')
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
  const last = session.messages.at(-1)
  const waiting = last?.role === 'result' || (last?.role === 'user' && !last.overheard)
  if (waiting) return response.respond(session, at, effects, undefined)
  const text = GO_ON[session.language] ?? GO_ON.en ?? ''
  const messages =
    session.messages.length === 0 ? session.messages : [...session.messages, { role: 'user' as const, text }]
  const answers = { turn, messagesBefore: session.messages.length }
  return response.respond({ ...session, messages }, at, effects, answers)
}
