/** What a list of sounds over the model is made of: who says which sentences in which half, and how much comes from random numbers. */
import type { Half, ListedSound, SoundKind } from './sound-list.js'

export interface Spoken {
  readonly half: Half
  readonly language: 'en' | 'es'
  /** Who speaks over the model; whoever asks asks in the same voice. */
  readonly users: readonly string[]
  readonly model: string
  /** Of those on the television and in the crowd. */
  readonly others: readonly string[]
  /** How many voices say each of `bargeIns` and `backchannels`. */
  readonly takes: readonly [bargeIns: number, backchannels: number]
  readonly bargeIns: readonly string[]
  readonly backchannels: readonly string[]
  readonly finished: readonly string[]
  /** What the model says meanwhile. */
  readonly answer: readonly string[]
  /** What is said on the television. */
  readonly broadcast: readonly string[]
}

/** A sound from random numbers of each half: how many, and the seed of the first. */
type Seeded = readonly (readonly [SoundKind, report: number, tune: number, firstSeed: number])[]
/** Of the televisions so many speak Spanish to who speaks Spanish. */
const SPANISH_SHARE = 0.25

export const listed = (spoken: readonly Spoken[], sounds: Seeded): readonly ListedSound[] => [
  ...spoken.flatMap(said),
  ...seeded(sounds),
]

/** Every list has as many of each but televisions, from seeds of its own. */
export const soundsFrom = (firstSeed: number, reportTelevisions: number): Seeded => [
  ['cough', 8, 4, firstSeed],
  ['keyboard', 4, 2, firstSeed + 100],
  ['noise', 4, 2, firstSeed + 200],
  ['music', 4, 2, firstSeed + 300],
  ['babble', 8, 6, firstSeed + 400],
  ['tv', reportTelevisions, 8, firstSeed + 500],
]

function said({ half, language, users, takes, ...texts }: Spoken): ListedSound[] {
  const of = (
    kind: SoundKind,
    list: readonly string[],
    count: number,
    voices: readonly string[],
  ): ListedSound[] =>
    list.flatMap((text, index) =>
      Array.from({ length: count }, (_, take) => ({
        id: `${half}-${language}-${kind}-${String(index + 1).padStart(2, '0')}-${take + 1}`,
        kind,
        half,
        language,
        text,
        // Step by step through the voices, so that every one says every kind of thing.
        voice: voices[(index * count + take) % voices.length]!,
      })),
    )
  return [
    // Before what is made of them.
    ...of('broadcast', texts.broadcast, 1, texts.others),
    ...of('barge-in', texts.bargeIns, takes[0], users),
    ...of('backchannel', texts.backchannels, takes[1], users),
    ...users.flatMap((voice, index) =>
      of('finished', [texts.finished[index % texts.finished.length]!], 1, [voice]).map((sound) => ({
        ...sound,
        id: `${sound.id}-${voice}`,
      })),
    ),
    ...of('continuation', texts.answer, 1, [texts.model]),
  ]
}

function seeded(sounds: Seeded): ListedSound[] {
  return sounds.flatMap(([kind, report, tune, firstSeed]) =>
    (['report', 'tune'] as const).flatMap((half) =>
      Array.from({ length: half === 'report' ? report : tune }, (_, index) => ({
        id: `${half}-${kind}-${String(index + 1).padStart(2, '0')}`,
        kind,
        half,
        language: kind === 'tv' && index < SPANISH_SHARE * (half === 'report' ? report : tune) ? 'es' : 'en',
        seed: firstSeed + (half === 'report' ? 0 : 50) + index,
      })),
    ),
  )
}
