/** The session machine as a table: events in, effects out as short words. What tests of the core start from. */
import { floorSettings, type SessionConfig } from '../core/config.js'
import type { Effect, SessionMessage } from '../core/effects.js'
import type { SessionEvent } from '../core/events.js'
import { openSession, reduce } from '../core/session.js'
import type { Session } from '../core/session-state.js'

export const CONFIG: SessionConfig = {
  modality: 'AUDIO',
  system: 'Be kind.',
  style: '',
  // Fixed, so that these tables speak of one thing at a time.
  floor: floorSettings({ automatic: true, silenceDurationMs: 500 }),
  interruptible: true,
  inputTranscription: true,
  outputTranscription: true,
  language: 'en',
}

export type Given = SessionEvent extends infer E
  ? E extends SessionEvent
    ? Omit<E, 'at'> & { at?: number }
    : never
  : never

/** Runs events one second apart unless they say when, and hands over each effect. */
export function runEvents(
  events: readonly Given[],
  config: SessionConfig,
  perform: (effect: Effect) => void,
): Session {
  let [session] = openSession(config)
  let at = 0
  for (const event of events) {
    at = event.at ?? at + 1_000
    const [next, effects] = reduce(session, { ...event, at } as SessionEvent)
    session = next
    effects.forEach(perform)
  }
  return session
}

/** The effects as short words, timers left out. */
export function play(
  events: readonly Given[],
  config: Partial<SessionConfig> = {},
): { said: string[]; session: Session } {
  const said: string[] = []
  const session = runEvents(events, { ...CONFIG, ...config }, (effect) => {
    const word = short(effect)
    if (word) said.push(word)
  })
  return { said, session }
}

const THINKING = { possible: 'think', due: 'think now', certain: 'answer' } as const

function short(effect: Effect): string | undefined {
  switch (effect.type) {
    case 'send': {
      if (!('serverContent' in effect.message)) return 'send ?'
      const content = effect.message.serverContent
      if (content.inputTranscription) return `heard "${content.inputTranscription.text}"`
      return Object.keys(content).join('+')
    }
    case 'start-response':
      return `${THINKING[effect.standing]} ${effect.response}: ${effect.prompt.messages.map(shortMessage).join(' | ')}`
    case 'cancel-response':
      return `cancel ${effect.response}`
    case 'hasten-response':
      return `hasten ${effect.response}`
    case 'release-response':
      return `release ${effect.response}`
    case 'pause-response':
      return `pause ${effect.response}`
    case 'resume-response':
      return `go on ${effect.response}`
    case 'apologise':
      return `apologise ${effect.response}`
    case 'look-at':
      return `look ${effect.picture}`
    case 'drop-picture':
      return `drop ${effect.picture}`
    case 'close':
      return `close ${effect.closing.code}`
    case 'open-activity':
    case 'close-activity':
    case 'settle-activity':
    case 'resume-activity':
    case 'finish-activity':
    case 'retry-activity':
      return `${effect.type.replace('-activity', '')} ${effect.activity}`
    default:
      return undefined
  }
}

function shortMessage(message: SessionMessage): string {
  if ('text' in message) return `${message.role[0]}:${message.text}`
  return message.role === 'call' ? `call ${message.name}` : `result ${JSON.stringify(message.result)}`
}

/** Scores of 32 ms frames from one audio position to another. */
export function frames(fromMs: number, toMs: number, probability: number, levelDb?: number): Given[] {
  const events: Given[] = []
  const level = levelDb === undefined ? {} : { levelDb }
  for (let startMs = fromMs; startMs < toMs; startMs += 32) {
    events.push({
      type: 'speech-score',
      at: startMs + 32,
      startMs,
      endMs: startMs + 32,
      probability,
      ...level,
    })
  }
  return events
}

export const ask = (text: string): Given => ({
  type: 'content',
  turns: [{ role: 'user', text }],
  turnComplete: true,
})
export const live: Given = { type: 'audio-received', at: 0, live: true }
export const spoken = [live, ...frames(0, 960, 0.9), ...frames(960, 1_600, 0.01)]
export const transcript = (activity: number, text: string): Given => ({
  type: 'transcript',
  activity,
  text,
  language: 'en',
  audioMs: 1_000,
})
export const output = (response: number, text: string, audioMs = 1_000): Given => ({
  type: 'response-output',
  response,
  text,
  audioMs,
})
export const generated = (response: number): Given => ({
  type: 'response-generated',
  response,
  promptTokens: 9,
  outputTokens: 5,
})

/** The model answers from 2 s on, for 8 s. */
export const answering: readonly Given[] = [
  ...spoken,
  transcript(1, 'Tell me.'),
  { ...output(2, 'Well, it is long. ', 8_000), at: 2_000 },
]
/** What happens once something is heard over it. */
export const overAnswer = (events: readonly Given[]): string[] =>
  play([...answering, ...events]).said.slice(5)

/** What that speech is like, compared with what is played: the share of it that is the model's own. */
export const echoOver = (toMs: number, share: number, levelDb = -40): Given => ({
  type: 'echo',
  at: toMs + 5,
  activity: 3,
  toMs,
  share,
  levelDb,
})

/** Words of speech over the model, which begins at 6 s as the third thing in the table's conversation. */
export const wordsOver = (
  toMs: number,
  text: string,
  at: number,
  sureness?: number,
  lead?: number,
): Given => ({
  type: 'words',
  at,
  activity: 3,
  toMs,
  text,
  language: 'en',
  audioMs: toMs - 5_700,
  ...(sureness !== undefined && { sureness }),
  ...(lead !== undefined && { lead }),
})
/** There was time enough to decide what that is. */
export const timeUp = (at: number): Given => ({ type: 'timer', timer: 'barge-in', at })
/** In the order of their times. */
export const merged = (...events: Given[]) => events.sort((a, b) => (a.at ?? 0) - (b.at ?? 0))
