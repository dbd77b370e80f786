/**
 * Two voices as one: the first speaks its own languages, the second, loaded when it is first needed, all others. For a light voice that has
 * one language beside a fuller one that has many. It knows neither.
 */
import type { Synthesizer } from '../engine/index.js'

/** `loadOther` is called at most once until it fails; its failure is that of the call, and the next one tries again. */
export function byLanguage(first: Synthesizer, loadOther: () => Promise<Synthesizer>): Synthesizer {
  let other: Promise<Synthesizer> | undefined

  function others(): Promise<Synthesizer> {
    if (!other) {
      other = loadOther()
      other.catch(() => {
        other = undefined
      })
    }
    return other
  }

  return {
    info: first.info,
    async *speak(text, voice, signal) {
      const language = voice.language?.split('-')[0]?.toLowerCase() ?? 'en'
      const { languages } = first.info
      const own = languages.length === 0 || languages.includes(language)
      yield* (own ? first : await others()).speak(text, voice, signal)
    },
  }
}
