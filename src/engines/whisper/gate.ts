/**
 * Whether a transcript was spoken or invented: Whisper puts words to silence, hum and noise. Pure; the limits are measured.
 */
import type { Decoded } from './decoder.js'

const MIN_AVERAGE = -1
const MAX_NO_SPEECH = 0.6

export function wasSpoken({ text, logProbability, tokenCount, noSpeechProbability }: Decoded): boolean {
  if (!/[\p{L}\p{N}]/u.test(text)) return false
  const average = logProbability / tokenCount
  return average >= MIN_AVERAGE && noSpeechProbability <= MAX_NO_SPEECH
}
