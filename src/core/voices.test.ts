/** When voices are compared and kept, and what likeness is worth: tables of events and effects. */
import { describe, expect, it } from 'vitest'
import { CONFIG, frames, type Given, output, transcript } from '../testing/session-table.js'
import { judgeAddress } from './address-verdict.js'
import type { SessionConfig } from './config.js'
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'
import { voiceWeight } from './voices.js'

const VOICES: Partial<SessionConfig> = { proactive: { video: false }, comparesVoices: true }

function session(config: Partial<SessionConfig> = VOICES) {
  let [state] = openSession({ ...CONFIG, ...config })
  let at = 0
  const feed = (event: Given): readonly Effect[] => {
    at = Math.max(at + 1, event.at ?? 0)
    const [next, effects] = reduce(state, { ...event, at } as SessionEvent)
    state = next
    return effects
  }
  return { feed, all: (events: readonly Given[]) => events.flatMap(feed) }
}
const voiceEffects = (effects: readonly Effect[]) =>
  effects.filter(({ type }) => type === 'compare-voice' || type === 'keep-voice')

/** Marked by the client: says it in a voice, and gives what follows. */
function marked() {
  const { feed } = session({ ...VOICES, floor: { ...CONFIG.floor, automatic: false } })
  let audioMs = 0
  return (text: string, likeness?: number, speechMs = 3_000) => {
    const begun = feed({ type: 'activity-start', audioMs })
    const { activity } = begun.find((effect) => effect.type === 'open-activity')!
    audioMs += speechMs
    const ended = feed({ type: 'activity-end', audioMs })
    if (likeness !== undefined) feed({ type: 'voice', activity, speechMs, likeness })
    const effects = [
      ...ended,
      ...feed({ type: 'transcript', activity, text, language: 'en', audioMs: speechMs }),
    ]
    const answer = effects.find((effect) => effect.type === 'start-response')
    if (answer) {
      feed({ type: 'response-output', response: answer.response, text: 'Saturn is far away.', audioMs: 100 })
      feed({ type: 'response-generated', response: answer.response, promptTokens: 1, outputTokens: 1 })
    }
    const verdict = effects.find((effect) => effect.type === 'note-address')?.verdict
    return { activity, verdict, voices: voiceEffects(effects) }
  }
}

describe('voices', () => {
  it('are compared once while somebody speaks, and at each pause', () => {
    const { feed, all } = session()
    feed({ type: 'audio-received', live: true })
    expect(voiceEffects(all(frames(0, 1_000, 0.9)))).toEqual([])
    const meanwhile = voiceEffects(all(frames(1_024, 4_000, 0.9)))
    expect(meanwhile).toHaveLength(1)
    expect(meanwhile[0]).toMatchObject({ type: 'compare-voice' })
    const paused = voiceEffects(all(frames(4_000, 4_200, 0)))
    expect(paused).toHaveLength(1)
    expect((paused[0] as { toMs: number }).toMs).toBeGreaterThan(3_900)
  })

  it('are compared only while somebody speaks where everything is answered, and sooner over the model’s own', () => {
    const { feed, all } = session({ comparesVoices: true })
    feed({ type: 'audio-received', live: true })
    const moments = (events: readonly Given[]) =>
      voiceEffects(all(events)).map((effect) => ('toMs' in effect ? effect.toMs : effect.type))
    const said = [...frames(0, 3_520, 0.9), ...frames(3_520, 4_160, 0.01)]
    expect(moments(said)).toEqual([1_376, 3_072])
    expect(moments([{ ...transcript(1, 'Tell me about Saturn.'), at: 4_200 }])).toEqual(['keep-voice'])
    all([{ ...output(2, 'Saturn is far away. ', 8_000), at: 4_300 }])
    expect(moments(frames(6_016, 7_616, 0.9))).toEqual([6_720, 6_816, 7_040, 7_392])
  })

  it('that were softer than the user when they were answered become no further voice of the user’s', () => {
    const { feed, all } = session({ comparesVoices: true })
    feed({ type: 'audio-received', live: true })
    const answered = (activity: number, fromMs: number, levelDb: number) => {
      all([...frames(fromMs, fromMs + 960, 0.9, levelDb), ...frames(fromMs + 960, fromMs + 1_600, 0.01, -70)])
      const effects = feed({ ...transcript(activity, 'Tell me about Saturn.'), at: fromMs + 1_700 })
      const { response } = effects.find((effect) => effect.type === 'start-response')!
      all([
        output(response, 'It is far. ', 10),
        { type: 'response-generated', response, promptTokens: 1, outputTokens: 1 },
      ])
      feed({ type: 'timer', timer: 'playout', at: fromMs + 2_500 })
      return voiceEffects(effects).map((effect) => effect.type === 'keep-voice' && effect.sure)
    }
    expect(answered(1, 0, -15)).toEqual([true])
    expect(answered(3, 4_000, -25)).toEqual([false])
    expect(answered(5, 8_000, -20)).toEqual([true])
  })

  it('are not compared where they change nothing', () => {
    const { feed, all } = session({ proactive: { video: false } })
    feed({ type: 'audio-received', live: true })
    expect(voiceEffects(all([...frames(0, 3_000, 0.9), ...frames(3_000, 5_000, 0)]))).toEqual([])
  })

  it('that are answered are kept; what is answered whoever says it adds no voice', () => {
    const say = marked()
    const first = say('Please tell me something about Saturn.')
    expect(first.voices.at(-1)).toEqual({ type: 'keep-voice', activity: first.activity, sure: true })
    const second = say('How far away is it?', 0.4)
    expect(second.verdict).toMatchObject({
      addressed: true,
      why: expect.arrayContaining(['direct-question']),
    })
    expect(second.voices.at(-1)).toEqual({ type: 'keep-voice', activity: second.activity, sure: false })
  })

  it('tell whether a sentence in a running exchange was for the model', () => {
    const words = 'The second ring is the one that interests me most.'
    for (const [likeness, expected] of [
      [undefined, true],
      [0.85, true],
      [0.45, false],
    ] as const) {
      const say = marked()
      say('Please tell me something about Saturn.')
      const { verdict, voices } = say(words, likeness)
      expect(verdict?.addressed, `${likeness}`).toBe(expected)
      expect(verdict?.likeness).toBe(likeness)
      expect(verdict?.why.includes('other-voice')).toBe(!expected)
      expect(voices.some(({ type }) => type === 'keep-voice')).toBe(expected)
    }
  })

  it('of an earlier activity say nothing of this one', () => {
    const say = marked()
    say('Please tell me something about Saturn.')
    say('Tom, dinner is ready.', 0.3)
    expect(say('I like the blue one on the top shelf more.').verdict?.why).not.toContain('other-voice')
  })
})

it.each([
  ['alike', 0.8, 4_000, 0],
  ['of little speech, unlike', 0.61, 1_000, 0],
  ['of much speech, as unlike', 0.61, 4_000, -1.7],
  ['of little speech, very unlike', 0.5, 1_000, -1.8],
  ['of nobody known', 0.2, 4_000, -2.5],
])('a voice that is %s weighs so much', (_what, likeness, speechMs, weight) => {
  expect(voiceWeight({ likeness, speechMs })).toBeCloseTo(weight, 5)
})

it('what the encoder says goes before the pitch', () => {
  const evidence = {
    text: 'Blue, I think.',
    system: '',
    sinceMs: 1_000,
    lastWords: 'Which colour?',
    lastHeard: '',
    language: 'en',
    overheard: 0,
    sound: { levelDb: 0, pitchSemitones: 7 },
  }
  expect(judgeAddress(evidence).why).toContain('other-voice')
  const same = judgeAddress({ ...evidence, voice: { likeness: 0.8, speechMs: 2_000 } })
  expect(same.why).not.toContain('other-voice')
})
