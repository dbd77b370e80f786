/**
 * What follows once it is known whom a turn was for: the model answers it and learns how its speaker sounds, or is silent on purpose and remembers
 * what was said, marked.
 */
import { waitingForInputMessage } from '../protocol/index.js'
import { SURE } from './address-verdict.js'
import { type Judgement, mannerOf } from './addressing.js'
import type { Effect, SessionMessage } from './effects.js'
import { APART_DB, type Due, distanceDb, followVoice, withOthers } from './nearness.js'
import type { Session } from './session-state.js'
import { withManner } from './tone.js'
import type { OpenTurn } from './turn.js'
import { usageOf } from './usage.js'
import { keepVoice } from './voices.js'

/** The turn is for the model: this is how the one sounds whom it answers. */
export function addressed(session: Session, turn: OpenTurn, verdict: Judgement, effects: Effect[]): Session {
  const { addressing } = session
  if (!addressing) return session
  effects.push(noted(verdict))
  // A question that is answered whoever asks it makes its voice no known one.
  const kept = keepVoice(session, turn, verdict.lead > SURE, effects)
  const followed = followVoice(kept, turn)
  const manner = mannerOf(session, turn)
  if (!manner) return followed
  return { ...followed, addressing: { ...addressing, speaker: withManner(addressing.speaker, manner) } }
}

/**
 * This was for somebody else: the model is silent on purpose, and remembers what was said. `rest`: what another voice says after it; until that is
 * judged, the client's turn goes on.
 */
export function overhear(
  session: Session,
  { turn, rest }: Due,
  text: string,
  verdict: Judgement,
  effects: Effect[],
): Session {
  const { addressing, language } = session
  if (!addressing) return session
  effects.push(noted(verdict))
  if (!rest) {
    effects.push({ type: 'clear-timer', timer: 'answer-owed' })
    effects.push({ type: 'send', message: waitingForInputMessage(usageOf(session, NOTHING_SPENT, [])) })
  }
  const message: SessionMessage = { role: 'user', text: overheardText(text, language), overheard: true }
  const distance = distanceDb(session, turn)
  const isFar = distance !== undefined && distance < -APART_DB
  const heard = isFar ? withOthers(session, distance + (session.voiceDb ?? 0)) : session
  return {
    ...heard,
    turn: rest && { ...rest, follows: true },
    messages: [...session.messages, message],
    addressing: {
      ...addressing,
      ...heard.addressing,
      overheard: addressing.overheard + (isFar ? 0 : 1),
    },
  }
}

const NOTHING_SPENT = { promptTokens: 0, outputTokens: 0 }

function noted({ open: _, ...verdict }: Judgement): Effect {
  return { type: 'note-address', verdict }
}

/**
 * In the language of the words: a note in another makes a small model answer in that one. It explains itself: told of such notes by the
 * system instruction, the default model began answers with "Overheard:" before anything had been.
 */
function overheardText(text: string, language: string): string {
  return language === 'es'
    ? `(Alguien le dice a otra persona: "${text}")`
    : `(Somebody says to somebody else: "${text}")`
}
