/**
 * The words of speech that goes on. They decide nothing: the language model reads them ahead, so that after the last word only the last
 * words are left to be read, and clients of a generation that has a preview see them.
 */
import { interimTranscriptionMessage } from '../protocol/index.js'
import { askAddress } from './addressing.js'
import { PARTIAL_MS } from './config.js'
import type { Effect } from './effects.js'
import type { ActivityId } from './events.js'
import { isPlayedBack } from './played-back.js'
import { type Session, sessionPrompt } from './session-state.js'
import { sessionBehaviour } from './tools-state.js'
import { isSettled, NEW_TURN, turnText, withActivity } from './turn.js'
import { awaitsSight, isNoteUnread, pickedMessages, pickLines } from './view.js'

/** Asks for the words so far. To be called after every frame. */
export function askForPartial(session: Session, effects: Effect[]): Session {
  const { floor, stream } = session
  if (floor.phase !== 'speaking' || floor.pause || !isListening(session)) return session
  if (isPlayedBack(session, floor.activity)) return session
  if (stream.phase !== 'flowing' || !stream.live || floor.scoredMs - floor.askedMs < PARTIAL_MS)
    return session
  // In silence the end may be near: its words must not wait for these.
  if (floor.lastSpeechMs < floor.scoredMs) return session
  effects.push({ type: 'partial-words', activity: floor.activity, toMs: floor.scoredMs })
  return { ...session, floor: { ...floor, askedMs: floor.scoredMs } }
}

/** What an open activity has said so far. */
export function hearPartial(
  session: Session,
  at: number,
  effects: Effect[],
  activity: ActivityId,
  text: string,
): Session {
  if (text === '' || !isListening(session)) return session
  const { config } = session
  if (config.inputTranscription && sessionBehaviour(config).interimTranscripts)
    effects.push({ type: 'send', message: interimTranscriptionMessage(text) })
  // The mark at the end is the recogniser's guess, and as a rule another token than the word with what follows it.
  const words = text.replace(/[\s\p{P}]+$/u, '')
  const turn = withActivity(session.turn ?? NEW_TURN, activity, {
    phase: 'heard',
    text: words,
    announced: false,
  })
  if (!isSettled(turn)) return session
  // A model that hears waits for the speech; and before the words stands what is shown, once it was seen.
  if (config.hearsSpeech || awaitsSight(session))
    return askAddress(session, turn, turnText(turn), at, effects, false)
  const picked = pickLines(session, turnText(turn))
  const messages = [...pickedMessages(picked), { role: 'user' as const, text: turnText(turn) }]
  const soon = isNoteUnread(picked) && { soon: true as const }
  effects.push({ type: 'prefill', prompt: sessionPrompt({ ...picked, messages }), ...soon })
  return askAddress(picked, turn, turnText(turn), at, effects, false)
}

/** The model is at rest: what is read ahead disturbs no answer. */
function isListening({ output, overlap }: Session): boolean {
  return output.phase === 'silent' && !overlap
}
