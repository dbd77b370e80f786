/** Voices in the background: they hold no turn open, and a speaker who grows softer is no background. */
import { describe, expect, it } from 'vitest'
import { frames, type Given, live, play as playFixed } from '../testing/session-table.js'
import { floorSettings } from './config.js'

const play = (events: readonly Given[]) => playFixed(events, { floor: floorSettings({ automatic: true }) })

const CLOSE_DB = -20
const TELEVISION_DB = -40

/** `toMs`: a little behind the last frame that was near. */
const words = (toMs: number): Given => ({
  type: 'words',
  at: 1_536,
  activity: 1,
  toMs,
  text: 'Hello?',
  language: 'en',
  audioMs: 1_000,
})

describe('a television that talks on after the user', () => {
  const speech = [live, ...frames(0, 960, 0.9, CLOSE_DB)]

  it('does not hold the turn open: half a second later its end is looked at', () => {
    const { said } = play([...speech, ...frames(960, 1_504, 0.9, TELEVISION_DB), words(1_088)])
    expect(said.filter((effect) => !effect.startsWith('partial'))).toEqual([
      'open 1',
      'settle 1',
      'finish 1',
      'heard "Hello?"',
      'answer 2: u:Hello?',
    ])
  })

  it('is silence to a client that has fixed how much of it ends a turn', () => {
    const { said } = playFixed([...speech, ...frames(960, 1_504, 0.9, TELEVISION_DB)])
    expect(said).toEqual(['open 1', 'close 1'])
  })

  it('is not heard as the user going on', () => {
    const { said } = play([
      ...speech,
      ...frames(960, 1_152, 0.01, -70),
      ...frames(1_152, 4_000, 0.9, TELEVISION_DB),
    ])
    const from = said.indexOf('settle 1')
    expect(said.filter((effect) => effect === 'resume 1')).toHaveLength(1)
    expect(said.slice(from)).toContain('close 1')
  })

  it('does not keep the user from going on', () => {
    const { said } = play([
      ...speech,
      ...frames(960, 1_504, 0.9, TELEVISION_DB),
      ...frames(1_504, 1_600, 0.9, CLOSE_DB),
    ])
    expect(said).toEqual(['open 1', 'settle 1', 'resume 1'])
  })
})

it.each([
  ['ends where its level falls silent, though the detector rings on', -66, ['open 1', 'settle 1', 'close 1']],
  ['goes on where the level leaves doubt', -64, ['open 1', 'settle 1']],
])('speech %s', (_, levelDb, said) => {
  const floor = floorSettings({ automatic: true, silenceDurationMs: 320 })
  const rings = [
    live,
    ...frames(0, 960, 0.9, CLOSE_DB),
    ...frames(960, 1_056, 0.9, levelDb),
    ...frames(1_056, 1_280, 0.01, -70),
  ]
  expect(playFixed(rings, { floor }).said).toEqual(said)
})

it.each([
  ['softer by less than 18 dB, for long', frames(960, 3_008, 0.9, CLOSE_DB - 17)],
  ['far softer for less than half a second', frames(960, 1_440, 0.9, TELEVISION_DB)],
  ['of unknown level', frames(960, 3_008, 0.9)],
])('speech that goes on %s is the user’s own', (_, softer) => {
  expect(play([live, ...frames(0, 960, 0.9, CLOSE_DB), ...softer]).said).toEqual(['open 1'])
})
