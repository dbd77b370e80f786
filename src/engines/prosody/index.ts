/** Tone from pitch, loudness, brightness and pace alone: needs no weights, and 6 ms of one core for a second of speech. */
import { setImmediate } from 'node:timers/promises'
import { MANNER_HZ, voiceManner } from '../../audio/index.js'
import type { ToneReader } from '../../engine/index.js'

const LONGEST_SAMPLES = 12 * MANNER_HZ

export function loadProsody(): ToneReader {
  return {
    info: {
      id: 'prosody',
      kind: 'tone',
      languages: [],
      description:
        'Pitch, loudness, brightness and pace of the voice, compared with how this speaker usually sounds',
    },
    async listen(samples, signal) {
      // Calls run one after another on this thread: one that is not wanted any more by then costs nothing.
      await setImmediate()
      signal.throwIfAborted()
      return voiceManner(samples.subarray(Math.max(0, samples.length - LONGEST_SAMPLES)))
    },
  }
}
