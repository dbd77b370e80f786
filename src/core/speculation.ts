/**
 * The answer that is being made before the user is known to have finished. It follows the question as it would be asked if the turn
 * ended now: begun when that is known, dropped without a trace when it changes, and adopted by the response that answers
 * exactly it. Until then nothing of it leaves, and nothing of it is in the history.
 */
import { askAddress, judgeTurn } from './addressing.js'
import { type HeardQuestion, heardQuestion } from './affect.js'
import type { Effect } from './effects.js'
import { type Due, dueTurn, withNearer } from './nearness.js'
import { type Session, type Speculation, sessionPrompt } from './session-state.js'
import { askedMessage, type OpenTurn, turnText, withActivity } from './turn.js'
import { awaitsSight, focusSight } from './view.js'

/** Keeps the speculation in step with the session. To be called after every event. */
export function speculate(session: Session, effects: Effect[]): Session {
  const question = foreseenQuestion(session)
  if (session.speculation && question && answers(session.speculation, session, question.text))
    return hasten(session, session.speculation, effects)
  const next = dropSpeculation(session, effects)
  return question && next.speculation === undefined
    ? begin(focusSight(next, question.text), question, effects)
    : next
}

/** The running speculation where it answers exactly this question, and has not failed. */
export function speculationOn(session: Session, text: string): Speculation | undefined {
  const { speculation } = session
  return speculation && !speculation.failed && answers(speculation, session, text) ? speculation : undefined
}

/** An answer to what is being said has still to be made: it is not there yet, and nothing keeps it from coming. */
export function isBeingMade({ output, speculation }: Session): boolean {
  return output.phase === 'silent' && !(speculation?.ready || speculation?.failed)
}

/** Its first output is there. */
export function speculationReady(session: Session, response: number): Session {
  const { speculation } = session
  if (speculation?.response !== response) return session
  return { ...session, speculation: { ...speculation, ready: true } }
}

/** Once the turn is over but for its answer, nothing is speculative about that any more. */
function hasten(session: Session, speculation: Speculation, effects: Effect[]): Session {
  if (speculation.due || speculation.failed || !isDue(session)) return session
  effects.push({ type: 'hasten-response', response: speculation.response })
  return { ...session, speculation: { ...speculation, due: true } }
}

function isDue({ floor }: Session): boolean {
  return floor.phase === 'speaking' && floor.pause?.due === true
}

export function dropSpeculation(session: Session, effects: Effect[]): Session {
  if (!session.speculation) return session
  const { speculation, ...rest } = session
  if (!speculation.failed) effects.push({ type: 'cancel-response', response: speculation.response })
  return rest
}

/** It stays, as failed, so that the same question is not tried again before it is asked. */
export function failSpeculation(session: Session, response: number, effects: Effect[]): Session {
  const { speculation } = session
  if (!speculation || speculation.response !== response) return session
  effects.push({ type: 'cancel-response', response })
  return { ...session, speculation: { ...speculation, failed: true } }
}

interface Question {
  /** As it would stand if the user had finished. */
  readonly turn: OpenTurn
  readonly text: string
  readonly language: string
}

/** Asks the language model whether the turn as it would stand is for it, where that is open. To be called after every event. */
export function seekAddress(session: Session, at: number, effects: Effect[]): Session {
  if (!session.addressing) return session
  const { turn } = foreseenTurn(session)?.due ?? {}
  const text = turn && turnText(turn)
  return turn && text ? askAddress(session, turn, text, at, effects, true) : session
}

/** What would be answered if the user had finished: known once every word up to here is. */
function foreseenQuestion(session: Session): Question | undefined {
  const { due, language } = foreseenTurn(session) ?? {}
  if (!due) return undefined
  // What is for somebody else, or may be, is not thought about.
  const first = turnText(due.turn)
  const judged = first === '' ? undefined : judgeTurn(session, due.turn, first)
  if (judged && (judged.open || !judged.addressed)) return undefined
  const asked = withNearer(session, due)
  const text = asked && turnText(asked.turn)
  return text ? { turn: asked.turn, text, language: spokenLanguage(session, language) } : undefined
}

function foreseenTurn(session: Session): { due: Due; language: string | undefined } | undefined {
  const { floor, turn, closed } = session
  if (closed || session.output.phase !== 'silent' || !turn) return undefined
  if (floor.phase === 'marked' || awaitsSight(session)) return undefined
  const { activity, pause } = floor.phase === 'speaking' ? floor : { activity: undefined, pause: undefined }
  const foreseen: OpenTurn =
    activity === undefined || pause?.words === undefined
      ? turn
      : withActivity(turn, activity, { phase: 'heard', text: pause.words.text, announced: false })
  const due = dueTurn(session, foreseen)
  return due && { due, language: pause?.words?.language }
}

/** `und`: the recogniser does not tell languages apart. */
export function spokenLanguage(session: Session, heard: string | undefined): string {
  return heard === undefined || heard === 'und' ? session.language : heard
}

function answers(speculation: Speculation, session: Session, text: string): boolean {
  return (
    speculation.text === text &&
    speculation.messagesBefore === session.messages &&
    speculation.system === session.system
  )
}

function begin(session: Session, { turn, text, language }: Question, effects: Effect[]): Session {
  const response = session.nextId
  const heard = heardQuestion(session, turn, text, language)
  const messages = [...session.messages, askedMessage(turn, heard.text, session.config.hearsSpeech)]
  const prompt = sessionPrompt({ ...session, messages })
  const due = isDue(session)
  const standing = due ? ('due' as const) : ('possible' as const)
  effects.push({ type: 'start-response', response, prompt, language, ...spoken(heard), standing })
  const { messages: messagesBefore, system } = session
  return {
    ...session,
    nextId: response + 1,
    speculation: { response, text, messagesBefore, system, heard, due, ready: false, failed: false },
  }
}

/** What of it concerns how the answer is spoken. */
export function spoken({ tone, manner }: HeardQuestion): Pick<HeardQuestion, 'tone' | 'manner'> {
  return { ...(tone && { tone }), ...(manner && { manner }) }
}
