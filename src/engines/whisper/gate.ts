/**
 * Whether a transcript was spoken or invented: Whisper puts words to silence, hum and noise. Pure.
 *
 * Measured with Whisper base in int8. Clips of speech, also with as much noise as speech: average −1.12 … −0.03, doubt at most
 * 0.40. White and brown noise, hum, keys, chords, tones, bursts (38 clips): average −2.98 … −1.41, doubt at least 0.60; digital
 * silence: −0.98, 0.91.
 */
import type { Decoded } from './decoder.js'

/** Mean log-probability per token below which words were guessed. */
const MIN_AVERAGE = -1.3
/** Where the model itself doubts that anyone speaks, it must at least be sure of the words. */
const MAX_NO_SPEECH = 0.5
const MIN_AVERAGE_IN_DOUBT = -0.6

/** What the model was shown it says sooner: a cough came back as "Uh-huh." with −0.64, where orders that were given had −0.15 … −0.54. */
const MIN_AVERAGE_OF_SHOWN = -0.6

/** `shown`: what it was shown before. */
export function wasSpoken(
  { text, logProbability, tokenCount, noSpeechProbability }: Decoded,
  shown = '',
): boolean {
  if (!/[\p{L}\p{N}]/u.test(text)) return false
  const average = logProbability / tokenCount
  if (average < MIN_AVERAGE_OF_SHOWN && shown.includes(` ${text.replace(/[.!?]*$/, '.')}`)) return false
  return average >= (noSpeechProbability > MAX_NO_SPEECH ? MIN_AVERAGE_IN_DOUBT : MIN_AVERAGE)
}
