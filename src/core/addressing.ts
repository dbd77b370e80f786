/**
 * Proactive audio within a session: whether what was heard was said to the model. Judged while the user speaks and again with the last words; the
 * language model is asked only where words, dialogue and sound leave it open. Nothing of this exists in a session that did not ask for it.
 */
import type { AddressEvidence, RelativeSound } from './address-cues.js'
import {
  ADDRESS_ANSWERS,
  addressPrompt,
  amongPrompt,
  exchangePrompt,
  FORESEEN_LANGUAGES,
} from './address-question.js'
import { type AddressVerdict, judgeAddress, SURE, SURELY_NOT } from './address-verdict.js'
import type { Effect } from './effects.js'
import type { ActivityId, SessionEvent } from './events.js'
import { APART_DB, distanceDb, isAmongOthers, nearestActivity } from './nearness.js'
import type { Wish } from './proactive-video.js'
import type { Session } from './session-state.js'
import { judgePermission, limitsSpeaking } from './speech-limits.js'
import { judgeSpeech } from './spoken-over.js'
import { type Manner, NEW_SPEAKER, type SpeakerManner } from './tone.js'
import { type OpenTurn, turnText } from './turn.js'
import { voiceOf } from './voices.js'

export interface Addressing {
  /** How those sound whom the model has answered. */
  readonly speaker: SpeakerManner
  /** How the activities heard last sound, the newest last. */
  readonly manners: readonly { readonly activity: ActivityId; readonly manner: Manner }[]
  /** When the open turn began. */
  readonly begunAt: number
  /** When the model's last words ended; absent = it has not spoken. */
  readonly endedAt?: number
  /** Turns since then that were said to others, by who is as near as the user. */
  readonly overheard: number
  /** How loud those are who were overheard from farther away than the user, dBFS; absent = nobody was. */
  readonly othersDb?: number
  /** The question to the language model that was asked last; `lead` once it is answered, or given up. */
  readonly asked?: {
    readonly question: number
    readonly text: string
    readonly urgent: boolean
    readonly lead?: number
  }
  /** What the user wished to be told of, as far as it was looked for. */
  readonly wish?: Wish
}

export const NEW_ADDRESSING: Addressing = { speaker: NEW_SPEAKER, manners: [], begunAt: 0, overheard: 0 }

/** Once the last words are known, an answer waits for the vote no longer than this: then it is judged without it. */
export const VOTE_MS = 1_200
/** The same under an instruction that limits speech: then silence is what is expected, and no vote is a no. */
export const LIMITED_VOTE_MS = 5_000
const NO_VOTE = -20
/** Share of the words that must have been voted on for the vote to count for all of them, where it leaves no doubt. */
const MOST_WORDS = 0.7
/** Too little to be asked about. */
const FEWEST_WORDS = 3

/** `open`: the language model's vote is waited for. */
export type Judgement = AddressVerdict & { readonly open: boolean }

/** To be called after every event: when the exchange ended and when the turn began. */
export function followExchange(session: Session, before: Session, at: number, effects: Effect[]): Session {
  const { addressing } = session
  if (!addressing) return session
  let next = addressing
  if (!before.turn && session.turn) next = { ...next, begunAt: at }
  if (before.output.phase !== 'silent' && session.output.phase === 'silent') {
    next = { ...next, endedAt: at, overheard: 0 }
    prepare(session, effects)
  }
  return next === addressing ? session : { ...session, addressing: next }
}

/** Has the model read ahead what it will be asked. */
export function prepare(session: Session, effects: Effect[]): void {
  const { proactive } = session.config
  const instruction = limit(session)
  if (!proactive || (!proactive.asks && instruction === undefined)) return
  const asksLikelihood = instruction === undefined && proactive.asks === 'likelihood'
  if (asksLikelihood && lastWords(session) === '') return
  const prompt = asksLikelihood
    ? exchangePrompt(exchangeOf(session))
    : addressPrompt(lastWords(session), undefined, instruction)
  effects.push({ type: 'prepare-address', prompt })
}

/** Whether words are for the model, as they stand in the open turn; undefined where that is no question. */
export function judgeTurn(session: Session, turn: OpenTurn, text: string): Judgement | undefined {
  const { addressing } = session
  if (!addressing || turn.addressed || turn.parts.some(({ kind }) => kind === 'text')) return undefined
  return judge(session, addressing, turn, text)
}

function judge(session: Session, addressing: Addressing, turn: OpenTurn, text: string): Judgement {
  const evidence = evidenceOf(session, addressing, turn, text)
  if (isEcho(evidence)) return { addressed: false, lead: -SURE, why: ['echo'], open: false }
  const { asked } = addressing
  const plain = judgeAddress(evidence)
  const isDoubtful = plain.doubted && session.config.proactive?.asks === 'likelihood'
  const isDirect = plain.why[0] === 'direct-question'
  const isSure = isDirect ? !isDoubtful : plain.lead >= SURE || plain.lead <= SURELY_NOT
  const limited = limit(session) !== undefined
  const isSettled = isSure || !canAsk(session)
  const standing = limited || plain.addressed ? undefined : questionBefore(turn, evidence)
  if (standing) return { ...standing, open: false }
  if (limited ? plain.lead <= -SURE : isSettled) return { ...plain, open: false }
  const vote = voteOn(asked, text)
  if (vote === undefined) return { ...plain, open: true }
  const voted = limited
    ? judgePermission(vote.lead)
    : judgeAddress({ ...evidence, ...votedOf(session, vote.lead) })
  return { ...voted, open: !vote.whole && (limited || Math.abs(voted.lead) < SURE) }
}

/** Whether the language model can tell: how likely words are says something after an exchange, in languages of which it was measured. */
function canAsk(session: Session): boolean {
  const asks = session.config.proactive?.asks
  if (asks !== 'likelihood') return asks === 'opinion'
  return lastWords(session) !== '' && FORESEEN_LANGUAGES.has(session.language)
}

function votedOf({ config }: Session, lead: number): Pick<AddressEvidence, 'vote' | 'expected'> {
  return config.proactive?.asks === 'likelihood' ? { expected: lead } : { vote: lead }
}

/** The model's own words from farther away than the user: out of a loudspeaker. */
function isEcho({ text, lastWords, sound }: AddressEvidence): boolean {
  if (sound === undefined || sound.levelDb > -APART_DB) return false
  return judgeSpeech(text, { played: lastWords, wasAsked: false }) === 'echo'
}

/** What was a direct question stays one, whatever somebody else says before the turn has ended. */
function questionBefore(
  turn: OpenTurn,
  { sound: _, ...evidence }: AddressEvidence,
): AddressVerdict | undefined {
  for (let count = 1; count < turn.parts.length; count++) {
    const text = turnText({ ...turn, parts: turn.parts.slice(0, count) })
    const verdict = judgeAddress({ ...evidence, text })
    if (verdict.why[0] === 'direct-question') return verdict
  }
  return undefined
}

/** `whole`: it was about just these words. */
function voteOn(
  asked: Addressing['asked'],
  text: string,
): { readonly lead: number; readonly whole: boolean } | undefined {
  if (asked?.lead === undefined) return undefined
  if (asked.text === text) return { lead: asked.lead, whole: true }
  const covered = text.startsWith(asked.text) && asked.text.length >= MOST_WORDS * text.length
  return covered ? { lead: asked.lead, whole: false } : undefined
}

function evidenceOf(session: Session, addressing: Addressing, turn: OpenTurn, text: string): AddressEvidence {
  const { begunAt, endedAt, overheard } = addressing
  const sound = soundOf(session, addressing, turn)
  const voice = voiceOf(session, turn)
  return {
    text,
    system: session.system,
    ...(endedAt !== undefined && { sinceMs: Math.max(0, begunAt - endedAt) }),
    lastWords: lastWords(session),
    lastHeard: lastHeard(session),
    language: session.language,
    overheard,
    ...(sound && { sound }),
    ...(voice && { voice }),
  }
}

function exchangeOf(session: Session) {
  return { system: session.system, lastHeard: lastHeard(session), lastWords: lastWords(session) }
}

function lastWords({ messages }: Session): string {
  const last = messages.findLast((message) => message.role === 'model')
  return last && 'text' in last ? last.text : ''
}

/** What the model's last words answer. */
function lastHeard({ messages }: Session): string {
  const last = messages.findLastIndex((message) => message.role === 'model')
  const heard = messages
    .slice(0, Math.max(0, last))
    .findLast((message) => message.role === 'user' && 'text' in message && !message.overheard)
  return heard && 'text' in heard ? heard.text : ''
}

/** The instruction, where it says when the model may speak. */
function limit({ system }: Session): string | undefined {
  return limitsSpeaking(system) ? system : undefined
}

// ---- the language model's vote

/** Asks for the vote where it is missing. `urgent`: these are the last words, and an answer waits. */
export function askAddress(
  session: Session,
  turn: OpenTurn,
  text: string,
  at: number,
  effects: Effect[],
  urgent: boolean,
): Session {
  const { addressing } = session
  if (!addressing || judgeTurn(session, turn, text)?.open !== true) return session
  const { asked } = addressing
  if (asked?.text === text && (asked.urgent || !urgent)) return session
  if (!urgent && text.split(' ').length < FEWEST_WORDS) return session
  const question = session.nextId
  const instruction = limit(session)
  if (instruction === undefined && session.config.proactive?.asks === 'likelihood') {
    // Twice as many words to read: once, when they are known.
    if (!urgent) return session
    const exchange = exchangePrompt(exchangeOf(session), text)
    effects.push({ type: 'foresee-address', question, exchange, among: amongPrompt(session.language, text) })
  } else {
    const prompt = addressPrompt(lastWords(session), text, instruction)
    effects.push({ type: 'ask-address', question, prompt, answers: ADDRESS_ANSWERS, urgent })
  }
  const waitMs = instruction === undefined ? VOTE_MS : LIMITED_VOTE_MS
  if (urgent) effects.push({ type: 'set-timer', timer: 'address', at: at + waitMs })
  return {
    ...session,
    nextId: question + 1,
    addressing: { ...addressing, asked: { question, text, urgent } },
  }
}

export function hearAddressVote(
  session: Session,
  event: Extract<SessionEvent, { type: 'address-vote' }>,
): Session {
  const { addressing } = session
  if (addressing?.asked?.question !== event.question) return session
  return { ...session, addressing: { ...addressing, asked: { ...addressing.asked, lead: event.lead } } }
}

/** It took too long: the other evidence decides. */
export function giveUpVote(session: Session): Session {
  const { addressing } = session
  if (!addressing?.asked || addressing.asked.lead !== undefined) return session
  const lead = limit(session) === undefined ? 0 : NO_VOTE
  return { ...session, addressing: { ...addressing, asked: { ...addressing.asked, lead } } }
}

// ---- sound

export function hearAddressManner(
  session: Session,
  { activity, manner }: Extract<SessionEvent, { type: 'manner' }>,
): Session {
  const { addressing } = session
  if (!addressing) return session
  const others = addressing.manners.filter((heard) => heard.activity !== activity)
  const manners = [...others, { activity, manner }].slice(-MOST_ACTIVITIES)
  return { ...session, addressing: { ...addressing, manners } }
}

const ENOUGH_VOICED_MS = 300
/** Of a turn with others' words in it. */
const MOST_ACTIVITIES = 4

/** How the turn sounds: its nearest part. */
export function mannerOf(session: Session, turn: OpenTurn): Manner | undefined {
  const nearest = nearestActivity(session, turn)
  return session.addressing?.manners.find(({ activity }) => activity === nearest)?.manner
}

/** The level is measured by the core itself where it hears frames, so that it is known in time. */
function soundOf(session: Session, addressing: Addressing, turn: OpenTurn): RelativeSound | undefined {
  const { speaker } = addressing
  const manner = mannerOf(session, turn)
  const distance = distanceDb(session, turn)
  const level = distance !== undefined && { levelDb: distance, amongOthers: isAmongOthers(session, turn) }
  if (!manner || speaker.heard === 0 || manner.voicedMs < ENOUGH_VOICED_MS) return level || undefined
  // Where others are known to be farther away, that tells more than pitch, which the first words of a mixed turn may have taught wrong.
  if (level && level.levelDb >= -APART_DB && addressing.othersDb !== undefined) return level
  return {
    levelDb: manner.loudnessDb - speaker.means.loudness,
    pitchSemitones: 12 * Math.log2(manner.pitchHz) - speaker.means.pitch,
    ...level,
  }
}
