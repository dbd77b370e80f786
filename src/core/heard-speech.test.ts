/** A model that hears is given the speech of a turn: which activities stand behind a question, and when. */
import { expect, it } from 'vitest'
import { CONFIG, frames, type Given, live, transcript } from '../testing/session-table.js'
import type { SessionConfig } from './config.js'
import type { Effect, SessionMessage } from './effects.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'

/** Last message of every prompt that is answered, `held` before it, and what is read ahead or said instead. */
function run(events: readonly Given[], config: Partial<SessionConfig> = { hearsSpeech: true }): string[] {
  let [session] = openSession({ ...CONFIG, ...config })
  const told: string[] = []
  const word = (effect: Effect): string[] => {
    if (effect.type === 'start-response')
      return [
        `${effect.standing === 'certain' ? '' : 'held '}${spoken(effect.prompt.messages.at(-1) as SessionMessage)}`,
      ]
    if (effect.type === 'prefill' && effect.prompt.messages.length > 0) return ['read ahead']
    return effect.type === 'apologise' || effect.type === 'retry-activity' ? [effect.type] : []
  }
  for (const event of events) {
    const [next, effects] = reduce(session, { at: 0, ...event } as SessionEvent)
    session = next
    told.push(...effects.flatMap(word))
  }
  return told
}

function spoken(message: SessionMessage): string {
  if (!('text' in message)) return message.role
  const { text, speech } = message
  return speech ? `"${text}" = ${speech.activities.join()} + "${speech.typed}"` : `"${text}"`
}

const said = [live, ...frames(0, 960, 0.9), ...frames(960, 1_600, 0.01)]
const words: Given = { type: 'words', activity: 1, toMs: 992, text: 'Hello.', language: 'en', audioMs: 960 }
const failed: Given = { type: 'transcript-failed', activity: 1, retryable: true }

it.each<[string, readonly Given[], readonly string[]]>([
  ['a spoken turn', [...said, transcript(1, 'Hello.')], ['"Hello." = 1 + ""']],
  [
    'a turn that may be over',
    [live, ...frames(0, 960, 0.9), ...frames(960, 1_088, 0.01), words],
    ['held "Hello." = 1 + ""'],
  ],
  ['a sound without words', [...said, transcript(1, '')], []],
  ['words that could not be recognised', [...said, failed, failed], ['retry-activity', '"" = 1 + ""']],
  [
    'speech with something typed into it',
    [
      live,
      ...frames(0, 960, 0.9),
      { type: 'realtime-text', text: 'and this', at: 970 },
      ...frames(960, 1_600, 0.01),
      transcript(1, 'Look at that'),
    ],
    ['"Look at that and this" = 1 + "and this"'],
  ],
  ['typed text alone', [{ type: 'realtime-text', text: 'Hi' }], ['"Hi"']],
  ['words while somebody speaks', [live, ...frames(0, 960, 0.9), { ...words, toMs: 736 } as Given], []],
])('%s', (_what, events, expected) => {
  expect(run(events)).toEqual(expected)
})

it('a model that does not hear is told the words, and there is nothing to tell where they failed', () => {
  expect(run([...said, transcript(1, 'Hello.')], {})).toEqual(['"Hello."'])
  expect(run([...said, failed, failed], {})).toEqual(['retry-activity', 'apologise'])
})
