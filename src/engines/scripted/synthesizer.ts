/**
 * "Speaks" a tone for each word: its pitch comes from the word, shifted by the voice's name. Deterministic, so that
 * the same text gives the same bytes everywhere.
 */
import { SPEECH_OUTPUT_HZ, type Synthesizer, type VoiceOptions } from '../../engine/index.js'
import { failureError, type Rules } from './rules.js'
import { type ScriptedClock, wait } from './wait.js'

const TONE_MS = 200
const GAP_MS = 50
/** Pauses at the end, as the contract of `Synthesizer.speak` asks. */
const CLAUSE_PAUSE_MS = 100
const SENTENCE_PAUSE_MS = 250
/** Peak level −12 dBFS: clearly audible, well away from clipping. */
const AMPLITUDE = 0.25
/** Fades the tone in and out, without which each one would click. */
const FADE_MS = 10

/** Words as people count them; where a script writes none apart (Chinese, Japanese, Thai), characters. */
const WORDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu
const SENTENCE_END = /[.!?…。！？][^\p{L}\p{N}]*$/u

/** Words come again; making a tone takes 0.3 ms, and a clause of them at once would hold up every other session. */
const KEPT_TONES = 512

export function createScriptedSynthesizer(rules: Rules, clock: ScriptedClock): Synthesizer {
  const tones = new Map<string, Float32Array>()
  const toneFor = (word: string, pauseMs: number, voice: VoiceOptions): Float32Array => {
    const key = `${word} ${pauseMs} ${voice.name ?? ''} ${voice.speed ?? 1}`
    const known = tones.get(key)
    if (known) return known
    if (tones.size >= KEPT_TONES) tones.clear()
    const made = tone(word, pauseMs, voice)
    tones.set(key, made)
    return made
  }
  return {
    info: {
      id: 'scripted',
      kind: 'tts',
      languages: [],
      description: 'Plays a tone of 0.2 s for each word.',
    },
    async *speak(text, voice, signal) {
      signal.throwIfAborted()
      const words = text.match(WORDS) ?? []
      if (words.length === 0) return
      const occasion = rules.occasionOf(text)
      const failure = rules.takeFailure('tts', occasion)
      await wait(clock, rules.delayMs('firstAudio', occasion), signal)
      if (failure !== undefined) throw failureError(failure)
      const endPauseMs = SENTENCE_END.test(text) ? SENTENCE_PAUSE_MS : CLAUSE_PAUSE_MS
      for (const [index, word] of words.entries()) {
        signal.throwIfAborted()
        yield toneFor(word, index === words.length - 1 ? endPauseMs : GAP_MS, voice)
      }
    },
  }
}

function tone(word: string, pauseMs: number, voice: VoiceOptions): Float32Array {
  const speed = Math.max(0.5, Math.min(2, voice.speed ?? 1))
  const toneSamples = samplesOf(TONE_MS / speed)
  const output = new Float32Array(toneSamples + samplesOf(pauseMs / speed))
  const radiansPerSample = (2 * Math.PI * pitchHz(word, voice.name)) / SPEECH_OUTPUT_HZ
  const fadeSamples = samplesOf(FADE_MS)
  for (let index = 0; index < toneSamples; index++) {
    const fade = Math.min(1, (index + 1) / fadeSamples, (toneSamples - index) / fadeSamples)
    output[index] = AMPLITUDE * fade * Math.sin(radiansPerSample * index)
  }
  return output
}

/** One of 25 semitones from 220 to 880 Hz by the word, moved by up to ±3 quarter-tone steps by the voice. */
function pitchHz(word: string, voiceName: string | undefined): number {
  const semitones = textHash(word.toLowerCase()) % 25
  const voiceSteps = voiceName === undefined ? 0 : (textHash(voiceName.toLowerCase()) % 7) - 3
  return 220 * 2 ** (semitones / 12 + voiceSteps / 24)
}

/** FNV-1a, 32 bits. */
function textHash(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

function samplesOf(ms: number): number {
  return Math.round((ms * SPEECH_OUTPUT_HZ) / 1000)
}
