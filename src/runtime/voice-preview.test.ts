import { expect, it } from 'vitest'
import { readWav } from '../audio/index.js'
import type { Synthesizer, VoiceOptions } from '../engine/index.js'
import { createManualClock } from '../testing/manual-clock.js'
import { createComputeGate } from './compute-gate.js'
import { createVoicePreviews } from './voice-preview.js'

const never = new AbortController().signal

function previews(languages: readonly string[]) {
  const asked: [string, VoiceOptions][] = []
  const tts: Synthesizer = {
    info: { id: 'test', kind: 'tts', languages, description: '' },
    async *speak(text, voice) {
      asked.push([text, voice])
      yield new Float32Array(1_200).fill(0.5)
      yield new Float32Array(1_200).fill(0.25)
    },
  }
  const gate = createComputeGate({ slots: 1, clock: createManualClock() })
  return { ...createVoicePreviews(tts, gate), asked }
}

it('says a sentence of the language, whole, by the voice that was named', async () => {
  const { speak, asked, languages } = previews(['en', 'es', 'xx'])
  expect(languages).toEqual(['en', 'es'])
  const { samples, sampleRateHz } = readWav((await speak('Kore', 'es-ES', never))!)
  expect([sampleRateHz, samples.length]).toEqual([24_000, 2_400])
  expect(samples[0]).toBeCloseTo(0.5, 3)
  expect(asked).toEqual([[expect.stringContaining('Hola'), { name: 'Kore', language: 'es-ES' }]])
})

it('has nothing to say in a language that the voice does not speak', async () => {
  const { speak, asked } = previews(['en'])
  expect(await speak('Kore', 'es', never)).toBeUndefined()
  expect(await speak('Kore', '', never)).toBeUndefined()
  expect(asked).toEqual([])
})

it('has every sentence for an engine that names no languages', () => {
  expect(previews([]).languages).toEqual(['de', 'en', 'es', 'fr', 'hi', 'it', 'ja', 'pt', 'zh'])
})
