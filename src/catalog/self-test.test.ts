import { describe, expect, it } from 'vitest'
import { type Recognizer, SPEECH_OUTPUT_HZ, type Synthesizer } from '../engine/index.js'
import { synthesisSelfTest, wordErrorRate } from './self-test.js'

const SENTENCE = 'the quick brown fox jumps over the lazy dog and the old farmer laughs'

function tone(seconds: number, level: number, leadMs = 0): Synthesizer {
  return {
    info: { id: 'tone', kind: 'tts', languages: [], description: '' },
    async *speak() {
      const samples = new Float32Array(seconds * SPEECH_OUTPUT_HZ)
      for (let index = (leadMs * SPEECH_OUTPUT_HZ) / 1000; index < samples.length; index++)
        samples[index] = level * Math.sin(index / 10)
      yield samples
    },
  }
}

function hears(text: string): Recognizer & { heardSamples: number } {
  const recognizer = {
    heardSamples: 0,
    info: { id: 'ears', kind: 'asr' as const, languages: [], description: '' },
    open: () => ({
      push: (samples: Float32Array) => {
        recognizer.heardSamples += samples.length
      },
      settle: async () => ({ text, language: 'en' }),
      close: () => {},
    }),
  }
  return recognizer
}

describe('synthesisSelfTest', () => {
  const { signal } = new AbortController()

  it('passes a clear voice, resampled for the recogniser', async () => {
    const ears = hears(SENTENCE)
    const result = await synthesisSelfTest(tone(4, 0.2), ears, signal)
    expect(result.wordErrorRate).toBe(0)
    expect(ears.heardSamples).toBe(64_000)
  })

  it.each([
    ['another sentence', tone(4, 0.2), 'thank you for watching', /recognised by ears as "thank you/],
    ['near-silence that is understood', tone(4, 0.01), SENTENCE, /too quiet/],
    ['nothing at all', tone(0, 0), SENTENCE, /0\.0 s/],
    ['a stub', tone(0.5, 0.2), SENTENCE, /0\.5 s/],
    ['clipping', tone(4, 1.2), SENTENCE, /clips/],
    ['a late start', tone(4, 0.2, 300), SENTENCE, /300 ms of silence/],
  ])('refuses %s', async (_, synthesizer, transcript, message) => {
    await expect(synthesisSelfTest(synthesizer, hears(transcript), signal)).rejects.toThrow(message)
  })
})

it.each([
  ['a b c d', 'a b c d', 0],
  ["I don't know.", 'i dont KNOW', 0],
  ['a b c d', 'a x c', 0.5],
  ['a b', '', 1],
  ['a', 'a b c', 2],
])('word error rate of %j heard as %j', (reference, heard, rate) =>
  expect(wordErrorRate(reference, heard)).toBe(rate),
)
