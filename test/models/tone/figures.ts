/** From sayings to the figures that are reported of tone. */

import { voiceManner } from '../../../src/audio/index.js'
import { NEW_SPEAKER, readTone, type SpeakerManner, withManner } from '../../../src/core/index.js'
import type { Saying } from './pairs.js'

/** Sentences that a speaker has said before a pair is judged. */
const HEARD_BEFORE = 3

export interface ToneFigures {
  readonly pairs: number
  /** Pairs whose excited saying has the higher arousal. */
  readonly ordered: number
  /** Excited sayings called raised, calm ones called lowered, and the other way round. */
  readonly named: number
  readonly misnamed: number
  readonly usual: number
  /** Usual sayings that were given any mood. */
  readonly falsely: number
}

/** `change` alters what is heard, e.g. as a telephone does. */
export function toneFigures(
  sayings: readonly Saying[],
  {
    knownSpeaker,
    change = (samples) => samples,
  }: { knownSpeaker: boolean; change?: (samples: Float32Array) => Float32Array },
): ToneFigures {
  const figures = { pairs: 0, ordered: 0, named: 0, misnamed: 0, usual: 0, falsely: 0 }
  for (const voice of new Set(sayings.map((saying) => saying.voice))) {
    const own = sayings.filter((saying) => saying.voice === voice)
    const manner = (saying: Saying) => voiceManner(change(saying.samples))
    const usual = own.filter(({ way }) => way === 'usual').map(manner)
    let speaker: SpeakerManner = NEW_SPEAKER
    for (const [index, one] of usual.entries()) {
      const known = knownSpeaker ? speaker : NEW_SPEAKER
      if (index >= (knownSpeaker ? HEARD_BEFORE : 0)) {
        figures.usual++
        const { name } = readTone(one, '', 'en', known)
        if (name !== 'neutral' && name !== 'unknown') figures.falsely++
      }
      speaker = withManner(speaker, one)
    }
    const known = knownSpeaker ? usual.slice(0, HEARD_BEFORE).reduce(withManner, NEW_SPEAKER) : NEW_SPEAKER
    for (const excited of own.filter(({ way }) => way === 'excited')) {
      const calm = own.find(({ way, sentence }) => way === 'calm' && sentence === excited.sentence)
      if (!calm) continue
      const high = readTone(manner(excited), '', 'en', known)
      const low = readTone(manner(calm), '', 'en', known)
      figures.pairs++
      if (high.arousal > low.arousal) figures.ordered++
      for (const [tone, right, wrong] of [
        [high, 'excited', 'calm'],
        [low, 'calm', 'excited'],
      ] as const) {
        if (tone.name === right) figures.named++
        if (tone.name === wrong) figures.misnamed++
      }
    }
  }
  return figures
}
