/** The session machine as a table: events in, effects out, read as a transcript. */
import { describe, expect, it } from 'vitest'
import { floorSettings, type SessionConfig } from './config.js'
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'
import type { Session } from './session-state.js'

const CONFIG: SessionConfig = {
  modality: 'AUDIO',
  system: 'Be kind.',
  style: '',
  floor: floorSettings({ automatic: true }),
  interruptible: true,
  inputTranscription: true,
  outputTranscription: true,
  language: 'en',
}

type Given = SessionEvent extends infer E
  ? E extends SessionEvent
    ? Omit<E, 'at'> & { at?: number }
    : never
  : never

/** Runs events one second apart unless they say when; answers the effects as short words, timers left out. */
function play(
  events: readonly Given[],
  config: Partial<SessionConfig> = {},
): { said: string[]; session: Session } {
  let [session] = openSession({ ...CONFIG, ...config })
  const said: string[] = []
  let at = 0
  for (const event of events) {
    at = event.at ?? at + 1_000
    const [next, effects] = reduce(session, { ...event, at } as SessionEvent)
    session = next
    for (const effect of effects) {
      const word = short(effect)
      if (word) said.push(word)
    }
  }
  return { said, session }
}

function short(effect: Effect): string | undefined {
  switch (effect.type) {
    case 'send': {
      if (!('serverContent' in effect.message)) return 'send ?'
      const content = effect.message.serverContent
      if (content.inputTranscription) return `heard "${content.inputTranscription.text}"`
      return Object.keys(content).join('+')
    }
    case 'start-response':
      return `${effect.held ? 'think' : 'answer'} ${effect.response}: ${effect.prompt.messages.map(({ role, text }) => `${role[0]}:${text}`).join(' | ')}`
    case 'cancel-response':
      return `cancel ${effect.response}`
    case 'release-response':
      return `release ${effect.response}`
    case 'apologise':
      return `apologise ${effect.response}`
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

/** Scores of 32 ms frames from one audio position to another. */
function frames(fromMs: number, toMs: number, probability: number): Given[] {
  const events: Given[] = []
  for (let startMs = fromMs; startMs < toMs; startMs += 32) {
    events.push({ type: 'speech-score', at: startMs + 32, startMs, endMs: startMs + 32, probability })
  }
  return events
}

const ask = (text: string): Given => ({
  type: 'content',
  turns: [{ role: 'user', text }],
  turnComplete: true,
})
const live: Given = { type: 'audio-received', at: 0, live: true }
const spoken = [live, ...frames(0, 960, 0.9), ...frames(960, 1_600, 0.01)]
const transcript = (activity: number, text: string): Given => ({
  type: 'transcript',
  activity,
  text,
  language: 'en',
  audioMs: 1_000,
})
const output = (response: number, text: string, audioMs = 1_000): Given => ({
  type: 'response-output',
  response,
  text,
  audioMs,
})
const generated = (response: number): Given => ({
  type: 'response-generated',
  response,
  promptTokens: 9,
  outputTokens: 5,
})

describe('a typed turn', () => {
  it('is answered, ends once, and stays in the history', () => {
    const { said, session } = play([
      ask('Hello'),
      output(1, 'Hi there.'),
      generated(1),
      generated(1),
      ask('Bye'),
    ])
    expect(said).toEqual([
      'answer 1: u:Hello',
      'generationComplete',
      'turnComplete',
      'answer 2: u:Hello | m:Hi there. | u:Bye',
    ])
    expect(session.messages).toHaveLength(3)
  })

  it('waits for turnComplete and takes history as it is given', () => {
    const seed: Given = {
      type: 'content',
      turns: [
        { role: 'user', text: 'My name is Ana.' },
        { role: 'model', text: 'Hello Ana.' },
      ],
      turnComplete: false,
    }
    const { said } = play([seed, ask('Who am I?')])
    expect(said).toEqual(['answer 1: u:My name is Ana. | m:Hello Ana. | u:Who am I?'])
  })

  it('replaces the system instruction by a system turn', () => {
    const { session } = play([
      { type: 'content', turns: [{ role: 'system', text: 'Be brief.' }], turnComplete: false },
    ])
    expect(session.system).toBe('Be brief.')
  })

  it('interrupts what is being said, and only what was heard stays', () => {
    const { said, session } = play([
      ask('Count'),
      { ...output(1, 'one two three four ', 4_000), at: 2_000 },
      { ...ask('Stop'), at: 4_000 },
    ])
    expect(said).toEqual([
      'answer 1: u:Count',
      'cancel 1',
      'interrupted',
      'turnComplete',
      'answer 2: u:Count | m:one two three | u:Stop',
    ])
    expect(session.output.phase).toBe('responding')
  })
})

describe('a spoken turn', () => {
  it('opens before the onset, settles at a soft end, closes after the silence and is answered', () => {
    const { said } = play([...spoken, transcript(1, 'Hello?')])
    expect(said).toEqual(['open 1', 'settle 1', 'close 1', 'heard "Hello?"', 'answer 2: u:Hello?'])
  })

  it('goes on when speech resumes before the end', () => {
    const { said } = play([
      live,
      ...frames(0, 960, 0.9),
      ...frames(960, 1_300, 0.01),
      ...frames(1_312, 2_000, 0.9),
      ...frames(2_016, 2_700, 0.01),
    ])
    expect(said).toEqual(['open 1', 'settle 1', 'resume 1', 'settle 1', 'close 1'])
  })

  it('is dropped when no words were heard', () => {
    const { said, session } = play([...spoken, transcript(1, '')])
    expect(said).toEqual(['open 1', 'settle 1', 'close 1'])
    expect(session.turn).toBeUndefined()
  })

  it('is put back without a trace when the user goes on before anything was sent', () => {
    const { said } = play([
      ...spoken,
      transcript(1, 'I would like'),
      ...frames(2_000, 2_960, 0.9),
      ...frames(2_960, 3_600, 0.01),
      transcript(3, 'a coffee.'),
    ])
    expect(said).toEqual([
      'open 1',
      'settle 1',
      'close 1',
      'heard "I would like"',
      'answer 2: u:I would like',
      'cancel 2',
      'open 3',
      'settle 3',
      'close 3',
      'heard " a coffee."',
      'answer 4: u:I would like a coffee.',
    ])
  })

  it('waits for the recogniser to be tried twice, then says sorry', () => {
    const failed: Given = { type: 'transcript-failed', activity: 1, retryable: true }
    const { said } = play([...spoken, failed, failed, output(2, 'Sorry.'), generated(2)])
    expect(said).toEqual([
      'open 1',
      'settle 1',
      'close 1',
      'retry 1',
      'apologise 2',
      'generationComplete',
      'turnComplete',
    ])
  })
})

describe('an answer before the end of the turn is certain', () => {
  const words = (activity: number, toMs: number, text: string, at = toMs): Given => ({
    type: 'words',
    at,
    activity,
    toMs,
    text,
    language: 'es',
    audioMs: 1_000,
  })
  /** Speech up to 960 ms; the pause is named by the frame in which 128 ms of silence were full. */
  const paused = [live, ...frames(0, 960, 0.9), ...frames(960, 1_120, 0.01), words(1, 1_088, 'Hello?')]

  it('is begun once the words of the pause are known, and goes out with the end of the turn', () => {
    const { said, session } = play([...paused, ...frames(1_120, 1_472, 0.01)])
    expect(said).toEqual([
      'open 1',
      'settle 1',
      'think 2: u:Hello?',
      'finish 1',
      'heard "Hello?"',
      'release 2',
    ])
    expect(session).toMatchObject({ language: 'es', userAudioMs: 1_000, output: { response: 2 } })
    expect(session.speculation).toBeUndefined()
  })

  it('is dropped when speech goes on: history, turn and usage are as if it had never been', () => {
    const events = [...paused, ...frames(1_120, 1_216, 0.9)]
    const { said, session } = play(events)
    expect(said.slice(3)).toEqual(['resume 1', 'cancel 2'])
    const { session: without } = play(events.filter(({ type }) => type !== 'words'))
    expect({ ...session, nextId: 0 }).toEqual({ ...without, nextId: 0 })
  })

  it('follows the words of the next pause; late words of an earlier one are nobody’s', () => {
    const { said } = play([
      ...paused,
      ...frames(1_120, 1_216, 0.9),
      words(1, 1_088, 'Hello?'),
      ...frames(1_216, 1_376, 0.01),
      words(1, 1_088, 'Hello?'),
      words(1, 1_344, 'Hello, you!'),
      ...frames(1_376, 1_728, 0.01),
    ])
    expect(said.slice(3)).toEqual([
      'resume 1',
      'cancel 2',
      'settle 1',
      'think 3: u:Hello, you!',
      'finish 1',
      'heard "Hello, you!"',
      'release 3',
    ])
  })

  it('is not begun without words', () => {
    const { said, session } = play([
      ...paused.slice(0, -1),
      words(1, 1_088, ''),
      ...frames(1_120, 1_472, 0.01),
    ])
    expect(said).toEqual(['open 1', 'settle 1', 'finish 1'])
    expect(session.turn).toBeUndefined()
  })

  it('is dropped for typed text, which is answered', () => {
    const { said } = play([...paused, { ...ask('Stop'), at: 1_200 }])
    expect(said.slice(3)).toEqual(['cancel 2', 'answer 3: u:Stop'])
  })

  it('gives way to a new one when it has failed, without being tried again before', () => {
    const failed: Given = { type: 'response-failed', at: 1_200, response: 2, retryable: true }
    const { said } = play([...paused, failed, ...frames(1_120, 1_472, 0.01)])
    expect(said.slice(3)).toEqual(['cancel 2', 'finish 1', 'heard "Hello?"', 'answer 3: u:Hello?'])
  })

  it('is never begun while the model speaks', () => {
    const { said } = play(
      [
        ask('Talk'),
        { ...output(1, 'Well. ', 60_000), at: 1_000 },
        live,
        ...frames(1_000, 1_960, 0.9),
        ...frames(1_960, 2_120, 0.01),
        words(2, 2_088, 'And?'),
      ],
      { interruptible: false },
    )
    expect(said).toEqual(['answer 1: u:Talk', 'open 2', 'settle 2'])
  })

  it('of a file is begun when it is drained and goes out when nothing followed', () => {
    const { said } = play([
      { type: 'audio-received', at: 0, live: false },
      ...frames(0, 960, 0.9).map((event) => ({ ...event, at: 5 })),
      { type: 'audio-drained', at: 6 },
      words(1, 960, 'What is it?', 200),
      { type: 'timer', timer: 'stream-end', at: 506 },
    ])
    expect(said).toEqual([
      'open 1',
      'settle 1',
      'think 2: u:What is it?',
      'finish 1',
      'heard "What is it?"',
      'release 2',
    ])
  })
})

describe('barge-in', () => {
  const answering = [
    ...spoken,
    transcript(1, 'Tell me.'),
    { ...output(2, 'Well, it is long. ', 8_000), at: 2_000 },
  ]

  it('interrupts, keeps the floor for the user, and an answer follows', () => {
    const { said } = play([
      ...answering,
      ...frames(6_000, 6_960, 0.9),
      ...frames(6_960, 7_600, 0.01),
      transcript(3, 'Wait.'),
    ])
    expect(said.slice(4)).toEqual([
      'answer 2: u:Tell me.',
      'cancel 2',
      'interrupted',
      'turnComplete',
      'open 3',
      'settle 3',
      'close 3',
      'heard "Wait."',
      'answer 4: u:Tell me. | m:Well, it is | u:Wait.',
    ])
  })

  it('is answered even when it had no words: a cough must not silence the model for ever', () => {
    const { said } = play([
      ...answering,
      ...frames(6_000, 6_960, 0.9),
      ...frames(6_960, 7_600, 0.01),
      transcript(3, ''),
    ])
    expect(said.at(-1)).toBe('answer 4: u:Tell me. | m:Well, it is | u:Please go on.')
  })

  it('works while the client still plays what was sent, and never after that', () => {
    const done = [...answering, { ...generated(2), at: 3_000 }]
    const during = play([...done, ...frames(6_000, 6_960, 0.9)]).said
    expect(during.slice(5)).toEqual([
      'generationComplete',
      'cancel 2',
      'interrupted',
      'turnComplete',
      'open 3',
    ])
    const after = play([
      ...done,
      { type: 'timer', timer: 'playout', at: 10_000 },
      ...frames(11_000, 12_000, 0.9),
    ]).said
    expect(after.slice(5)).toEqual(['generationComplete', 'turnComplete', 'open 3'])
  })

  it('is not for sessions with NO_INTERRUPTION: what was said is answered afterwards', () => {
    const { said } = play(
      [
        ...answering,
        ...frames(3_000, 3_960, 0.9),
        ...frames(3_960, 4_600, 0.01),
        transcript(3, 'And then?'),
        { ...generated(2), at: 6_000 },
        { type: 'timer', timer: 'playout', at: 10_000 },
      ],
      { interruptible: false },
    )
    expect(said.slice(5)).toEqual([
      'open 3',
      'settle 3',
      'close 3',
      'heard "And then?"',
      'generationComplete',
      'turnComplete',
      'answer 4: u:Tell me. | m:Well, it is long. | u:And then?',
    ])
  })

  it('leaves nothing of a cancelled answer: late results are dropped', () => {
    const { said } = play([...answering, ...frames(6_000, 6_960, 0.9), output(2, 'more'), generated(2)])
    expect(said.at(-1)).toBe('open 3')
  })
})

describe('a file sent at once', () => {
  const burst: Given = { type: 'audio-received', at: 0, live: false }
  const drained: Given = { type: 'audio-drained', at: 10 }
  const streamEnd: Given = { type: 'timer', timer: 'stream-end', at: 520 }
  const now = (events: Given[]): Given[] => events.map((event) => ({ ...event, at: 5 }))

  it('is one question, however long its pauses', () => {
    const { said } = play([
      burst,
      ...now([...frames(0, 960, 0.9), ...frames(960, 2_000, 0.01), ...frames(2_016, 3_000, 0.9)]),
      drained,
      { ...transcript(1, 'First.'), at: 200 },
      streamEnd,
      { ...transcript(2, 'Second.'), at: 700 },
    ])
    expect(said).toEqual([
      'open 1',
      'settle 1',
      'close 1',
      'open 2',
      'settle 2',
      'heard "First."',
      'close 2',
      'heard " Second."',
      'answer 3: u:First. Second.',
    ])
  })

  it('ends the turn for its sender even when there were no words in it', () => {
    const { said } = play([
      burst,
      ...now(frames(0, 960, 0.9)),
      drained,
      streamEnd,
      { ...transcript(1, ''), at: 700 },
    ])
    expect(said).toEqual(['open 1', 'settle 1', 'close 1', 'turnComplete'])
  })

  it('a live stream that stalls is ended by its own, longer timer', () => {
    const [session] = openSession(CONFIG)
    const [flowing] = reduce(session, { type: 'audio-received', at: 0, live: true })
    const [, effects] = reduce(flowing, { type: 'audio-drained', at: 100 })
    expect(effects).toEqual([{ type: 'set-timer', timer: 'stream-end', at: 2_100 }])
    const [bursting] = reduce(session, { type: 'audio-received', at: 0, live: false })
    expect(reduce(bursting, { type: 'audio-drained', at: 100 })[1]).toEqual([
      { type: 'set-timer', timer: 'stream-end', at: 600 },
    ])
  })
})

describe('manual activity', () => {
  const manual = { floor: floorSettings({ automatic: false }) }
  const start: Given = { type: 'activity-start', audioMs: 0 }
  const end: Given = { type: 'activity-end', audioMs: 900 }

  it('is delimited by the client and interrupts', () => {
    const { said } = play([start, end, transcript(1, 'Hi.'), output(2, 'Hello. ', 9_000), start], manual)
    expect(said).toEqual([
      'open 1',
      'close 1',
      'heard "Hi."',
      'answer 2: u:Hi.',
      'cancel 2',
      'interrupted',
      'turnComplete',
      'open 3',
    ])
  })

  it('is ended for the client even when nothing was said', () => {
    expect(play([start, end, transcript(1, '')], manual).said).toEqual(['open 1', 'close 1', 'turnComplete'])
  })

  it('is refused where the server detects activity, and the other way round', () => {
    expect(play([start]).said).toEqual(['close 1007'])
    expect(play([{ type: 'audio-stream-end', audioMs: 0 }], manual).said).toEqual(['close 1007'])
  })
})

describe('failures', () => {
  const failed = (response: number, retryable = true): Given => ({
    type: 'response-failed',
    response,
    retryable,
  })

  it('are tried once more, then an apology ends the turn, and the session goes on', () => {
    const { said } = play([
      ask('Hello'),
      failed(1),
      failed(2),
      output(3, 'Sorry.'),
      generated(3),
      ask('Again'),
    ])
    expect(said).toEqual([
      'answer 1: u:Hello',
      'cancel 1',
      'answer 2: u:Hello',
      'cancel 2',
      'apologise 3',
      'generationComplete',
      'turnComplete',
      'answer 4: u:Hello | u:Again',
    ])
  })

  it('that a second try would not mend are not tried again', () => {
    expect(play([ask('Hello'), failed(1, false)]).said).toEqual([
      'answer 1: u:Hello',
      'cancel 1',
      'apologise 2',
    ])
  })

  it('end the turn even when the apology fails too', () => {
    const { said } = play([ask('Hello'), failed(1), failed(2), failed(3)])
    expect(said.slice(-2)).toEqual(['cancel 3', 'turnComplete'])
  })

  it('after part of the answer was sent lead to the apology at once', () => {
    const { said, session } = play([ask('Hello'), output(1, 'Well, '), failed(1)])
    expect(said).toEqual(['answer 1: u:Hello', 'cancel 1', 'apologise 2'])
    expect(session.messages.at(-1)).toEqual({ role: 'model', text: 'Well,' })
  })

  it('of the watchdog count as failures', () => {
    const { said } = play([ask('Hello'), { type: 'timer', timer: 'answer-owed', at: 99_000 }])
    expect(said).toEqual(['answer 1: u:Hello', 'cancel 1', 'answer 2: u:Hello'])
  })

  it('of an engine that does not come back close the session', () => {
    expect(play([ask('Hello'), { type: 'engine-unavailable', engine: 'llm' }]).said.at(-1)).toBe('close 1011')
  })
})
