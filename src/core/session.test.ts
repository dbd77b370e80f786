/** The session machine as a table: events in, effects out, read as a transcript. */
import { describe, expect, it } from 'vitest'
import {
  ask,
  CONFIG,
  frames,
  type Given,
  generated,
  live,
  output,
  play,
  spoken,
  transcript,
} from '../testing/session-table.js'
import { floorSettings } from './config.js'
import { openSession, reduce } from './session.js'

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

  it('[INT-4] is answered with what is given meanwhile, where nothing of the answer was sent', () => {
    const seed: Given = { type: 'content', turns: [{ role: 'user', text: 'S' }], turnComplete: false }
    const typed: Given = { type: 'realtime-text', text: 'Q' }
    for (const question of [ask('Q'), typed]) {
      expect(play([question, seed]).said).toEqual(['answer 1: u:Q', 'cancel 1', 'answer 2: u:Q | u:S'])
      const { said } = play([question, output(1, 'A'), seed])
      expect(said).toEqual(['answer 1: u:Q', 'cancel 1', 'interrupted', 'turnComplete'])
    }
  })

  it('[CTX-6] replaces the system instruction by a system turn', () => {
    const { session } = play([
      { type: 'content', turns: [{ role: 'system', text: 'Be brief.' }], turnComplete: false },
    ])
    expect(session.system).toBe('Be brief.')
  })

  it('[INT-5] interrupts what is being said, and only what was heard stays', () => {
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

  it('[RTI-3] is delimited by the client and interrupts', () => {
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

  it('[RTI-12] is ended for the client even when nothing was said', () => {
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
