/** Turns with a pause for thought in them, and whole ones, as sounds of a list. */
import type { Half, ListedSound } from './sound-list.js'

export interface Thoughts {
  readonly half: Half
  readonly language: 'en' | 'es'
  readonly voices: readonly string[]
  /** `first` ends with a comma, so that its melody goes on. */
  readonly paused: readonly (readonly [first: string, then: string])[]
  readonly finished: readonly string[]
}

/** Voices take turns. */
export function pausesFrom({ half, language, voices, paused, finished }: Thoughts): ListedSound[] {
  const named = (kind: string, index: number) =>
    `${half}-${language}-${kind}-${String(index + 1).padStart(2, '0')}`
  const voiceOf = (index: number) => ({ voice: voices[index % voices.length]!, half, language })
  return [
    ...paused.flatMap(([first, then], index): ListedSound[] => {
      const id = named('unfinished', index)
      const of = voiceOf(index)
      return [
        { id, kind: 'unfinished', text: first, continuedBy: `${id}-then`, ...of },
        { id: `${id}-then`, kind: 'continuation', text: then, ...of },
      ]
    }),
    ...finished.map(
      (text, index): ListedSound => ({
        id: named('finished', index),
        kind: 'finished',
        text,
        ...voiceOf(index),
      }),
    ),
  ]
}
