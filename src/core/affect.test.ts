import { describe, expect, it } from 'vitest'
import { RAISED, USUAL } from '../testing/manners.js'
import { CONFIG } from '../testing/session-table.js'
import type { Effect, SessionEvent } from './index.js'
import { openSession, reduce } from './index.js'
import type { Manner } from './tone.js'

type Start = Extract<Effect, { type: 'start-response' }>

/** A session whose user marks activities; every `speak` is a turn, heard in that manner, and answered. */
function conversation(affective: boolean) {
  const config = { ...CONFIG, affective, floor: { ...CONFIG.floor, automatic: false } }
  let [session] = openSession(config)
  let at = 0
  const feed = (event: Record<string, unknown>): Effect[] => {
    at += 1_000
    const [next, effects] = reduce(session, { at, ...event } as SessionEvent)
    session = next
    return [...effects]
  }
  return {
    feed,
    speak(text: string, manner: Manner | undefined): { asked: boolean; answer: Start } {
      const begun = feed({ type: 'activity-start', audioMs: at })
      const { activity } = begun.find((effect) => effect.type === 'open-activity')!
      const ended = feed({ type: 'activity-end', audioMs: at + 900 })
      if (manner) feed({ type: 'manner', activity, manner })
      const effects = feed({ type: 'transcript', activity, text, language: 'en', audioMs: 900 })
      const answer = effects.find((effect) => effect.type === 'start-response')!
      const { response } = answer
      feed({ type: 'response-output', response, text: 'Well.', audioMs: 100 })
      feed({ type: 'response-generated', response, promptTokens: 1, outputTokens: 1 })
      feed({ type: 'timer', timer: 'playout' })
      return { asked: ended.some((effect) => effect.type === 'read-manner'), answer }
    },
  }
}

const asked = ({ prompt }: Start) => prompt.messages.at(-1)
const USERS_WORDS = 'The train leaves at nine.'

describe('affective dialogue', () => {
  it('asks how an activity sounds before its words are asked for, and only where it is wanted', () => {
    const { feed } = conversation(true)
    feed({ type: 'activity-start', audioMs: 0 })
    const types = feed({ type: 'activity-end', audioMs: 900 }).map((effect) => effect.type)
    expect(types.indexOf('read-manner')).toBeLessThan(types.indexOf('close-activity'))
    expect(types).toContain('read-manner')
    expect(conversation(false).speak(USERS_WORDS, undefined).asked).toBe(false)
  })

  it('the same words said in two ways lead to two questions and two ways of speaking', () => {
    const { speak } = conversation(true)
    for (let turn = 0; turn < 3; turn++) expect(speak(USERS_WORDS, USUAL).answer.manner).toBeUndefined()
    const usual = speak(USERS_WORDS, USUAL).answer
    const raised = speak(USERS_WORDS, RAISED).answer
    expect(asked(usual)).toEqual({ role: 'user', text: USERS_WORDS })
    expect(asked(raised)).toEqual({
      role: 'user',
      text: `[The user sounds excited: be lively and share it.] ${USERS_WORDS}`,
    })
    expect(raised.tone?.name).toBe('excited')
    expect(raised.manner!.pace).toBeGreaterThan(1)
  })

  it('waits for nothing: an answer that begins before the tone is known is as ever', () => {
    const { speak, feed } = conversation(true)
    const { answer } = speak(USERS_WORDS, undefined)
    expect(answer).not.toHaveProperty('tone')
    expect(feed({ type: 'manner', activity: 99, manner: RAISED })).toEqual([])
  })

  it('the mood outlasts one neutral sentence, and passes', () => {
    const { speak } = conversation(true)
    for (let turn = 0; turn < 3; turn++) speak(USERS_WORDS, USUAL)
    for (let turn = 0; turn < 2; turn++) speak('This is terrible.', { ...RAISED, loudnessDb: -14 + turn * 4 })
    const after = speak(USERS_WORDS, USUAL).answer
    expect(after.tone?.name).toBe('neutral')
    expect(after.manner?.pace).toBeLessThan(1)
    expect(asked(after)).toEqual({ role: 'user', text: USERS_WORDS })
    const later = Array.from({ length: 6 }, () => speak(USERS_WORDS, USUAL).answer).at(-1)!
    expect(later.manner).toBeUndefined()
  })

  it('what is typed has no tone', () => {
    const { speak, feed } = conversation(true)
    for (let turn = 0; turn < 3; turn++) speak(USERS_WORDS, USUAL)
    speak(USERS_WORDS, RAISED)
    const [answer] = feed({ type: 'realtime-text', text: 'And now?' }).filter(
      (effect) => effect.type === 'start-response',
    )
    expect(answer).not.toHaveProperty('tone')
    expect(answer).not.toHaveProperty('manner')
  })
})
