/** A voice's sample: one sentence in a language, as a sound file. Behind live conversations on the processor. */
import { joinSamples, writeWav } from '../audio/index.js'
import { SPEECH_OUTPUT_HZ, type Synthesizer } from '../engine/index.js'
import { type ComputeGate, PRIORITY } from './compute-gate.js'

export interface VoicePreviews {
  /** Primary subtags of what can be heard. */
  readonly languages: readonly string[]
  /** A WAV file; `language` is a BCP-47 tag. Undefined where there is no sample in that language. Throws what the engine throws. */
  speak(name: string, language: string, signal: AbortSignal): Promise<Uint8Array | undefined>
}

const SENTENCES: Readonly<Record<string, string>> = {
  de: 'Hallo! So klinge ich, wenn wir miteinander sprechen.',
  en: 'Hello! This is how I sound when we talk.',
  es: '¡Hola! Así sueno cuando hablamos.',
  fr: 'Bonjour ! Voici ma voix quand nous parlons.',
  hi: 'नमस्ते! जब हम बात करते हैं तो मेरी आवाज़ ऐसी होती है।',
  it: 'Ciao! Ecco come suono quando parliamo.',
  ja: 'こんにちは。お話しするときは、こんな声です。',
  pt: 'Olá! É assim que eu falo quando conversamos.',
  zh: '你好！我们聊天的时候，我的声音是这样的。',
}

export function createVoicePreviews(tts: Synthesizer, gate: ComputeGate): VoicePreviews {
  const spoken = tts.info.languages
  /** An engine that names no languages speaks whatever it is given. */
  const languages = Object.keys(SENTENCES).filter(
    (language) => spoken.length === 0 || spoken.includes(language),
  )
  return {
    languages,
    async speak(name, language, signal) {
      const primary = language.split('-')[0]?.toLowerCase() ?? ''
      const sentence = languages.includes(primary) ? SENTENCES[primary] : undefined
      if (sentence === undefined) return undefined
      const pieces = await gate.run('tts', PRIORITY.partials, signal, async () => {
        const made: Float32Array[] = []
        for await (const piece of tts.speak(sentence, { name, language }, signal)) made.push(piece)
        return made
      })
      return writeWav(joinSamples(pieces), SPEECH_OUTPUT_HZ)
    },
  }
}
