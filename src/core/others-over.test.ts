/** Somebody else is heard over the model: a television, people in the room, a second user. Events in, effects out. */
import { describe, expect, it } from 'vitest'
import {
  ask,
  frames,
  type Given,
  live,
  merged,
  output,
  play,
  timeUp,
  transcript,
  wordsOver as words,
} from '../testing/session-table.js'

describe('speech over the model', () => {
  describe('from afar', () => {
    const USER_DB = -15
    const TELEVISION_DB = -33
    const asked = [
      live,
      ...frames(0, 960, 0.9, USER_DB),
      ...frames(960, 1_600, 0.01, -70),
      transcript(1, 'Tell me.'),
      { ...output(2, 'Well, it is long. ', 8_000), at: 2_000 },
    ]
    const heardOver = (events: readonly Given[]) => play([...asked, ...events]).said.slice(5)
    const television = merged(
      ...frames(6_000, 6_992, 0.9, TELEVISION_DB),
      words(6_352, 'The minister said', 6_570),
      timeUp(6_596),
    )

    it('[INT-7] ends nothing, whatever it says', () => {
      expect(heardOver(television)).toEqual(['open 3', 'pause 2', 'go on 2'])
      const unheard = [...frames(6_000, 6_700, 0.9, TELEVISION_DB), timeUp(6_596)]
      expect(heardOver(merged(...unheard))).toEqual(['open 3', 'pause 2', 'go on 2'])
      const over = [...television, ...frames(6_992, 7_600, 0.01, -70), transcript(3, 'The minister said no.')]
      expect(heardOver(over)).toEqual(['open 3', 'pause 2', 'go on 2', 'settle 3', 'close 3'])
    })

    it('does not keep the user from interrupting: a voice nearby is suspected anew', () => {
      const user = merged(
        ...frames(6_992, 7_500, 0.9, USER_DB - 6),
        words(7_280, 'The minister said wait', 7_480),
      )
      expect(heardOver([...television, ...user])).toEqual([
        'open 3',
        'pause 2',
        'go on 2',
        'pause 2',
        'cancel 2',
        'interrupted',
        'turnComplete',
      ])
    })

    it('is not known where nobody has spoken yet', () => {
      const typed = [
        live,
        ask('Tell me.'),
        { ...output(1, 'Well, it is long. ', 8_000), at: 2_000 },
        ...frames(6_000, 6_480, 0.9, TELEVISION_DB),
        { ...words(6_352, 'Wait, stop', 6_500), activity: 2 } as Given,
      ]
      expect(play(typed).said).toContain('interrupted')
    })
  })

  describe('softer than the user was', () => {
    const USER_DB = -15
    const SOFTER_DB = -25
    const tellsVoices = { comparesVoices: true }
    const asked = [
      live,
      ...frames(0, 2_080, 0.9, USER_DB),
      ...frames(2_080, 2_720, 0.01, -70),
      transcript(1, 'Tell me.'),
      { ...output(2, 'Well, it is long. ', 8_000), at: 3_000 },
    ]
    const voice = (at: number, likeness: number): Given => ({
      type: 'voice',
      at,
      activity: 3,
      speechMs: 800,
      likeness,
    })
    const said = (events: readonly Given[], levelDb = SOFTER_DB) =>
      play([...asked, ...merged(...frames(6_000, 7_500, 0.9, levelDb), ...events)], tellsVoices).said.slice(5)
    const heard = words(6_352, 'The minister said', 6_570)
    const goesOn = ['open 3', 'pause 2', 'go on 2']
    const ends = ['open 3', 'pause 2', 'cancel 2', 'interrupted', 'turnComplete']

    it('[INT-7] ends nothing in a voice that is plainly another’s, and the voice is waited for', () => {
      expect(said([heard, timeUp(6_596)])).toEqual(['open 3', 'pause 2'])
      expect(
        said([heard, timeUp(6_596), voice(6_800, 0.4), words(7_200, 'The minister said no', 7_400)]),
      ).toEqual(goesOn)
    })

    it('ends it where it began over the model’s own sound: mixed with that a voice is like nobody’s', () => {
      const echo = (toMs: number, share: number): Given => ({
        type: 'echo',
        at: toMs + 5,
        activity: 3,
        toMs,
        share,
        levelDb: SOFTER_DB,
      })
      const mixed = [echo(6_288, 0.9), echo(6_480, 0.2)]
      const theirs = [voice(6_800, 0.4), words(6_736, 'The other one', 6_950, -0.2)].map(
        (event) => ({ ...event, activity: 4 }) as Given,
      )
      expect(said([...mixed, ...theirs])).toEqual([
        'open 3',
        'pause 2',
        'go on 2',
        'open 4',
        'pause 2',
        ...ends.slice(2),
      ])
    })

    it('ends it in what may be the user’s behind an echo canceller, unless it is much softer', () => {
      const alike = [heard, timeUp(6_596), voice(6_800, 0.58)]
      expect(said(alike)).toEqual(ends)
      expect(said(alike, USER_DB - 14)).toEqual(goesOn)
    })

    it('ends the answer in the user’s voice, as soon as that is known', () => {
      expect(said([heard, timeUp(6_596), voice(6_800, 0.75)])).toEqual(ends)
    })

    it('ends it where the voice is not known in time, or the words are over before', () => {
      expect(said([heard, timeUp(6_596), timeUp(6_896)])).toEqual(ends)
      const short = [...frames(6_000, 6_512, 0.9, SOFTER_DB), ...frames(6_512, 6_600, 0.01, -70)]
      const over = merged(...short, words(6_576, 'Wait a second', 6_790))
      expect(play([...asked, ...over], tellsVoices).said.slice(5)).toEqual([
        'open 3',
        'pause 2',
        'settle 3',
        'cancel 2',
        'interrupted',
        'turnComplete',
        'think 4: u:Tell me. | m:Well, it is | u:Wait a second',
      ])
    })

    it('is heard where it is an order that was understood, whoever gives it', () => {
      expect(said([words(6_352, 'Stop', 6_570, -0.5)])).toEqual(ends)
      expect(said([words(6_352, 'No', 6_570, -0.95), timeUp(6_596)])).toEqual(['open 3', 'pause 2'])
    })

    it('waits for the voice where it begins like an order and goes on', () => {
      const begun = [words(6_352, 'No', 6_570, -0.2), words(6_608, 'No se pierda', 6_790, -0.2)]
      expect(said([...begun, timeUp(6_596)])).toEqual(['open 3', 'pause 2'])
      expect(said([...begun, timeUp(6_596), voice(6_800, 0.4)])).toEqual(goesOn)
      expect(said([...begun, timeUp(6_596), voice(6_800, 0.75)])).toEqual(ends)
      const wait = [words(6_608, 'Wait a second', 6_790, -0.2), voice(6_800, 0.4)]
      expect(said([...wait, words(6_864, 'Wait a second', 7_080, -0.2)])).toEqual(goesOn)
      const short = merged(
        ...frames(6_000, 6_384, 0.9, SOFTER_DB),
        words(6_352, 'No', 6_570, -0.2),
        ...frames(6_384, 6_640, 0.01, -70),
        timeUp(6_596),
        words(6_448, 'No.', 6_650, -0.2),
      )
      const stopped = ['open 3', 'pause 2', 'settle 3', ...ends.slice(2, 4)]
      expect(play([...asked, ...short], tellsVoices).said.slice(5, 10)).toEqual(stopped)
      // What was understood and waited for its voice is not taken back by a worse guess.
      const worse = [...short.slice(0, -1), words(6_448, 'Puedes.', 6_650, -1)]
      expect(play([...asked, ...worse], tellsVoices).said.slice(5, 10)).toEqual(stopped)
    })

    it('is another user’s where it is as loud: somebody else may interrupt too', () => {
      expect(said([heard, voice(6_800, 0.4)], USER_DB - 5)).toEqual(ends)
    })

    it('does not keep the user from interrupting over it', () => {
      const near = [...frames(7_520, 8_000, 0.9, USER_DB), words(7_900, 'The minister said no, wait', 8_100)]
      expect(said([heard, timeUp(6_596), voice(6_800, 0.4), ...near])).toEqual([...goesOn, ...ends.slice(1)])
    })
  })
})
