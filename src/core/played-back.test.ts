/** The microphone hears the model out of the user's loudspeaker. Events in, effects out. */
import { describe, expect, it } from 'vitest'
import {
  CONFIG,
  frames,
  type Given,
  generated,
  merged,
  output,
  play,
  runEvents,
  spoken,
  timeUp,
  transcript,
  wordsOver as words,
} from '../testing/session-table.js'

const answering = [
  ...spoken,
  transcript(1, 'Tell me.'),
  { ...output(2, 'Well, it is long. ', 8_000), at: 2_000 },
]
const over = (events: readonly Given[]) => play([...answering, ...events]).said.slice(5)
const echo = (toMs: number, share: number, levelDb = -40): Given => ({
  type: 'echo',
  at: toMs + 5,
  activity: 3,
  toMs,
  share,
  levelDb,
})
const stopped = ['open 3', 'pause 2']
const interrupted = ['cancel 2', 'interrupted', 'turnComplete']

describe('the model out of the user’s loudspeaker', () => {
  it('is compared with what is played from 0.2 s after its onset on, while it sounds', () => {
    const asked: number[] = []
    const events = [...answering, ...frames(6_000, 6_640, 0.9), ...frames(6_640, 6_800, 0.01)]
    runEvents(events, CONFIG, (effect) => {
      if (effect.type === 'compare-echo') asked.push(effect.toMs)
    })
    expect(asked).toEqual([6_288, 6_480])
  })

  it('goes on at once, and its words are no words of the user', () => {
    const events = merged(
      ...frames(6_000, 7_200, 0.9),
      echo(6_288, 0.9),
      words(6_352, 'Pasamos', 6_570, -0.3),
      timeUp(6_596),
      echo(6_480, 0.8),
      words(6_608, 'Pasamos las entradas', 6_830, -0.2),
      timeUp(6_896),
    )
    expect(over(events)).toEqual([...stopped, 'go on 2'])
  })

  it('may be unlike itself for a soft moment, but no longer', () => {
    const heard = [...frames(6_000, 7_200, 0.9), echo(6_288, 0.9), echo(6_480, 0.2, -45)]
    expect(over(merged(...heard, echo(6_672, 0.9), echo(6_864, 0.1, -45)))).toEqual([...stopped, 'go on 2'])
    expect(over(merged(...heard, echo(6_672, 0.1, -45)))).toEqual([
      ...stopped,
      'go on 2',
      'open 4',
      'pause 2',
    ])
  })

  it('[INT-8] ends where somebody speaks over it as loud, whose words are heard without its own', () => {
    const said = (text: string): Given => ({
      type: 'words',
      at: 6_950,
      activity: 4,
      toMs: 6_736,
      text,
      language: 'en',
      audioMs: 900,
      sureness: -0.2,
    })
    const heard = merged(...frames(6_000, 7_200, 0.9), echo(6_288, 0.9), echo(6_480, 0.2))
    const over4 = [...stopped, 'go on 2', 'open 4', 'pause 2']
    expect(over(heard)).toEqual(over4)
    expect(over(merged(...heard, said('No, the other one')))).toEqual([...over4, ...interrupted])
    expect(over(merged(...heard, said('Mm-hm'), timeUp(7_000)))).not.toContain('interrupted')
    // What is heard over the model is hardly understood, but somebody speaks: the client stays silent, and a second later it is theirs.
    const times = [6_985, 7_285, 7_585].map((at) => timeUp(at))
    const goesOn = merged(...heard, ...frames(7_200, 8_000, 0.9), said(''), ...times)
    expect(over(goesOn)).toEqual(over4)
    expect(over(merged(...goesOn, timeUp(7_885)))).toEqual([...over4, ...interrupted])
  })

  it('is nothing where it is less than half of what is heard', () => {
    const events = merged(
      ...frames(6_000, 7_200, 0.9),
      echo(6_288, 0.4),
      words(6_352, 'No, the other one', 6_570, -0.2),
    )
    expect(over(events)).toEqual([...stopped, ...interrupted])
  })

  it('[INT-8] is not answered where its last words arrive after it has ended', () => {
    const tail = merged(
      ...frames(9_400, 10_240, 0.9),
      echo(9_688, 0.9),
      { ...generated(2), at: 9_800 },
      { type: 'timer', at: 10_000, timer: 'playout' },
      ...frames(10_240, 11_200, 0.01),
      { ...transcript(3, 'it is long'), at: 11_400 },
    )
    const { said, session } = play([...answering, ...tail])
    expect(said).toContain('turnComplete')
    expect(said.filter((word) => /^(?:heard|answer|think)/.test(word))).toEqual([
      'heard "Tell me."',
      'answer 2: u:Tell me.',
    ])
    expect(session.turn).toBeUndefined()
  })

  it('of what goes on after it has ended, and is something else, makes a turn as any', () => {
    const events = merged(
      ...frames(9_400, 11_200, 0.9),
      echo(9_688, 0.9),
      { ...generated(2), at: 9_800 },
      { type: 'timer', at: 10_000, timer: 'playout' },
      echo(10_264, 0.2),
      echo(10_456, 0.1),
      ...frames(11_200, 12_000, 0.01),
      words(11_264, 'And the other one?', 11_500),
    )
    expect(play([...answering, ...events]).said).toContain('heard "And the other one?"')
  })
})
