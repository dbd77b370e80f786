/**
 * Several voices as one: the first speaks its own languages, each other one, loaded when it is first needed, those that none before it speaks. For
 * light voices of few languages beside a fuller one that has many. It knows none of them.
 */
import type { Synthesizer } from '../engine/index.js'

export interface OtherVoice {
  /** Primary subtags. */
  readonly languages: readonly string[]
  /** Called at most once until it fails; its failure is that of the call, and the next one tries again. */
  readonly load: () => Promise<Synthesizer>
}

/** What none of them speaks is left to the first. */
export function byLanguage(first: Synthesizer, others: readonly OtherVoice[]): Synthesizer {
  const loaded = new Map<OtherVoice, Promise<Synthesizer>>()

  function load(voice: OtherVoice): Promise<Synthesizer> {
    const known = loaded.get(voice)
    if (known) return known
    const loading = voice.load()
    loading.catch(() => loaded.delete(voice))
    loaded.set(voice, loading)
    return loading
  }

  async function voiceFor(language: string): Promise<Synthesizer> {
    const { languages } = first.info
    if (languages.length === 0 || languages.includes(language)) return first
    const other = others.find((voice) => voice.languages.includes(language))
    return other ? load(other) : first
  }

  return {
    info: {
      ...first.info,
      languages: [...new Set([...first.info.languages, ...others.flatMap(({ languages }) => languages)])],
    },
    async *speak(text, voice, signal) {
      const language = voice.language?.split('-')[0]?.toLowerCase() ?? 'en'
      yield* (await voiceFor(language)).speak(text, voice, signal)
    },
  }
}
