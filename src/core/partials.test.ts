/** Words while the user speaks: when they are asked for, and what they are good for. */
import { describe, expect, it } from 'vitest'
import { behaviourOf } from '../protocol/index.js'
import { ask, CONFIG, frames, type Given, live, output } from '../testing/session-table.js'
import type { SessionConfig } from './config.js'
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'

const words = (toMs: number, text: string): Given => ({
  type: 'words',
  at: toMs,
  activity: 1,
  toMs,
  text,
  language: 'en',
  audioMs: toMs,
})

/** Positions asked for, texts read ahead after the setup, and previews. */
function run(events: readonly Given[], config: Partial<SessionConfig> = {}) {
  let [session] = openSession({ ...CONFIG, ...config })
  const effects: Effect[] = []
  for (const event of events) {
    const [next, more] = reduce(session, { at: 0, ...event } as SessionEvent)
    session = next
    effects.push(...more)
  }
  return {
    session,
    asked: effects.flatMap((effect) => (effect.type === 'partial-words' ? [effect.toMs] : [])),
    readAhead: effects.flatMap((effect) =>
      effect.type === 'prefill'
        ? [effect.prompt.messages.map((message) => ('text' in message ? message.text : ''))]
        : [],
    ),
    previews: effects.flatMap((effect) =>
      effect.type === 'send' && 'serverContent' in effect.message
        ? (effect.message.serverContent.interimInputTranscription?.text ?? [])
        : [],
    ),
  }
}

describe('words while the user speaks', () => {
  it('are asked for every 640 ms of speech, and anew after a pause that was none', () => {
    const going = [live, ...frames(0, 1_600, 0.9)]
    // Speech counts from 96 ms on.
    expect(run(going).asked).toEqual([736, 1_376])
    const paused = [live, ...frames(0, 640, 0.9), ...frames(640, 768, 0.01)]
    const goingOn = frames(768, 1_600, 0.9)
    expect(run([...paused, words(672, 'What is'), ...goingOn]).asked).toEqual([1_312])
    // Given up when speech went on.
    expect(run([...paused, ...goingOn]).asked).toEqual([800, 1_440])
  })

  it('are not asked for of a file, nor over the model’s answer', () => {
    const file: Given = { type: 'audio-received', at: 0, live: false }
    expect(run([file, ...frames(0, 1_600, 0.9)]).asked).toEqual([])
    const answering = [live, ask('Hi'), { ...output(1, 'Hello.', 9_000), at: 0 }]
    expect(run([...answering, ...frames(0, 1_600, 0.9)]).asked).toEqual([])
    expect(run([...answering, ...frames(0, 1_600, 0.9)], { interruptible: false }).asked).toEqual([])
  })

  it('are read ahead by the language model, without the mark that the recogniser guessed', () => {
    const { readAhead, session } = run([live, ...frames(0, 800, 0.9), words(736, 'What is the.')])
    expect(readAhead).toEqual([['What is the']])
    expect(session.messages).toEqual([])
    expect(session.speculation).toBeUndefined()
  })

  it('that are none, or come when the end is heard already, are read by nobody', () => {
    expect(run([live, ...frames(0, 800, 0.9), words(736, '')]).readAhead).toEqual([])
    const late = [live, ...frames(0, 800, 0.9), ...frames(800, 992, 0.01), words(736, 'What is')]
    expect(run(late).readAhead).toEqual([])
  })

  it('[TRN-4] are shown to clients of a generation that has a preview, where they asked for transcripts', () => {
    const heard = [live, ...frames(0, 800, 0.9), words(736, 'What is the.')]
    const newest = { behaviour: behaviourOf('models/gemini-3.8-live') }
    expect(run(heard).previews).toEqual([])
    expect(run(heard, newest).previews).toEqual(['What is the.'])
    expect(run(heard, { ...newest, inputTranscription: false }).previews).toEqual([])
  })

  it('that come to nothing leave the history to be read on: the first silence has stopped it', () => {
    const nothing: Given = {
      type: 'transcript',
      at: 1_700,
      activity: 1,
      text: '',
      language: 'en',
      audioMs: 0,
    }
    const cough = [live, ...frames(0, 960, 0.9), ...frames(960, 1_600, 0.01)]
    expect(run(cough).readAhead).toEqual([])
    expect(run([...cough, nothing]).readAhead).toEqual([[]])
    expect(run([...cough, { ...nothing, text: 'What now?' }]).readAhead).toEqual([])
  })
})
