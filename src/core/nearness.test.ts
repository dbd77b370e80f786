/** A user beside others who talk among themselves, farther from the microphone: whose words belong together, and what they change of an answer. */
import { describe, expect, it } from 'vitest'
import { frames, type Given, live, output, play as playAny, transcript } from '../testing/session-table.js'
import { floorSettings, type SessionConfig } from './config.js'

const play = (events: readonly Given[], config: Partial<SessionConfig> = {}) =>
  playAny(events, { proactive: { video: false }, ...config })

const USER_DB = -20
const OTHERS_DB = -32
const silence = (fromMs: number, toMs: number) => frames(fromMs, toMs, 0.01, -70)
/** They say something, and pause. */
const othersFirst = [live, ...frames(0, 1_600, 0.9, OTHERS_DB)]
const NOT_ADDRESSED = "I can't believe she forgot my keys."

describe('[PRO-8] who begins to speak nearer than who spoke before', () => {
  it('is another activity, whose words are judged on their own', () => {
    const { said } = play([
      ...othersFirst,
      ...frames(1_600, 2_592, 0.9, USER_DB),
      ...silence(2_592, 3_200),
      transcript(1, NOT_ADDRESSED),
      transcript(2, 'What time is it?'),
    ])
    expect(said).toEqual([
      'open 1',
      'close 1',
      'open 2',
      'settle 2',
      'close 2',
      `heard "${NOT_ADDRESSED}"`,
      'heard " What time is it?"',
      `answer 3: u:(Somebody says to somebody else: "${NOT_ADDRESSED}") | u:What time is it?`,
    ])
  })

  it('goes on with the activity where nobody asked to be left alone: all that is heard is for the model', () => {
    const { said } = playAny([...othersFirst, ...frames(1_600, 2_592, 0.9, USER_DB)])
    expect(said.filter((effect) => /open|close/.test(effect))).toEqual(['open 1'])
  })

  it.each([
    [
      'louder within the first words',
      [live, ...frames(0, 480, 0.9, OTHERS_DB), ...frames(480, 1_600, 0.9, USER_DB)],
    ],
    ['louder by less than 6 dB', [...othersFirst, ...frames(1_600, 2_592, 0.9, OTHERS_DB + 5)]],
    [
      'louder for a moment',
      [...othersFirst, ...frames(1_600, 1_696, 0.9, USER_DB), ...frames(1_696, 2_592, 0.9, OTHERS_DB)],
    ],
  ])('%s is the same voice', (_, events) => {
    expect(play(events).said.filter((effect) => /open|close/.test(effect))).toEqual(['open 1'])
  })

  it('goes on with the activity where a noise came before the first word', () => {
    const { said } = play(
      [live, ...frames(0, 192, 0.9, OTHERS_DB), ...silence(192, 896), ...frames(896, 1_888, 0.9, USER_DB)],
      { floor: floorSettings({ automatic: true }) },
    )
    expect(said.filter((effect) => /open|close/.test(effect))).toEqual(['open 1'])
  })
})

describe('[PRO-8] others who talk on after the user', () => {
  it('do not hold the turn open, and what they go on to say is not waited for', () => {
    const { said } = play(
      [
        ...othersFirst,
        ...frames(1_600, 2_592, 0.9, USER_DB),
        ...silence(2_592, 2_688),
        { ...transcript(1, NOT_ADDRESSED), at: 2_700 } as Given,
        {
          type: 'words',
          at: 2_710,
          activity: 2,
          toMs: 2_656,
          text: 'What time is it?',
          language: 'en',
          audioMs: 1_000,
        },
        ...frames(2_688, 3_520, 0.9, OTHERS_DB),
      ],
      { floor: floorSettings({ automatic: true }) },
    )
    expect(said.slice(said.indexOf('settle 2'))).not.toContain('resume 2')
    expect(said).toContain('finish 2')
    expect(said).toContain('release 3')
    expect(said).not.toContain('cancel 3')
  })

  it('do not take back an answer that is not heard yet; the user does', () => {
    const answering = [
      live,
      ...frames(0, 960, 0.9, USER_DB),
      ...silence(960, 1_504),
      { ...transcript(1, 'What time is it?'), at: 1_600 } as Given,
    ]
    for (const [level, taken] of [
      [OTHERS_DB, false],
      [USER_DB - 3, true],
    ] as const) {
      const { said } = play([...answering, ...frames(1_600, 2_400, 0.9, level)])
      expect(said.includes('cancel 2'), String(level)).toBe(taken)
    }
    const { said } = play([
      ...answering,
      ...frames(1_600, 1_760, 0.9, OTHERS_DB),
      ...frames(1_760, 2_400, 0.9, USER_DB),
    ])
    expect(said).toContain('cancel 2')
  })

  it('are judged when the answer has been heard', () => {
    const { said, session } = play([
      live,
      ...frames(0, 960, 0.9, USER_DB),
      ...silence(960, 1_504),
      { ...transcript(1, 'What time is it?'), at: 1_600 } as Given,
      ...frames(1_600, 2_400, 0.9, OTHERS_DB),
      ...silence(2_400, 3_000),
      { ...transcript(3, NOT_ADDRESSED), at: 3_100 } as Given,
      { ...output(2, 'Ten.'), at: 3_200 } as Given,
      { type: 'response-generated', at: 3_300, response: 2, promptTokens: 1, outputTokens: 1 },
      { type: 'timer', at: 4_300, timer: 'playout' },
    ])
    expect(said).not.toContain('cancel 2')
    expect(said.at(-1)).toBe('turnComplete+waitingForInput')
    expect(session.messages.at(-1)).toMatchObject({ overheard: true })
  })

  /** The user asks and is answered; others were overheard before. */
  const heardAnswer = [
    ...othersFirst,
    ...frames(1_600, 2_592, 0.9, USER_DB),
    ...silence(2_592, 3_136),
    { ...transcript(1, NOT_ADDRESSED), at: 3_150 } as Given,
    { ...transcript(2, 'What time is it?'), at: 3_160 } as Given,
    { ...output(3, 'It is ten past ten on a Monday.', 4_000), at: 3_200 } as Given,
  ]

  it('do not stop an answer that is heard; the user does, over them too', () => {
    const { said } = play([...heardAnswer, ...frames(3_500, 4_500, 0.9, OTHERS_DB)])
    expect(said.at(-1)).toBe('open 4')
    for (const afterMs of [320, 1_000]) {
      const since = 3_500 + Math.floor(afterMs / 32) * 32
      const over = play([
        ...heardAnswer,
        ...frames(3_500, since, 0.9, OTHERS_DB),
        ...frames(since, since + 960, 0.9, USER_DB),
      ])
      expect(over.said, String(afterMs)).toContain('pause 3')
    }
  })

  it('stop it where they are not known to be others', () => {
    const { said } = play([
      live,
      ...frames(0, 960, 0.9, USER_DB),
      ...silence(960, 1_504),
      { ...transcript(1, 'What time is it?'), at: 1_600 } as Given,
      { ...output(2, 'It is ten past ten on a Monday.', 4_000), at: 1_700 } as Given,
      ...frames(2_000, 3_000, 0.9, OTHERS_DB),
    ])
    expect(said).toContain('pause 2')
  })

  it('are not taken at the model’s own words, which come out of a loudspeaker', () => {
    const { said, session } = play([
      ...heardAnswer,
      ...frames(3_500, 4_500, 0.9, OTHERS_DB),
      ...silence(4_500, 5_100),
      { ...transcript(4, 'It is ten past ten on a Monday.'), at: 5_200 } as Given,
      { type: 'response-generated', at: 5_300, response: 3, promptTokens: 1, outputTokens: 1 },
      { type: 'timer', at: 7_300, timer: 'playout' },
    ])
    expect(said.filter((effect) => /^(?:answer|think)/.test(effect))).toHaveLength(1)
    expect(session.messages.at(-1)).toMatchObject({ overheard: true })
  })

  it('ask nothing of the model; who was not heard before may, from farther away too', () => {
    const question = (activity: number): Given => ({
      ...transcript(activity, 'How much does it cost?'),
      at: 9_000,
    })
    const after = [
      { type: 'response-generated', at: 5_300, response: 3, promptTokens: 1, outputTokens: 1 } as Given,
      { type: 'timer', at: 7_300, timer: 'playout' } as Given,
      ...frames(7_500, 8_500, 0.9, OTHERS_DB),
      ...silence(8_500, 8_990),
      ...frames(8_990, 9_100, 0.01, -70),
    ]
    const others = play([...heardAnswer, ...after, { ...question(4), at: 9_200 } as Given])
    expect(others.session.messages.at(-1)).toMatchObject({ overheard: true })
    const guest = play([
      live,
      ...frames(0, 960, 0.9, USER_DB),
      ...silence(960, 1_504),
      { ...transcript(1, 'What time is it?'), at: 1_600 } as Given,
      { ...output(2, 'Ten.'), at: 1_700 } as Given,
      { type: 'response-generated', at: 1_800, response: 2, promptTokens: 1, outputTokens: 1 },
      { type: 'timer', at: 2_800, timer: 'playout' },
      ...after.slice(2),
      { ...question(3), at: 9_200 } as Given,
    ])
    expect(guest.said.at(-1)).toMatch(/^answer .*How much does it cost\?$/)
  })

  it('leave the question open to the language model that is asked about each of them', () => {
    const { said } = play(
      [
        ...othersFirst,
        ...frames(1_600, 2_592, 0.9, USER_DB),
        ...silence(2_592, 3_136),
        { ...transcript(1, 'Three, four, five, six, seven.'), at: 3_150 } as Given,
        { ...transcript(2, 'Eight, nine, ten, eleven, twelve.'), at: 3_160 } as Given,
        { type: 'address-vote', at: 3_200, question: 3, lead: -9 },
        { type: 'address-vote', at: 3_210, question: 4, lead: 9 },
      ],
      { proactive: { asks: 'opinion', video: false } },
    )
    expect(said.at(-1)).toMatch(/^answer .*u:\(Somebody .*seven.*u:Eight, nine, ten, eleven, twelve\.$/)
  })
})
