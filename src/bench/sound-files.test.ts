import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeWav } from '../audio/index.js'
import { INTERRUPTION_LIST } from './interruption-list.js'
import { SECOND_INTERRUPTION_LIST } from './interruption-list-2.js'
import { THIRD_INTERRUPTION_LIST } from './interruption-list-3.js'
import { FOURTH_INTERRUPTION_LIST } from './interruption-list-4.js'
import { FIFTH_INTERRUPTION_LIST } from './interruption-list-5.js'
import { SIXTH_INTERRUPTION_LIST } from './interruption-list-6.js'
import { SEVENTH_INTERRUPTION_LIST } from './interruption-list-7.js'
import { PAUSE_LIST } from './pause-list.js'
import { SECOND_PAUSE_LIST } from './pause-list-2.js'
import { openSoundSet } from './sound-files.js'
import { type Half, type ListedSound, SOUND_LIST } from './sound-list.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vivavoce-sounds-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const entry = { real: true, source: 'me', licence: 'CC0-1.0', half: 'report' }
const manifest = (sounds: object[]) =>
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: 'mine', sounds }))

test('a folder of recordings with a manifest is a set; onset and end of each are found', () => {
  const samples = new Float32Array(16_000)
  samples.fill(0.3, 4_000, 12_000)
  writeFileSync(join(folder, 'a.wav'), writeWav(samples, 16_000))
  manifest([
    { ...entry, file: 'a.wav', kind: 'cough' },
    { ...entry, file: 'b.wav', kind: 'cough', half: 'tune' },
  ])
  const [sound, ...others] = openSoundSet(folder).ofKind('cough', 'report')
  expect(others).toEqual([])
  expect(sound!.onsetMs).toBeCloseTo(250, 0)
  expect(sound!.speechEndMs).toBeCloseTo(750, -1)
  expect(() => openSoundSet(folder).find('c.wav')).toThrow('c.wav')
})

test('a manifest that is wrong says where', () => {
  manifest([{ ...entry, file: 'a.wav', kind: 'sneeze' }])
  expect(() => openSoundSet(folder)).toThrow(/manifest\.json.*kind/s)
  expect(() => openSoundSet(join(folder, 'nowhere'))).toThrow('nowhere')
})

test('the list is frozen, in two halves that share no sentence', () => {
  const ids = SOUND_LIST.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { continuedBy } of SOUND_LIST) if (continuedBy) expect(ids).toContain(continuedBy)
  const texts = (half: string) =>
    SOUND_LIST.filter((sound) => sound.half === half).flatMap(({ text }) => text ?? [])
  expect(texts('tune').filter((text) => texts('report').includes(text))).toEqual([])
  // A change of the list is a new version: this figure moves with it.
  expect(JSON.stringify(SOUND_LIST).length).toMatchInlineSnapshot(`27324`)
})

test('the list of what is said over the model is frozen, in two halves that share no sentence or voice but the few that there are', () => {
  expect(new Set(INTERRUPTION_LIST.map(({ id }) => id)).size).toBe(INTERRUPTION_LIST.length)
  const inBoth = (of: (sound: (typeof INTERRUPTION_LIST)[number]) => string | number | undefined) => {
    const half = (name: string) =>
      new Set(INTERRUPTION_LIST.filter((sound) => sound.half === name).flatMap((sound) => of(sound) ?? []))
    const report = half('report')
    return [...half('tune')].filter((each) => report.has(each))
  }
  const words = ({ kind, text }: { kind: string; text?: string }) =>
    kind === 'backchannel' ? undefined : text
  expect(inBoth(words)).toEqual([])
  expect(inBoth(({ seed }) => seed)).toEqual([])
  expect(inBoth(({ voice }) => voice).sort()).toEqual(['ef_dora', 'em_alex'])
  expect(JSON.stringify(INTERRUPTION_LIST).length).toMatchInlineSnapshot(`43893`)
})

test('the list after it is frozen: the same words in the same voice are in one half only, and in no other report half', () => {
  expect(new Set(SECOND_INTERRUPTION_LIST.map(({ id }) => id)).size).toBe(SECOND_INTERRUPTION_LIST.length)
  const said = (list: typeof SECOND_INTERRUPTION_LIST, half: string) =>
    list.flatMap((sound) => (sound.half === half && sound.text ? `${sound.voice}: ${sound.text}` : []))
  const report = said(SECOND_INTERRUPTION_LIST, 'report')
  const others = [
    ...said(SECOND_INTERRUPTION_LIST, 'tune'),
    ...[...SOUND_LIST, ...INTERRUPTION_LIST].flatMap(({ voice, text }) => `${voice}: ${text}`),
  ]
  expect(report.filter((each) => others.includes(each))).toEqual([])
  const seeds = [...SOUND_LIST, ...INTERRUPTION_LIST].flatMap(({ seed }) => seed ?? [])
  expect(SECOND_INTERRUPTION_LIST.filter(({ seed }) => seed !== undefined && seeds.includes(seed))).toEqual(
    [],
  )
  expect(JSON.stringify(SECOND_INTERRUPTION_LIST).length).toMatchInlineSnapshot(`35184`)
})

const BEFORE_THIRD = [...SOUND_LIST, ...INTERRUPTION_LIST, ...SECOND_INTERRUPTION_LIST, ...PAUSE_LIST]

/** What is said so often that the report half of the fifth has it although lists before it do. */
const FREQUENT = ['para', 'espera', 'sí', 'vale', 'ajá', 'ya', 'claro', 'mhm']
  .concat(['stop', 'wait', 'yeah', 'mm hm', 'uh huh', 'right', 'okay'])
  .sort()

const FREQUENT_IN_SEVENTH = [
  'claro',
  'cuál',
  'espera',
  'just give me the short version',
  'mhm',
  'mm hm',
  'okay',
  'para',
  'right',
  'stop',
  'sí',
  'sí sí',
  'uh huh',
  'vale',
  'wait',
  'ya',
  'yeah',
]
const FREQUENT_IN_SIXTH = [
  'ajá',
  'ajá ajá',
  'ajá sí',
  'claro',
  'espérate',
  'hold it',
  'mm',
  'mm hmm',
  'no not that one',
  'okay',
  'okay okay',
  'right',
  'right okay',
  'sí',
  'sí sí',
  'uh huh',
  'uh huh uh huh',
  'vale',
  'ya',
  'ya ya',
  'yeah',
  'yeah okay',
  'yeah yeah',
]

// The figure of each moves with a change of the list, which is a new version.
test.each([
  { name: 'third', list: THIRD_INTERRUPTION_LIST, earlier: BEFORE_THIRD, again: [], length: 45_115 },
  {
    name: 'fourth',
    list: FOURTH_INTERRUPTION_LIST,
    earlier: [...BEFORE_THIRD, ...THIRD_INTERRUPTION_LIST],
    again: [],
    length: 44_496,
  },
  {
    name: 'fifth',
    list: FIFTH_INTERRUPTION_LIST,
    earlier: [...BEFORE_THIRD, ...THIRD_INTERRUPTION_LIST, ...FOURTH_INTERRUPTION_LIST],
    again: FREQUENT,
    length: 45_536,
  },
  {
    name: 'sixth',
    list: SIXTH_INTERRUPTION_LIST,
    earlier: [
      ...BEFORE_THIRD,
      ...THIRD_INTERRUPTION_LIST,
      ...FOURTH_INTERRUPTION_LIST,
      ...FIFTH_INTERRUPTION_LIST,
    ],
    again: FREQUENT_IN_SIXTH,
    length: 39_081,
  },
  {
    name: 'seventh',
    list: SEVENTH_INTERRUPTION_LIST,
    earlier: [
      ...BEFORE_THIRD,
      ...THIRD_INTERRUPTION_LIST,
      ...FOURTH_INTERRUPTION_LIST,
      ...FIFTH_INTERRUPTION_LIST,
      ...SIXTH_INTERRUPTION_LIST,
    ],
    again: FREQUENT_IN_SEVENTH,
    length: 39_704,
  },
  {
    name: 'second with pauses',
    list: SECOND_PAUSE_LIST,
    earlier: [...BEFORE_THIRD],
    again: ['really', 'stop', 'which one is cheaper'],
    length: 33_052,
  },
])(
  'the list that is $name is frozen: no sentence is in both halves or in a list before it but frequent ones, and English voices over the model are of one half',
  ({ list, earlier, again, length }) => {
    expect(new Set(list.map(({ id }) => id)).size).toBe(list.length)
    const words = (text: string) =>
      text
        .toLowerCase()
        .match(/[\p{L}\p{N}']+/gu)
        ?.join(' ')
    const said = (sounds: readonly ListedSound[]) => sounds.flatMap(({ text }) => (text ? words(text) : []))
    const half = (name: Half) => list.filter((sound) => sound.half === name)
    const others = new Set([...said(earlier), ...said(half('tune'))])
    expect(
      said(half('report'))
        .filter((text) => others.has(text))
        .sort(),
    ).toEqual(again)
    const before = new Set(said(earlier))
    expect(said(half('tune')).filter((text) => before.has(text))).toEqual([])
    const users = (name: Half) =>
      half(name).flatMap(({ kind, language, voice }) =>
        (kind === 'barge-in' || kind === 'backchannel') && language === 'en' ? voice : [],
      )
    expect(users('tune').filter((voice) => users('report').includes(voice))).toEqual([])
    const seeds = new Set(earlier.flatMap(({ seed }) => seed ?? []))
    expect(list.filter(({ seed }) => seed !== undefined && seeds.has(seed))).toEqual([])
    expect(JSON.stringify(list).length).toBe(length)
  },
)
