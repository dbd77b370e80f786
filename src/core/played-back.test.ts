/** The microphone hears the model out of the user's loudspeaker. Events in, effects out. */
import { describe, expect, it } from 'vitest'
import {
  answering,
  CONFIG,
  echoOver as echo,
  frames,
  type Given,
  generated,
  merged,
  overAnswer as over,
  play,
  runEvents,
  timeUp,
  transcript,
  wordsOver as words,
} from '../testing/session-table.js'

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

  it('asks for no words, and is over without them', () => {
    const asked: string[] = []
    const heard = [...frames(6_000, 7_600, 0.9), echo(6_288, 0.9), ...frames(7_600, 8_400, 0.01)]
    runEvents([...answering, ...merged(...heard)], CONFIG, (effect) => {
      if (/words|activity/.test(effect.type)) asked.push(effect.type)
    })
    expect(asked.slice(-2)).toEqual(['open-activity', 'drop-activity'])
  })

  it('[INT-8] is no turn where its last words arrive after it has ended, wherever they begin', () => {
    const ending = [
      { ...generated(2), at: 9_800 },
      { type: 'timer', at: 10_000, timer: 'playout' },
    ] satisfies Given[]
    for (const fromMs of [9_400, 9_856, 10_112]) {
      const tail = merged(
        ...frames(9_088, fromMs, 0.01),
        ...frames(fromMs, 10_592, 0.9),
        ...ending,
        echo(fromMs + 288, 0.9),
        ...frames(10_592, 12_000, 0.01),
        { ...transcript(3, 'it is long'), at: 12_100 },
      )
      const { said, session } = play([...answering, ...tail])
      expect(said).toContain('turnComplete')
      expect(said.filter((word) => /^(?:heard|answer|think)/.test(word))).toEqual([
        'heard "Tell me."',
        'answer 2: u:Tell me.',
      ])
      expect(session.turn?.parts ?? []).toEqual([])
    }
  })

  it('[INT-8] is not in front of what the user answers', () => {
    const events = merged(
      ...frames(9_400, 10_112, 0.9),
      echo(9_688, 0.9),
      echo(9_880, 0.9),
      { ...generated(2), at: 9_800 },
      { type: 'timer', at: 10_000, timer: 'playout' },
      ...frames(10_112, 11_200, 0.9),
      echo(10_264, 0.2),
      ...frames(11_200, 12_000, 0.01),
      { ...transcript(4, 'And the other one?'), at: 12_100 },
    )
    const { said } = play([...answering, ...events])
    expect(said).toContain('heard "And the other one?"')
    expect(said.at(-1)).toMatch(/^(?:answer|think).*u:And the other one\?$/)
    const begun: number[] = []
    runEvents([...answering, ...events], CONFIG, (effect) => {
      if (effect.type === 'open-activity' && effect.activity === 4) begun.push(effect.fromMs)
    })
    // Where it was last known to be the model, less the look-back.
    expect(begun).toEqual([9_780])
  })

  it('that is heard behind an order takes nothing back', () => {
    const order = (activity: number, toMs: number): Given => ({
      type: 'words',
      at: toMs + 200,
      activity,
      toMs,
      text: 'Stop.',
      language: 'en',
      audioMs: 560,
      sureness: -0.2,
    })
    // Nothing is sent any more, but what had left is heard for a while.
    const first = merged(...frames(6_000, 7_200, 0.9), echo(6_288, 0.2), echo(6_480, 0.7), order(3, 6_352))
    expect(over(first)).toEqual([...stopped, ...interrupted])
    const known = [echo(6_288, 0.9), echo(6_480, 0.2), { ...echo(6_700, 0.7), activity: 4 }]
    const second = merged(...frames(6_000, 7_200, 0.9), ...known, order(4, 6_640))
    expect(over(second)).toEqual([...stopped, 'go on 2', 'open 4', 'pause 2', ...interrupted])
  })

  it('is no turn either where nothing may interrupt it', () => {
    const events = merged(
      ...frames(6_000, 7_200, 0.9),
      echo(6_288, 0.9),
      ...frames(7_200, 8_400, 0.01),
      { ...generated(2), at: 9_800 },
      { type: 'timer', at: 10_000, timer: 'playout' },
    )
    const { said, session } = play([...answering, ...events], { interruptible: false })
    expect(said.filter((word) => /^(?:heard|answer|think)/.test(word))).toHaveLength(2)
    expect(session.turn?.parts ?? []).toEqual([])
  })
})
