import { describe, expect, it } from 'vitest'
import { USUAL } from '../testing/manners.js'
import { CONFIG, type Given } from '../testing/session-table.js'
import { VOTE_MS } from './addressing.js'
import type { SessionConfig } from './config.js'
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'
import type { Manner } from './tone.js'

type Ask = Extract<Effect, { type: 'ask-address' }>

/** A session whose user marks activities. `vote`: what the language model says wherever it is asked; absent = nothing comes. */
function conversation(
  config: Partial<SessionConfig> = {},
  vote?: (words: string) => number,
  proactive = true,
) {
  const manual = { ...CONFIG.floor, automatic: false }
  let [session, opened] = openSession({
    ...CONFIG,
    floor: manual,
    ...(proactive && { proactive: { asks: 'opinion', video: false } }),
    ...config,
  })
  let at = 0
  const feed = (event: Given): Effect[] => {
    at = event.at ?? at + 100
    const [next, effects] = reduce(session, { ...event, at } as SessionEvent)
    session = next
    const voted = effects.flatMap((effect) => {
      if (effect.type !== 'ask-address' || !vote) return []
      return feed({ type: 'address-vote', question: effect.question, lead: vote(heardIn(effect)) })
    })
    return [...effects, ...voted]
  }
  return {
    opened,
    feed,
    get session() {
      return session
    },
    wait(ms: number) {
      at += ms
    },
    /** Says it, and takes what follows; an answer that is begun is given and heard to its end. */
    speak(
      text: string,
      {
        language = 'en',
        manner,
        reply = 'Well.',
      }: { language?: string; manner?: Manner; reply?: string } = {},
    ) {
      const begun = feed({ type: 'activity-start', audioMs: at })
      const { activity } = begun.find((effect) => effect.type === 'open-activity')!
      feed({ type: 'activity-end', audioMs: at + 900 })
      if (manner) feed({ type: 'manner', activity, manner })
      const effects = feed({ type: 'transcript', activity, text, language, audioMs: 900 })
      const answer = effects.find((effect) => effect.type === 'start-response')
      if (answer) {
        const { response } = answer
        feed({ type: 'response-output', response, text: reply, audioMs: 100 })
        feed({ type: 'response-generated', response, promptTokens: 1, outputTokens: 1 })
      }
      const sent = effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []))
      const verdict = effects.find((effect) => effect.type === 'note-address')?.verdict
      const asked = effects.filter((effect) => effect.type === 'ask-address').length
      return { answered: answer !== undefined, answer, sent, verdict, asked, effects }
    },
  }
}

const heardIn = ({ prompt }: Ask) =>
  /Heard: "(.*)"/.exec((prompt.messages.at(-1) as { text: string }).text)?.[1] ?? ''
const QUIET = {
  serverContent: { turnComplete: true, waitingForInput: true },
  usageMetadata: expect.anything(),
}

describe('proactive audio', () => {
  it('[PRO-2] what was said to somebody else is transcribed, and ends with waitingForInput instead of an answer', () => {
    const { speak } = conversation()
    speak('What time is it?')
    const { answered, sent, verdict } = speak('Tom, could you set the table?')
    expect(answered).toBe(false)
    expect(sent).toEqual([{ serverContent: { inputTranscription: expect.anything() } }, QUIET])
    expect(verdict).toMatchObject({ addressed: false, why: expect.arrayContaining(['other-called']) })
  })

  it('[PRO-3] what was overheard is in the context of the next answer, marked in its language', () => {
    const { speak } = conversation()
    speak('What time is it?')
    speak('Tom, the cake is in the oven.')
    speak('Tomás, pon la mesa, que está lista la cena.', { language: 'es' })
    const { answer } = speak('What time is it now?')
    expect(answer?.prompt.messages.slice(2)).toEqual([
      { role: 'user', text: '(Somebody says to somebody else: "Tom, the cake is in the oven.")' },
      {
        role: 'user',
        text: '(Alguien le dice a otra persona: "Tomás, pon la mesa, que está lista la cena.")',
      },
      { role: 'user', text: 'What time is it now?' },
    ])
  })

  it('a question phrased as among people waits for how likely it is, another direct one does not', () => {
    const { speak } = conversation({ proactive: { asks: 'likelihood', video: false } })
    speak('Tell me about Saturn.', { reply: 'Saturn has rings.' })
    const asks = (text: string) => speak(text).effects.some(({ type }) => type === 'foresee-address')
    expect(asks('How old are they?')).toBe(false)
    expect(asks('Do you want the window seat?')).toBe(true)
  })

  it('[PRO-4] a direct question in a running exchange is answered, whatever the language model thinks of it', () => {
    const { speak } = conversation({}, () => -9)
    speak('Tell me about Saturn.')
    for (const text of [
      'How far away is it?',
      'And Jupiter?',
      '¿Cuántas lunas tiene?',
      'Is it bigger than mine?',
    ]) {
      expect(speak(text).answered, text).toBe(true)
    }
  })

  it('a statement after an exchange is for the model where that makes its words likelier; what is sure is not asked about', () => {
    for (const [text, lead, answered, asked] of [
      ['I remember that from school.', 2, true, 1],
      ['I remember that from school.', -1, false, 1],
      ['How far away is it?', -1, true, 0],
      ['Tom, could you set the table?', 2, false, 0],
    ] as const) {
      const { speak, feed } = conversation({ proactive: { asks: 'likelihood', video: false } })
      speak('Tell me about Saturn.')
      const { answered: atOnce, effects } = speak(text)
      const questions = effects.filter((effect) => effect.type === 'foresee-address')
      expect(questions, text).toHaveLength(asked)
      const voted = questions.flatMap(({ question }) => feed({ type: 'address-vote', question, lead }))
      expect(atOnce || voted.some(({ type }) => type === 'start-response'), text).toBe(answered)
    }
  })

  it('in a language of which that was not measured, words and dialogue decide alone', () => {
    const { speak } = conversation({
      language: 'de',
      proactive: { asks: 'likelihood', video: false },
    })
    speak('Erzähl mir vom Saturn.', { language: 'de' })
    const { answered, effects } = speak('Ich dachte, er wäre weiter weg.', { language: 'de' })
    expect(effects.some(({ type }) => type === 'foresee-address')).toBe(false)
    expect(answered).toBe(true)
  })

  it('[PRO-4] a direct question stays one where somebody else speaks before the turn has ended', () => {
    for (const [words, answered] of [
      ['How far away is it?', true],
      ['It was far away, Tom.', false],
    ] as const) {
      const { speak, feed } = conversation({ proactive: { video: false } })
      speak('Tell me about Saturn.')
      const open = () => {
        const { activity } = feed({ type: 'activity-start', audioMs: 9_000 }).find(
          (effect) => effect.type === 'open-activity',
        )!
        feed({ type: 'activity-end', audioMs: 9_900 })
        return activity
      }
      const [first, second] = [open(), open()]
      const said = (activity: typeof first, text: string) =>
        feed({ type: 'transcript', activity, text, language: 'en', audioMs: 900 })
      const effects = [...said(first, words), ...said(second, 'Shoes off, Tom, dinner is ready.')]
      expect(
        effects.some(({ type }) => type === 'start-response'),
        words,
      ).toBe(answered)
    }
  })

  it('without being asked for, everything is answered, and nothing is asked', () => {
    const { speak, opened } = conversation({}, undefined, false)
    expect(opened.map(({ type }) => type)).toEqual(['prefill'])
    const { answered, effects } = speak('Tom, could you set the table?')
    expect(answered).toBe(true)
    expect(effects.filter(({ type }) => /address|manner/.test(type))).toEqual([])
  })

  it('asks the language model where words and dialogue leave it open, and answers once it has said yes', () => {
    const open = 'The red one, maybe.'
    for (const lead of [4, -4]) {
      const { speak } = conversation({}, () => lead)
      speak('What time is it?')
      const { asked, answered, verdict } = speak(open)
      expect([asked, answered]).toEqual([1, lead > 0])
      expect(verdict!.why).toContain('vote')
    }
  })

  it('a model that cannot tell is not asked: words and dialogue decide at once', () => {
    const { speak } = conversation({ proactive: { video: false } })
    speak('Hello, can you hear me?')
    expect(speak('The red one, maybe.')).toMatchObject({ asked: 0, answered: true })
    expect(speak("I can't believe I forgot my keys.")).toMatchObject({ asked: 0, answered: false })
  })

  it('waits for the vote no longer than the timer, then decides without', () => {
    const { speak, feed } = conversation()
    speak('Hello, can you hear me?')
    const waiting = speak('The red one, maybe.')
    expect(waiting.answered).toBe(false)
    const timer = waiting.effects.find((effect) => effect.type === 'set-timer' && effect.timer === 'address')
    expect(timer).toBeDefined()
    expect(VOTE_MS).toBeLessThanOrEqual(1_500)
    const after = feed({ type: 'timer', timer: 'address' })
    expect(after.some(({ type }) => type === 'start-response')).toBe(true)
    expect(feed({ type: 'address-vote', question: 1, lead: -9 })).toEqual([])
  })

  it('[PRO-5] under an instruction that says when to speak the language model decides by it', () => {
    const system = 'Only speak when you are asked about cooking.'
    const { speak } = conversation({ system }, (words) => (/bread|pan/.test(words) ? 3 : -3))
    expect(speak('How do I bake bread?').answered).toBe(true)
    expect(speak('How far away is the moon?').answered).toBe(false)
    const silent = conversation({ system })
    silent.speak('How do I bake bread?')
    const given = silent.feed({ type: 'timer', timer: 'address' })
    expect(given.some(({ type }) => type === 'start-response')).toBe(false)
    expect(speak('¿A qué temperatura se hornea el pan?').verdict?.why).toEqual(['instruction'])
  })

  it('whoever sounds like another and far away is not taken for the one who is answered', () => {
    const { speak } = conversation()
    for (let turn = 0; turn < 3; turn++) speak('What is the weather like?', { manner: USUAL })
    const away: Manner = { ...USUAL, pitchHz: USUAL.pitchHz * 1.6, loudnessDb: USUAL.loudnessDb - 14 }
    expect(speak('What is the weather like?', { manner: USUAL }).answered).toBe(true)
    const { answered, verdict } = speak('We still need to buy bread and butter.', { manner: away })
    expect(answered).toBe(false)
    expect(verdict!.why).toEqual(expect.arrayContaining(['distant', 'other-voice']))
  })

  it('[PRO-6] typed text is never taken for side talk', () => {
    const { feed, speak } = conversation()
    speak('Hello, can you hear me?')
    expect(
      feed({ type: 'realtime-text', text: 'Tom, could you set the table?' }).some(
        ({ type }) => type === 'start-response',
      ),
    ).toBe(true)
  })
})
