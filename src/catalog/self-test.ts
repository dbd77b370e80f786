/**
 * Proof that a synthesizer and a recogniser work together on this machine: a known sentence is spoken, its level and
 * length are checked, and it is recognised. Run once on freshly converted weights. Knows neither model.
 */
import { distance } from 'fastest-levenshtein'
import { firstAudibleSample, joinSamples, peak, resample, rms, toDbfs } from '../audio/index.js'
import { type Recognizer, SPEECH_OUTPUT_HZ, type Synthesizer } from '../engine/index.js'

const SENTENCE = 'The quick brown fox jumps over the lazy dog, and the old farmer laughs.'
const RECOGNIZER_HZ = 16_000

/** Broken statistics of a vocoder give near-silence that a recogniser still understands: the level is checked too. */
const MIN_RMS_DBFS = -35
const MIN_SECONDS = 2
const MAX_SECONDS = 9
const MAX_LEAD_MS = 40
/** Of 14 words: two may be wrong. */
const MAX_WORD_ERROR_RATE = 0.15

export interface SelfTestResult {
  readonly transcript: string
  /** 0 … 1 and more */
  readonly wordErrorRate: number
  readonly seconds: number
  readonly rmsDbfs: number
}

/** Throws an `Error` that says what was expected and what came; `EngineError` and the signal's reason pass through. */
export async function synthesisSelfTest(
  synthesizer: Synthesizer,
  recognizer: Recognizer,
  signal: AbortSignal,
): Promise<SelfTestResult> {
  const samples = await speakWhole(synthesizer, signal)
  const seconds = samples.length / SPEECH_OUTPUT_HZ
  const rmsDbfs = toDbfs(rms(samples))
  const leadMs = (firstAudibleSample(samples) * 1000) / SPEECH_OUTPUT_HZ
  const fail = (what: string) => {
    throw new Error(
      `The self-test of ${synthesizer.info.id} failed: ${what}. Its weights may be damaged: run "vivavoce models verify".`,
    )
  }
  if (seconds < MIN_SECONDS || seconds > MAX_SECONDS)
    fail(`the sentence took ${seconds.toFixed(1)} s, not ${MIN_SECONDS}–${MAX_SECONDS} s`)
  if (!(rmsDbfs >= MIN_RMS_DBFS)) fail(`it is too quiet, ${rmsDbfs.toFixed(0)} dBFS`)
  if (!(peak(samples) <= 1)) fail('it clips')
  if (leadMs > MAX_LEAD_MS) fail(`it starts with ${leadMs.toFixed(0)} ms of silence`)

  const recognition = recognizer.open({ signal, language: 'en' })
  try {
    recognition.push(resample(samples, SPEECH_OUTPUT_HZ, RECOGNIZER_HZ))
    const { text } = await recognition.settle()
    const errorRate = wordErrorRate(SENTENCE, text)
    if (errorRate > MAX_WORD_ERROR_RATE)
      fail(`"${SENTENCE}" was recognised by ${recognizer.info.id} as "${text}"`)
    return { transcript: text, wordErrorRate: errorRate, seconds, rmsDbfs }
  } finally {
    recognition.close()
  }
}

async function speakWhole(synthesizer: Synthesizer, signal: AbortSignal): Promise<Float32Array> {
  const pieces: Float32Array[] = []
  for await (const piece of synthesizer.speak(SENTENCE, { language: 'en' }, signal)) pieces.push(piece)
  return joinSamples(pieces)
}

/** Words inserted, left out or changed, per word of the reference; case and punctuation don't count. */
export function wordErrorRate(reference: string, heard: string): number {
  const expected = wordsOf(reference)
  const got = wordsOf(heard)
  // One character per distinct word turns an edit distance of letters into one of words.
  const letters = new Map<string, string>()
  const letterOf = (word: string) => {
    const letter = letters.get(word) ?? String.fromCharCode(0x4e00 + letters.size)
    letters.set(word, letter)
    return letter
  }
  const spell = (words: readonly string[]) => words.map(letterOf).join('')
  return distance(spell(expected), spell(got)) / Math.max(1, expected.length)
}

/** In small letters, without punctuation or apostrophes. */
export function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .normalize('NFC')
      .replace(/['’]/g, '')
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  )
}
