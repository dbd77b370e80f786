/**
 * Sentences said twice, calm and excited, and once as usual: by Kokoro through the product's own controls, and by eSpeak's formant
 * synthesis, which has nothing to do with them. What a pair is for is the difference between its two: the words are the same.
 */
import create from '@echogarden/espeak-ng-emscripten'
import { createResampler, joinSamples, resample } from '../../../src/audio/index.js'
import type { Synthesizer, VoiceOptions } from '../../../src/engine/index.js'

/** Words that tell nothing of a mood. */
export const SENTENCES = [
  'The train leaves from platform four at nine.',
  'I have been talking to my brother about the house.',
  'We are going to the market in the afternoon.',
  'There is a letter from the school on the table.',
  'My neighbour painted the door this morning.',
  'I put the keys next to the window.',
  'They moved the meeting to the second floor.',
  'The children are in the garden with the dog.',
  'I would like to know what time it opens.',
  'Tell me what you see in the report.',
  'She called me about the order from last week.',
  'We need two more chairs for the evening.',
] as const

export interface Saying {
  readonly voice: string
  readonly sentence: string
  readonly way: 'usual' | 'calm' | 'excited'
  /** Mono at 16 kHz. */
  readonly samples: Float32Array
}

export const KOKORO_VOICES = [
  'af_heart',
  'af_bella',
  'bf_emma',
  'am_michael',
  'am_puck',
  'bm_george',
] as const

const KOKORO_WAYS: Readonly<Record<Saying['way'], VoiceOptions>> = {
  usual: {},
  calm: { speed: 0.88, pitchSemitones: -1.5, gainDb: -4 },
  excited: { speed: 1.15, pitchSemitones: 2.5, gainDb: 4 },
}

export async function* kokoroSayings(
  kokoro: Synthesizer,
  voices: readonly string[] = KOKORO_VOICES,
  sentences: readonly string[] = SENTENCES,
): AsyncGenerator<Saying> {
  for (const voice of voices) {
    for (const sentence of sentences) {
      for (const way of ['usual', 'calm', 'excited'] as const) {
        const pieces: Float32Array[] = []
        const options = { name: voice, ...KOKORO_WAYS[way] }
        for await (const piece of kokoro.speak(sentence, options, new AbortController().signal))
          pieces.push(piece)
        yield { voice, sentence, way, samples: resample(joinSamples(pieces), 24_000, 16_000) }
      }
    }
  }
}

/** eSpeak's own scales: rate in words a minute, pitch and range 0 … 99, volume 0 … 200. */
const ESPEAK_WAYS: Readonly<
  Record<Saying['way'], readonly [rate: number, pitch: number, range: number, volume: number]>
> = {
  usual: [165, 45, 50, 90],
  calm: [140, 38, 35, 60],
  excited: [200, 60, 75, 130],
}
export const ESPEAK_VOICES = ['gmw/en-US', 'gmw/en', 'roa/es', 'roa/it', 'gmw/en-GB-x-rp'] as const

interface EspeakWorker {
  set_voice(id: string): number
  set_rate(value: number): void
  set_pitch(value: number): void
  set_range(value: number): void
  set_volume(value: number): void
  readonly samplerate: number
  synthesize(text: string, take: (audio: ArrayBuffer | null) => void): void
}

export async function espeakSayings(sentences: readonly string[] = SENTENCES): Promise<Saying[]> {
  const module = await create()
  const worker = (await new module.eSpeakNGWorker()) as unknown as EspeakWorker
  const sayings: Saying[] = []
  for (const voice of ESPEAK_VOICES) {
    if (worker.set_voice(voice) !== 0) throw new Error(`eSpeak NG has no voice ${voice}`)
    for (const sentence of sentences) {
      for (const way of ['usual', 'calm', 'excited'] as const) {
        const [rate, pitch, range, volume] = ESPEAK_WAYS[way]
        worker.set_rate(rate)
        worker.set_pitch(pitch)
        worker.set_range(range)
        worker.set_volume(volume)
        const pieces: Float32Array[] = []
        worker.synthesize(sentence, (audio) => {
          if (audio) pieces.push(Float32Array.from(new Int16Array(audio), (value) => value / 32_768))
        })
        const { push } = createResampler(worker.samplerate, 16_000)
        sayings.push({ voice, sentence, way, samples: push(joinSamples(pieces)) })
      }
    }
  }
  return sayings
}
