/**
 * Proactive video within a session: the user wished to be told when something can be seen ("tell me when the download is finished"), and the
 * model speaks of itself once it is. Wishes are found by their wording, English and Spanish; whether what is seen now fulfils one is asked
 * of the language model, while everybody is silent. Nothing of this exists in a session that did not ask for it.
 */
import { ADDRESS_ANSWERS, wishPrompt } from './address-question.js'
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import * as response from './response.js'
import type { Session } from './session-state.js'

export interface Wish {
  /** What the language model was asked, as long as its answer counts. */
  readonly question?: number
  readonly text: string
  /** The user was told: the same words wish it no more. */
  readonly fulfilled: boolean
}

/**
 * The language model's lead for yes from which on it speaks. Of 15 wishes with what is seen, in two languages, this was right about 14 with no
 * false alarm: what is unwanted is worse here than what is missed.
 */
const FULFILLED = 3

const WISHES = [
  /\b(?:tell|warn|alert|notify|inform|let|remind|say|call|shout|speak|wake)\b[^.?!]{0,30}\b(?:when|if|as soon as|once|whenever|should)\b/i,
  /(?<!\p{L})(?:dime|dinos|av[ií]sa\p{L}*|al[eé]rta\p{L}*|notif[ií]ca\p{L}*|advi[eé]rte\p{L}*|habla|di|grita|cuéntame|recuérda\p{L}*)(?!\p{L})[^.?!]{0,30}(?<!\p{L})(?:cuando|si|en cuanto|apenas|tan pronto)(?!\p{L})/iu,
]

/** Asks about what was just seen, where somebody wished for something and nobody speaks. To be called after every event. */
export function seekWish(session: Session, before: Session, effects: Effect[]): Session {
  const { addressing, config, view } = session
  if (!addressing || !config.proactive?.video || !isAtRest(session)) return session
  const { told } = view
  if (!told || told === before.view.told || told.words === '') return session
  const text = wishOf(session)
  if (text === undefined || (addressing.wish?.fulfilled && addressing.wish.text === text)) return session
  const question = session.nextId
  effects.push({
    type: 'ask-address',
    question,
    prompt: wishPrompt(text, told.words),
    answers: ADDRESS_ANSWERS,
    urgent: false,
  })
  return {
    ...session,
    nextId: question + 1,
    addressing: { ...addressing, wish: { question, text, fulfilled: false } },
  }
}

/** Speaks where the language model says that what was wished for can be seen. */
export function hearWishVote(
  session: Session,
  event: Extract<SessionEvent, { type: 'address-vote' }>,
  effects: Effect[],
): Session {
  const { addressing, language } = session
  const wish = addressing?.wish
  if (!addressing || wish?.question !== event.question) return session
  if (event.lead < FULFILLED || !isAtRest(session)) return session
  const note = { role: 'user' as const, text: seenNote(wish.text, language) }
  const told: Session = {
    ...session,
    messages: [...session.messages, note],
    addressing: { ...addressing, wish: { text: wish.text, fulfilled: true } },
  }
  const speaking = response.respond(told, event.at, effects, undefined)
  effects.push({ type: 'note-address', verdict: { addressed: true, lead: event.lead, why: ['seen'] } })
  return speaking
}

function isAtRest({ output, floor, turn, closed }: Session): boolean {
  return !closed && output.phase === 'silent' && floor.phase === 'quiet' && turn === undefined
}

/** The user's last words where they are a wish, else the instruction where it is one. */
function wishOf({ messages, system }: Session): string | undefined {
  const last = messages.findLast(
    (message) => message.role === 'user' && !message.picture && !message.overheard && !isNote(message.text),
  )
  const said = last && 'text' in last ? last.text : ''
  return [said, system].find((text) => WISHES.some((wish) => wish.test(text)))
}

const NOTE = { en: '[The user asked: ', es: '[El usuario pidió: ' }

function isNote(text: string): boolean {
  return Object.values(NOTE).some((start) => text.startsWith(start))
}

function seenNote(wish: string, language: string): string {
  return language === 'es'
    ? `${NOTE.es}"${wish}" Ya se ve. Díselo ahora en una frase.]`
    : `${NOTE.en}"${wish}" It can be seen now. Tell them so in one sentence.]`
}
