/**
 * Kokoro and Piper with their real weights: the contract, each of the 30 names by level and length, and what a
 * recogniser understands of a handful of them.
 */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstAudibleSample, peak, resample, rms, toDbfs, voiceManner } from '../../src/audio/index.js'
import { synthesisSelfTest, wordErrorRate } from '../../src/catalog/self-test.js'
import type { Recognizer, Synthesizer, VoiceOptions } from '../../src/engine/index.js'
import { loadKokoro } from '../../src/engines/kokoro/index.js'
import { loadPico } from '../../src/engines/pico/index.js'
import { PICO_VOICES } from '../../src/engines/pico/voices.js'
import { loadPiper } from '../../src/engines/piper/index.js'
import { LIVE_VOICE_NAMES } from '../../src/engines/voice-names.js'
import { shapeFor } from '../../src/engines/voice-shapes.js'
import { loadWhisper } from '../../src/engines/whisper/index.js'
import { testSynthesizer } from '../../src/testing/contract/index.js'

const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const runtimeDir = join(home, 'runtimes', 'onnxruntime-node-1.30.0')
const kokoroDir = join(home, 'models', 'kokoro-82m')
const kokoroModel = join(kokoroDir, 'kokoro.fp32.onnx')
const piperModel = join(home, 'models', 'piper-joe', 'en_US-joe-medium.onnx')
const picoDir = join(home, 'models', 'svox-pico')
const whisperDir = join(home, 'models', 'whisper-base')

const absent = (...paths: string[]) =>
  paths.filter((path) => !existsSync(path)).map((path) => `${path} is absent`)[0]
const runtime = join(runtimeDir, 'node_modules', 'onnxruntime-node')
const noKokoro = absent(runtime, kokoroModel, join(kokoroDir, 'voices', 'af_heart.bin'))
const noPiper = absent(runtime, piperModel, `${piperModel}.json`)
const noPico = absent(
  ...Object.values(PICO_VOICES).flatMap(({ files }) => files.map((file) => join(picoDir, file))),
)
const noWhisper = absent(runtime, join(whisperDir, 'encoder.int8.onnx'))

const kokoro = () =>
  loadKokoro({ modelPath: kokoroModel, voicesDir: join(kokoroDir, 'voices'), runtimeDir, threads: 2 })
const piper = () =>
  loadPiper({ modelPath: piperModel, configPath: `${piperModel}.json`, runtimeDir, threads: 1 })

const never = new AbortController().signal
const SHORT = 'The morning train was late again.'
const SENTENCES = [
  'The morning train was late, so we walked along the river instead.',
  'Please bring a bottle of milk and some brown eggs from the market.',
]

async function speak(engine: Synthesizer, text: string, voice: VoiceOptions = {}): Promise<Float32Array> {
  const samples: number[] = []
  for await (const piece of engine.speak(text, voice, never)) for (const sample of piece) samples.push(sample)
  return Float32Array.from(samples)
}

const pitchOf = (audio: Float32Array) => voiceManner(resample(audio, 24_000, 16_000)).pitchHz

testSynthesizer('kokoro', kokoro, {
  skip: noKokoro,
  otherLanguage: { language: 'es', text: 'El tren a Lisboa sale a las nueve.' },
})
testSynthesizer('piper', piper, { skip: noPiper })
testSynthesizer('pico', () => loadPico({ dir: picoDir }), {
  skip: noPico,
  // Its excitation is noise that goes on from one text to the next: lengths differ by some ms.
  repeatable: false,
  otherLanguage: { language: 'de', text: 'Der Zug nach Lissabon fährt um neun Uhr.' },
})

describe.skipIf(noPico !== undefined)('pico, 30 names in each language', () => {
  let engine: Synthesizer & { close(): Promise<void> }
  beforeAll(async () => {
    engine = await loadPico({ dir: picoDir })
  })

  it.each(Object.keys(PICO_VOICES))('%s: every name has its pitch, and one level', async (language) => {
    const text =
      {
        en: 'My sister arrives tomorrow.',
        es: 'Mi hermana llega mañana.',
        de: 'Meine Schwester kommt morgen.',
      }[language] ?? 'La mamma mia.'
    const recordedHz = pitchOf(await speak(engine, text, { language }))
    for (const name of LIVE_VOICE_NAMES) {
      const audio = await speak(engine, text, { name, language })
      const expected = (recordedHz * shapeFor(name).pitch) / PICO_VOICES[language]!.speaker.pitch
      expect.soft(pitchOf(audio) / expected, name).toBeGreaterThan(0.9)
      expect.soft(pitchOf(audio) / expected, name).toBeLessThan(1.1)
      expect.soft(toDbfs(rms(audio)), name).toBeGreaterThan(-24)
      expect.soft(toDbfs(rms(audio)), name).toBeLessThan(-16)
    }
  })
})

describe.each([
  // Accents and shifted voices cost the recogniser more: the bounds are per engine and over all its names.
  {
    name: 'kokoro',
    load: kokoro,
    skip: noKokoro,
    maxWordErrorRate: 0.05,
    heard: ['Aoede', 'Puck', 'Charon', 'Achird', 'Zephyr'],
  },
  {
    name: 'piper',
    load: piper,
    skip: noPiper,
    maxWordErrorRate: 0.1,
    heard: ['Aoede', 'Puck', 'Kore', 'Zephyr', 'Charon', 'Fenrir'],
  },
  {
    name: 'pico',
    load: () => loadPico({ dir: picoDir }),
    skip: noPico,
    maxWordErrorRate: 0.1,
    heard: ['Aoede', 'Puck', 'Kore', 'Zephyr', 'Charon'],
  },
])('$name, 30 names', ({ name, load, skip, maxWordErrorRate, heard }) => {
  const reason = skip ?? noWhisper
  if (reason !== undefined) console.log(`${name}: skipped, ${reason}`)

  describe.skipIf(reason !== undefined)('with weights', () => {
    let engine: Synthesizer & { close(): Promise<void> }
    let ears: Recognizer & { close(): Promise<void> }
    beforeAll(async () => {
      engine = await load()
      ears = await loadWhisper({ dir: whisperDir, runtimeDir })
    })
    afterAll(async () => {
      await engine?.close()
      await ears?.close()
    })

    async function transcribe(samples: Float32Array, language: string): Promise<string> {
      const recognition = ears.open({ signal: never, language })
      recognition.push(resample(samples, 24_000, 16_000))
      const { text } = await recognition.settle()
      recognition.close()
      return text
    }

    it.each(LIVE_VOICE_NAMES)('%s is heard at a sane level and pace', async (voice) => {
      const audio = await speak(engine, SHORT, { name: voice })
      const secondsPerWord = audio.length / 24_000 / SHORT.split(' ').length
      expect(secondsPerWord).toBeGreaterThan(0.2)
      expect(secondsPerWord).toBeLessThan(0.6)
      expect(toDbfs(rms(audio))).toBeGreaterThan(-35)
      expect(peak(audio)).toBeLessThanOrEqual(1)
      expect(firstAudibleSample(audio) / 24).toBeLessThanOrEqual(40)
    })

    it(`is understood: ${heard.join(', ')}`, async () => {
      const transcripts: string[] = []
      let errors = 0
      let words = 0
      for (const voice of heard)
        for (const sentence of SENTENCES) {
          const transcript = await transcribe(await speak(engine, sentence, { name: voice }), 'en')
          const count = sentence.split(' ').length
          errors += wordErrorRate(sentence, transcript) * count
          words += count
          transcripts.push(`${voice}: ${transcript}`)
        }
      console.log(`${name}: word error rate ${((100 * errors) / words).toFixed(1)} % of ${words} words`)
      expect(errors / words, transcripts.join('\n')).toBeLessThanOrEqual(maxWordErrorRate)
    })

    it('passes the self-test', async () => {
      const result = await synthesisSelfTest(engine, ears, never)
      expect(result.rmsDbfs).toBeGreaterThan(-30)
    })

    it('reads symbols as words', async () => {
      const audio = await speak(engine, '**Note:** it costs $12.50 & takes 5 km. 🎉', { name: 'Puck' })
      const transcript = (await transcribe(audio, 'en')).toLowerCase()
      expect(transcript).toMatch(/12\.50|12 dollars|twelve dollars/)
      expect(transcript).toMatch(/and/)
      expect(transcript).toMatch(/kilomet|5 ?km|five ?km/)
      expect(transcript).not.toMatch(/asterisk|star\b|ampersand|party/)
    })

    it.skipIf(name !== 'kokoro').each([
      ['es', 'Hola, la estación de tren está cerca del mercado.'],
      ['it', 'La stazione è vicino al mercato, a due strade da qui.'],
      ['pt', 'Amanhã vai fazer bom tempo, mas à tarde pode chover.'],
    ])('is understood in %s', async (language, sentence) => {
      const transcript = await transcribe(await speak(engine, sentence, { name: 'Kore', language }), language)
      expect(wordErrorRate(sentence, transcript), transcript).toBeLessThanOrEqual(0.25)
    })

    it('speaks a text longer than the model takes, whole', async () => {
      const long = 'We went on and on along the road with no end in sight and nobody to ask '.repeat(8)
      const audio = await speak(engine, long, { speed: 1.3 })
      expect(audio.length / 24_000).toBeGreaterThan(8 * 2.5)
    })
  })
})
