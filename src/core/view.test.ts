import { describe, expect, it } from 'vitest'
import { CONFIG, frames, type Given, live, play, runEvents } from '../testing/session-table.js'
import type { SessionConfig, VisionConfig } from './config.js'
import { openSession, reduce } from './session.js'
import { TEXT_HEADING } from './shown-lines.js'
import { FRAME_NOTE } from './view.js'

const WORDS: VisionConfig = { tells: 'words', coverage: 'all', pictureTokens: 258 }
const words = { vision: WORDS }
const activity = { vision: { ...WORDS, coverage: 'activity' } } satisfies Partial<SessionConfig>
const pictures = { vision: { ...WORDS, tells: 'pictures' } } satisfies Partial<SessionConfig>

const frame = (picture: string, at?: number): Given => ({
  type: 'picture',
  picture,
  ...(at !== undefined && { at }),
})
const sight = (picture: string, text: string, change = 1, at?: number): Given => ({
  type: 'sight',
  picture,
  words: text,
  change,
  ...(at !== undefined && { at }),
})
const text = (said: string): Given => ({ type: 'realtime-text', text: said })
const ask = (...parts: readonly (string | { picture: string })[]): Given => ({
  type: 'content',
  turnComplete: true,
  turns: parts.map((part) =>
    typeof part === 'string' ? { role: 'user', text: part } : { role: 'picture', picture: part.picture },
  ),
})
const answered = (response: number): Given[] => [
  { type: 'response-output', response, text: 'A', audioMs: 0 },
  { type: 'response-generated', response, promptTokens: 1, outputTokens: 1 },
]
const looks = ({ said }: { said: string[] }) => said.filter((word) => /^(look|drop|answer|think)/.test(word))

describe('[PIC-2] frames', () => {
  it('are looked at one a second, one at a time, the newest', () => {
    const events = [frame('a', 0), frame('b', 100), frame('c', 200), sight('a', 'A', 1, 300), frame('d', 900)]
    expect(looks(play(events, words))).toEqual(['look a', 'drop b', 'drop c'])
    expect(looks(play([...events, { type: 'timer', timer: 'look', at: 1_000 }], words)).at(-1)).toBe('look d')
  })

  it('wake the look when their second has come, whatever came first', () => {
    const [open] = openSession({ ...CONFIG, ...words })
    let session = open
    const timers: number[] = []
    for (const event of [
      { type: 'picture', picture: 'a', at: 0 },
      { type: 'picture', picture: 'b', at: 10 },
      { type: 'sight', picture: 'a', words: 'A', change: 1, at: 20 },
    ] as const) {
      const [next, effects] = reduce(session, event)
      session = next
      for (const effect of effects)
        if (effect.type === 'set-timer' && effect.timer === 'look') timers.push(effect.at)
    }
    expect(timers).toEqual([1_000])
  })

  it('[PIC-3] outside of activity are not looked at where the turn covers activity only, until something is asked', () => {
    const silent = [frame('a'), frame('b'), frame('c')]
    expect(looks(play(silent, activity))).toEqual(['drop a', 'drop b'])
    expect(looks(play([...silent, text('What?'), sight('c', 'C')], activity)).slice(2)).toEqual([
      'look c',
      'answer 1: u:C | u:What?',
    ])
  })

  it('that nobody can see are let go, and the model is told so once', () => {
    const { said, session } = play([frame('a'), frame('b')])
    expect(looks({ said })).toEqual(['drop a', 'drop b'])
    expect(session.messages).toHaveLength(1)
  })
})

describe('[PIC-4] an answer', () => {
  it('waits for the first thing seen, and for nothing later', () => {
    const early = play([frame('a'), text('What?')], words)
    expect(looks(early)).toEqual(['look a'])
    const seen = play([frame('a'), text('What?'), sight('a', 'A')], words)
    expect(looks(seen)).toEqual(['look a', 'answer 1: u:A | u:What?'])
    const next = play([frame('a'), sight('a', 'A'), frame('b'), text('What?')], words)
    expect(looks(next)).toEqual(['look a', 'look b', 'answer 1: u:A | u:What?'])
  })

  it('is given all the same where the picture cannot be seen', () => {
    const blind = play([frame('a'), text('What?'), { type: 'sight-failed', picture: 'a' }], words)
    expect(looks(blind)).toEqual(['look a', 'answer 1: u:What?'])
  })

  it('to content is given when its pictures were seen, which stand before the question', () => {
    const asked = [ask({ picture: 'a' }, 'Which?', { picture: 'b' }), sight('a', 'A')]
    expect(looks(play(asked, words))).toEqual(['look a', 'look b'])
    const unreadable: Given = { type: 'sight-failed', picture: 'b' }
    expect(looks(play([...asked, unreadable], words)).at(-1)).toMatch(
      /^answer 1: u:A \| u:\[.*not be read.\] \| u:Which\?$/,
    )
  })

  it('to content without a word is given as well', () => {
    expect(looks(play([ask({ picture: 'a' }), sight('a', 'A')], words)).at(-1)).toBe('answer 1: u:A')
  })

  it('to content waits for what is shown beside it', () => {
    expect(looks(play([frame('a'), ask('What?'), sight('a', 'A')], words)).at(-1)).toBe(
      'answer 1: u:A | u:What?',
    )
  })
})

describe('what was seen', () => {
  const messages = (events: readonly Given[], config: Partial<SessionConfig>) =>
    play(events, config).session.messages.map((message) => ('text' in message ? message.text : ''))

  it('replaces what was seen before as long as nobody speaks, now and then only', () => {
    const moving = [frame('a', 0), sight('a', 'A', 1, 100), frame('b', 1_100), sight('b', 'B', 0.5, 1_200)]
    expect(messages(moving, words)).toEqual(['A'])
    expect(messages([...moving, { type: 'timer', timer: 'look', at: 4_000 }], words)).toEqual(['B'])
    expect(messages([...moving, { ...text('What?'), at: 1_300 }], words)).toEqual(['B', 'What?'])
  })

  it('is not told again where it is the same', () => {
    const still = [frame('a'), sight('a', 'A'), text('Q'), ...answered(1), frame('b'), sight('b', 'A', 0.01)]
    expect(messages(still, words)).toEqual(['A', 'Q', 'A'])
  })

  it('waits until the model is silent', () => {
    const [said, end] = answered(1) as [Given, Given]
    const during = [text('Q'), said, frame('a'), sight('a', 'S')]
    expect(messages(during, words)).toEqual(['Q'])
    expect(messages([...during, end], words)).toEqual(['Q', 'A', 'S'])
  })

  it('goes to a model that sees as pictures, other scenes beside each other', () => {
    const shown = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((name, index) => [
      frame(name, index * 5_000),
      sight(name, '', index === 1 ? 0.01 : 1, index * 5_000 + 500),
    ])
    const { session } = play([...shown, { ...text('Which?'), at: 40_000 }], pictures)
    const ids = session.messages.flatMap((message) => ('picture' in message ? [message.picture?.id] : []))
    expect(ids).toEqual(['c', 'd', 'e', 'f'])
  })
})

describe('[PIC-6] a question that is spoken', () => {
  const seen = [frame('a', 0), sight('a', 'A', 1, 100)]
  /** Speech from 1 s on for two seconds of audio; a frame and what was seen in it at times within. */
  const talk = (toMs: number, ...shown: readonly (readonly [at: number, given: Given])[]): Given[] => {
    const speech = [...frames(0, 2_000, 0.9), ...frames(2_000, toMs, 0.01)].map((event) => ({
      ...event,
      at: event.at! + 1_000,
    }))
    const events = [
      ...seen,
      { ...live, at: 1_000 },
      ...speech,
      ...shown.map(([at, given]) => ({ ...given, at })),
    ]
    return events.sort((one, other) => one.at! - other.at!)
  }
  const told = (events: readonly Given[]) =>
    play(events, words).session.messages.map((message) => ('text' in message ? message.text : ''))

  it('is told what is seen at once, so that it is read while the user still speaks', () => {
    expect(told([...seen, frame('b', 1_100), sight('b', 'B', 1, 1_200)])).toEqual(['A'])
    expect(told(talk(2_000, [1_100, frame('b')], [1_500, sight('b', 'B')]))).toEqual(['B'])
  })

  it('is answered with what was on view for a second before its end, and not with later frames', () => {
    const old = talk(2_200, [1_900, frame('b')], [3_150, sight('b', 'B')])
    expect(told(old)).toEqual(['B'])
    const late = talk(2_200, [2_700, frame('b')], [3_150, sight('b', 'B')])
    expect(told(late)).toEqual(['A'])
  })

  it('has the processor for itself from its end to the first sound of its answer', () => {
    const looked = (toMs: number) => looks(play(talk(toMs, [3_150, frame('b')]), words))
    expect(looked(2_300)).toEqual(['look a'])
    const answering = [
      ...talk(3_000, [3_150, frame('b')]),
      { type: 'transcript', activity: 1, text: 'What?', language: 'en', audioMs: 2_000, at: 4_100 },
    ] satisfies Given[]
    expect(looks(play(answering, words))).toEqual(['look a', 'answer 2: u:A | u:What?'])
    const first: Given = { type: 'response-output', response: 2, text: 'It', audioMs: 100, at: 4_200 }
    expect(looks(play([...answering, first], words)).at(-1)).toBe('look b')
  })

  it('is told the lines that it is about of a note that the model has not read yet, and the rest behind its answer', () => {
    const lines = [
      'GREEN GROCER',
      'Apples | 3.48',
      'Oat milk | 2.19',
      'Brown bread | 2.85',
      'Tomatoes | 4.10',
      'Tax | 0.88',
      'TOTAL | 13.50',
    ]
    const note = (...told: string[]) => [`${FRAME_NOTE} White.`, TEXT_HEADING, ...told].join('\n')
    const whole = note('In the shop of the corner, open from nine to nine, thank you', ...lines).concat(']')
    const focused = note('TOTAL | 13.50', '(more text)]')
    const question: Given = {
      type: 'transcript',
      activity: 1,
      text: 'What is the total?',
      language: 'en',
      audioMs: 2_000,
    }
    const shown = (unreadTokens: number | undefined, ...more: Given[]) =>
      told([
        ...talk(3_000, [1_100, frame('b')], [2_000, sight('b', whole)]),
        ...(unreadTokens === undefined ? [] : [{ type: 'prompt-read', at: 4_040, unreadTokens } as const]),
        { ...question, at: 4_050 },
        ...more,
      ])
    expect(shown(16)).toEqual([whole, 'What is the total?'])
    expect(shown(10)).toEqual([whole, 'What is the total?'])
    // 75 letters are unread: what is read before stays.
    const read = [whole.split('\n').slice(0, 5).join('\n'), 'TOTAL | 13.50', '(more text)]'].join('\n')
    expect(shown(30)).toEqual([read, 'What is the total?'])
    expect(shown(undefined)).toEqual([focused, 'What is the total?'])
    const [said, end] = answered(2) as [Given, Given]
    const answer = [
      { ...said, at: 4_500 },
      { ...end, at: 4_600 },
      { type: 'timer', timer: 'look', at: 9_000 },
    ] satisfies Given[]
    expect(shown(undefined, ...answer)).toEqual([focused, 'What is the total?', 'A', whole])
  })

  it('is read ahead with the lines that its words so far are about, as long as the note is unread; where it ends otherwise all of it follows them', () => {
    const lines = [
      'Apples | 3.48',
      'Oat milk | 2.19',
      'Brown bread | 2.85',
      'Tomatoes | 4.10',
      'TOTAL | 13.50',
    ]
    const opening = [
      `${FRAME_NOTE} White.`,
      TEXT_HEADING,
      'In the shop of the corner, open from nine to nine',
    ]
    const note = `${[...opening, ...lines].join('\n')}]`
    const picked = [...opening.slice(0, 2), 'TOTAL | 13.50', '(more text)]'].join('\n')
    const hear = (text: string, at: number): Given => ({
      type: 'words',
      activity: 1,
      toMs: 800,
      text,
      language: 'en',
      audioMs: 800,
      at,
    })
    const begun = [
      frame('a', 0),
      { ...live, at: 0 },
      ...frames(0, 800, 0.9),
      sight('a', note, 1, 802),
      hear('What is the total', 803),
    ] satisfies Given[]
    const read = (events: readonly Given[]) => {
      const prompts: string[][] = []
      runEvents(events, { ...CONFIG, ...activity }, (effect) => {
        if (effect.type === 'prefill')
          prompts.push(effect.prompt.messages.map((message) => ('text' in message ? message.text : '')))
      })
      return prompts
    }
    expect(read(begun).at(-1)).toEqual([picked, 'What is the total'])
    // It is about them still, and what was read of them is not the note.
    const on = [
      ...begun,
      { type: 'prompt-read', at: 804, unreadTokens: 0 },
      hear('What is the total here', 805),
    ]
    expect(read(on as Given[]).at(-1)).toEqual([picked, 'What is the total here'])
    // Nothing comes of them: the note is read as it is.
    const nothing: Given = {
      type: 'transcript',
      activity: 1,
      text: '',
      language: 'en',
      audioMs: 0,
      at: 2_100,
    }
    expect(read([...(on as Given[]), ...frames(800, 2_000, 0.01), nothing]).at(-1)).toEqual([note])
    const asked = (text: string) =>
      told([
        ...(on as Given[]),
        ...frames(800, 2_000, 0.01),
        { type: 'transcript', activity: 1, text, language: 'en', audioMs: 900, at: 2_100 },
      ])
    expect(asked('What is the total?')[0]).toBe(picked)
    expect(asked('What is the total of all things?')[0]).toBe(
      `${[...opening.slice(0, 2), 'TOTAL | 13.50', opening[2], ...lines.slice(0, 4)].join('\n')}]`,
    )
  })

  it('is told all of the note where it goes on to other lines than those that an answer was begun with', () => {
    const lines = [
      'In the shop of the corner, open from nine to nine',
      ...['Apples | 3.48', 'Oat milk | 2.19', 'Brown bread | 2.85', 'Tomatoes | 4.10', 'TOTAL | 13.50'],
    ]
    const note = `${[`${FRAME_NOTE} White.`, TEXT_HEADING, ...lines].join('\n')}]`
    const pauseWords = (toMs: number, text: string, at: number): Given => ({
      ...{ type: 'words', activity: 1, toMs, text, at },
      ...{ language: 'en', audioMs: toMs },
    })
    const paused = [
      frame('a', 0),
      { ...live, at: 0 },
      ...frames(0, 800, 0.9),
      sight('a', note, 1, 802),
      ...frames(800, 1_000, 0.01),
      pauseWords(832, 'What is the total?', 1_030),
    ] satisfies Given[]
    expect(looks(play(paused, words)).at(-1)).toContain('think')
    expect(told(paused)[0]).not.toContain('Apples')
    const on = (text: string) =>
      told([
        ...paused,
        ...frames(1_024, 1_600, 0.9),
        ...frames(1_600, 1_760, 0.01),
        pauseWords(1_632, text, 1_790),
      ])[0]
    expect(on('What is the total of all of it?')).toBe(note)
    expect(on('What is the total, and the apples?')).toContain('Apples')
  })

  it('finds the beginning of every note read already, and its words once something was seen', () => {
    const read: string[][] = []
    const hear: Given = {
      type: 'words',
      activity: 1,
      toMs: 800,
      text: 'What is',
      language: 'en',
      audioMs: 800,
    }
    const events = [
      frame('a', 0),
      { ...live, at: 0 },
      ...frames(0, 800, 0.9),
      { ...hear, at: 801 },
      sight('a', `${FRAME_NOTE} A`, 1, 802),
      { ...hear, at: 803 },
    ] satisfies Given[]
    runEvents(events, { ...CONFIG, ...activity }, (effect) => {
      if (effect.type !== 'prefill') return
      read.push(effect.prompt.messages.map((message) => ('text' in message ? message.text : '')))
    })
    expect(read).toEqual([[FRAME_NOTE], [`${FRAME_NOTE} A`], [`${FRAME_NOTE} A`, 'What is']])
  })
})

it('[PIC-6] the last note is read ahead where another is to come: most begin alike', () => {
  const read: string[] = []
  const shown = [frame('a'), sight('a', 'A'), text('Q'), ...answered(1), frame('b')]
  runEvents(shown, { ...CONFIG, ...words }, (effect) => {
    const last = effect.type === 'prefill' ? effect.prompt.messages.at(-1) : undefined
    if (last && 'text' in last) read.push(last.text)
  })
  expect(read).toEqual([FRAME_NOTE, 'A', 'A', 'A'])
})

describe('[PIC-5] token counts', () => {
  const usage = (events: readonly Given[], config: Partial<SessionConfig>) => {
    const [open] = openSession({ ...CONFIG, system: '', modality: 'TEXT', ...config })
    let session = open
    let at = 0
    let counts: unknown
    for (const event of events) {
      at += 1_000
      const [next, effects] = reduce(session, { at, ...event } as Parameters<typeof reduce>[1])
      session = next
      for (const effect of effects) {
        if (effect.type === 'send' && 'usageMetadata' in effect.message) counts = effect.message.usageMetadata
      }
    }
    return (counts as { promptTokensDetails: unknown }).promptTokensDetails
  }

  it('count every frame once, whatever was told of it, and pictures of the content apart', () => {
    const frames = [frame('a'), sight('a', 'A'), frame('b'), sight('b', 'A', 0)]
    expect(usage([...frames, text('four'), ...answered(1)], words)).toEqual([
      { modality: 'TEXT', tokenCount: 1 },
      { modality: 'VIDEO', tokenCount: 2 * 258 },
    ])
    expect(usage([ask({ picture: 'a' }, 'four'), sight('a', 'A'), ...answered(1)], words)).toEqual([
      { modality: 'TEXT', tokenCount: 1 },
      { modality: 'IMAGE', tokenCount: 258 },
    ])
  })
})
