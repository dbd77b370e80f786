/** When a turn is over, and what is made ready before it is certain: events in, effects out. */
import { describe, expect, it } from 'vitest'
import { ask, CONFIG, frames, type Given, live, output, play } from '../testing/session-table.js'
import { floorSettings, type SessionConfig } from './config.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'

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
  /** Speech up to 960 ms; the pause is named by the first silent frame. */
  const paused = [live, ...frames(0, 960, 0.9), ...frames(960, 1_120, 0.01), words(1, 992, 'Hello?')]

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
    // But that the words up to there are known.
    const floor = { ...without.floor, askedMs: 992 }
    expect({ ...session, nextId: 0 }).toEqual({ ...without, floor, nextId: 0 })
  })

  it('follows the words of the next pause; late words of an earlier one are nobody’s', () => {
    const { said } = play([
      ...paused,
      ...frames(1_120, 1_216, 0.9),
      words(1, 992, 'Hello?'),
      ...frames(1_216, 1_376, 0.01),
      words(1, 992, 'Hello?'),
      words(1, 1_248, 'Hello, you!'),
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

  it('is not begun in a stop consonant: it is over before its words are there, and they begin nothing', () => {
    const stop = [live, ...frames(0, 960, 0.9), ...frames(960, 992, 0.01), ...frames(992, 1_152, 0.9)]
    const { said } = play([...stop, words(1, 992, 'Hello?', 1_152), ...frames(1_152, 1_280, 0.9)])
    expect(said).toEqual(['open 1', 'settle 1', 'resume 1'])
  })

  it('is not begun without words', () => {
    const { said, session } = play([...paused.slice(0, -1), words(1, 992, ''), ...frames(1_120, 1_472, 0.01)])
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
        words(2, 1_992, 'And?'),
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

describe('how long a silence is waited out', () => {
  const graded = { floor: floorSettings({ automatic: true }) }
  const words = (text: string, at: number): Given => ({
    type: 'words',
    at,
    activity: 1,
    toMs: 992,
    text,
    language: 'en',
    audioMs: 1_000,
  })
  const vote = (probability: number, at: number): Given => ({
    type: 'turn-vote',
    at,
    activity: 1,
    toMs: 992,
    probability,
  })
  /** At what time the turn ends after speech up to 960 ms, where an answer takes `makingMs` to be made. */
  function endsAt(
    given: readonly Given[],
    config: Partial<SessionConfig> = graded,
    makingMs = 0,
    foreseen?: { readonly ends: number; readonly trailsOff: number },
    watch: (effect: string, at: number) => void = () => {},
  ): number | undefined {
    const events = [live, ...frames(0, 960, 0.9), ...frames(960, 6_000, 0.01), ...given]
    let [session] = openSession({ ...CONFIG, ...config })
    for (;;) {
      events.sort((a, b) => (a.at ?? 0) - (b.at ?? 0))
      const event = events.shift()
      if (!event) return undefined
      const [next, effects] = reduce(session, event as SessionEvent)
      session = next
      for (const { type } of effects) watch(type, event.at ?? 0)
      if (effects.some(({ type }) => type === 'finish-activity' || type === 'close-activity')) return event.at
      for (const effect of effects) {
        if (effect.type !== 'start-response') continue
        const { response } = effect
        if (foreseen)
          events.push({ type: 'response-ending', at: (event.at ?? 0) + makingMs / 2, response, ...foreseen })
        events.push({ type: 'response-ready', at: (event.at ?? 0) + makingMs, response })
      }
    }
  }

  it.each([
    [
      'a question that sounds finished, once its words are known',
      [vote(0.95, 1_200), words('Is it?', 1_300)],
      1_300,
    ],
    ['a question', [words('Is it?', 1_200)], 1_280],
    ['a sentence', [words('I want tea.', 1_300)], 1_472],
    ['a sentence that sounds finished', [vote(0.95, 1_200), words('I want tea.', 1_280)], 1_280],
    ['a sentence that does not, by its vote', [vote(0.05, 1_200), words('I want tea.', 1_300)], 2_112],
    [
      'one that sounds finished later',
      [vote(0.05, 1_200), words('I want tea.', 1_300), vote(0.95, 1_700)],
      1_700,
    ],
    ['unfinished words', [words('I went to the', 1_300)], 4_480],
    ['words that do not come', [], 2_112],
  ] as const)('%s', (_what, events, ms) => {
    expect(endsAt(events)).toBe(ms)
  })

  it.each([
    ['that is made in time', 100, [words('Is it?', 1_200)], 1_300],
    ['that is made after the silence was long enough', 190, [words('Is it?', 1_200)], 1_390],
    ['that takes longer than anybody should wait', 900, [words('Is it?', 1_200)], 1_440],
    ['to words that say less', 100, [words('I want tea', 1_200)], 1_472],
  ] as const)('waits for an answer %s', (_what, makingMs, events, ms) => {
    expect(endsAt(events, graded, makingMs)).toBe(ms)
  })

  it.each([
    ['is over', 'I want tea.', -1, 1_472],
    ['may not be over', 'I want tea.', -7, 2_112],
    ['is over, whatever the rules say', 'But I guess.', -1, 1_472],
    ['plainly lacks something', 'Is it?', -12, 4_480],
  ] as const)('goes by what the language model expects: %s', (_what, text, ends, ms) => {
    expect(endsAt([words(text, 1_200)], graded, 100, { ends, trailsOff: -9 })).toBe(ms)
  })

  it('waits longer for an answer once the model has read the words', () => {
    const over = { ends: -1, trailsOff: -9 }
    expect(endsAt([words('Is it?', 1_200)], graded, 260)).toBe(1_440)
    expect(endsAt([words('Is it?', 1_200)], graded, 260, over)).toBe(1_460)
    expect(endsAt([words('Is it?', 1_200)], graded, 460, over)).toBe(1_472)
  })

  it('waits for what the model expects where it will tell, but not for ever', () => {
    const foresees = { ...graded, foresees: true }
    const cut = { ends: -12, trailsOff: -9 }
    // Told at 1,550 ms, behind 590 of silence.
    expect(endsAt([words('Is it?', 1_200)], foresees, 700, cut)).toBe(4_480)
    expect(endsAt([words('Is it?', 1_200)], graded, 700, cut)).toBe(1_440)
    expect(endsAt([words('Is it?', 1_200)], foresees, 2_000, cut)).toBe(1_600)
    expect(endsAt([words('Is it?', 1_200)], foresees, 700, { ends: -1, trailsOff: -9 })).toBe(1_550)
  })

  it('goes by the rules until the language model has told, and no further than without it', () => {
    const cut = { ends: -12, trailsOff: -9 }
    expect(endsAt([words('Is it?', 1_200)], graded, 900, cut)).toBe(1_440)
    const elsewhere: Given = { type: 'response-ending', at: 1_250, response: 9, ...cut }
    expect(endsAt([words('Is it?', 1_200), elsewhere], graded, 100)).toBe(1_300)
  })

  it('takes no view of other words for one of what was said', () => {
    const typed: Given = { type: 'realtime-text', at: 1_210, text: 'and my number is' }
    const cut = { ends: -12, trailsOff: -9 }
    expect(endsAt([words('Is it?', 1_200), typed], graded, 100, cut)).toBe(1_310)
  })

  it('asks again how it sounds where the language model expects more after all', () => {
    const asked: number[] = []
    // At 1,280 ms the question is due, and at 1,350 it plainly lacks something.
    endsAt([words('Is it?', 1_200)], graded, 300, { ends: -12, trailsOff: -9 }, (type, at) => {
      if (type === 'score-turn') asked.push(at)
    })
    expect(asked.filter((at) => at > 1_350).length).toBeGreaterThan(10)
  })

  it('does not wait for an answer that has failed', () => {
    const failed: Given = { type: 'response-failed', at: 1_300, response: 2, retryable: true }
    expect(endsAt([words('Is it?', 1_200), failed], graded, 900)).toBe(1_300)
  })

  it('has the answer made as if the turn were over, once only that is waited for', () => {
    const of = (events: readonly Given[]) =>
      play([live, ...frames(0, 960, 0.9), ...events], graded).said.slice(2)
    expect(of([...frames(960, 1_120, 0.01), words('Is it?', 1_120), ...frames(1_120, 1_280, 0.01)])).toEqual([
      'think 2: u:Is it?',
      'hasten 2',
    ])
    expect(of([...frames(960, 1_312, 0.01), words('Is it?', 1_312)])).toEqual(['think now 2: u:Is it?'])
  })

  /** Positions up to which it is asked how the turn sounds, in speech up to 960 ms and silence up to 1.5 s. */
  function askedAt(first: Given, given: readonly Given[] = []): readonly number[] {
    let [session] = openSession({ ...CONFIG, ...graded })
    const at: number[] = []
    const events = [first, ...frames(0, 960, 0.9), ...frames(960, 1_500, 0.01), ...given]
    for (const event of events.sort((a, b) => (a.at ?? 0) - (b.at ?? 0))) {
      const [next, effects] = reduce(session, event as SessionEvent)
      session = next
      for (const effect of effects) if (effect.type === 'score-turn') at.push(effect.toMs)
    }
    return at
  }

  it('asks how it sounds at once and about every 200 ms, of a live stream only', () => {
    expect(askedAt(live)).toEqual([992, 1_184, 1_376])
    expect(askedAt({ type: 'audio-received', at: 0, live: false })).toEqual([])
  })

  it.each([
    ['what ends before a vote could come', [vote(0.95, 1_100), words('I want tea.', 1_120)], [992]],
    ['what only waits for its answer', [vote(0.95, 1_100), words('Is it?', 1_120)], [992]],
    ['what a vote may end sooner', [vote(0.5, 1_100), words('I want tea.', 1_120)], [992, 1_184]],
    ['what a vote may keep open', [vote(0.95, 1_100), words('I want tea', 1_120)], [992, 1_184]],
  ] as const)('asks again only where that can tell: %s', (_what, given, asked) => {
    expect(askedAt(live, given)).toEqual(asked)
  })

  it('[RTI-10] is what the client asked for, exactly', () => {
    for (const ms of [200, 1_600]) {
      const floor = floorSettings({ automatic: true, silenceDurationMs: ms })
      const end = 960 + Math.ceil(ms / 32) * 32
      expect(endsAt([vote(0.95, 1_200), words('Is it?', 1_300)], { floor })).toBe(end)
    }
  })
})
