/** Tone with real voices: what is said twice is told apart, and what answers is heard to answer in another way. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resample, voiceManner } from '../../src/audio/index.js'
import { modelPaths, runtimePaths } from '../../src/catalog/index.js'
import { answeringManner } from '../../src/core/index.js'
import type { Synthesizer, VoiceOptions } from '../../src/engine/index.js'
import { loadKokoro } from '../../src/engines/kokoro/index.js'
import { loadPiper } from '../../src/engines/piper/index.js'
import { toneFigures } from './tone/figures.js'
import { espeakSayings, kokoroSayings, type Saying, SENTENCES } from './tone/pairs.js'

const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const runtimeDir = runtimePaths(home, 'onnxruntime-node').directory
const never = new AbortController().signal

const kokoro = () => {
  const { main, file } = modelPaths(home, 'kokoro-82m')
  return loadKokoro({ modelPath: main, voicesDir: file('voices'), runtimeDir, threads: 2 })
}
const piper = () => {
  const { main } = modelPaths(home, 'piper-joe')
  return loadPiper({ modelPath: main, configPath: `${main}.json`, runtimeDir, threads: 1 })
}
const absent = (model: string) => !existsSync(modelPaths(home, model).main)

describe('pairs of sayings', () => {
  it('by eSpeak, whose voices have nothing to do with ours', async () => {
    const figures = toneFigures(await espeakSayings(), { knownSpeaker: true })
    console.log('tone, eSpeak:', figures)
    expect(figures.ordered / figures.pairs).toBeGreaterThanOrEqual(0.9)
    expect(figures.misnamed).toBe(0)
    expect(figures.falsely / figures.usual).toBeLessThanOrEqual(0.1)
  })

  it.skipIf(absent('kokoro-82m'))('by Kokoro, a sample', async () => {
    const engine = await kokoro()
    const sayings: Saying[] = []
    for await (const saying of kokoroSayings(engine, ['af_heart'], SENTENCES.slice(0, 4)))
      sayings.push(saying)
    await engine.close()
    const figures = toneFigures(sayings, { knownSpeaker: true })
    console.log('tone, Kokoro:', figures)
    expect(figures.ordered / figures.pairs).toBeGreaterThanOrEqual(0.9)
    expect(figures.misnamed).toBe(0)
  })
})

const tone = (name: 'excited' | 'upset') => ({ name, arousal: 0.8, valence: 0, confidence: 1 })

describe.each([
  { name: 'kokoro', load: kokoro, model: 'kokoro-82m' },
  { name: 'piper', load: piper, model: 'piper-joe' },
])('the voice of the answer: $name', ({ load, model }) => {
  let engine: (Synthesizer & { close(): Promise<void> }) | undefined
  beforeAll(async () => {
    if (!absent(model)) engine = await load()
  })
  afterAll(() => engine?.close())

  async function answer(voice: VoiceOptions) {
    const samples: number[] = []
    const text =
      'Let us see what we can do about it together, and then we will look at the rest of the list in peace.'
    for await (const piece of engine!.speak(text, voice, never))
      for (const sample of piece) samples.push(sample)
    return {
      ...voiceManner(resample(Float32Array.from(samples), 24_000, 16_000)),
      seconds: samples.length / 24_000,
    }
  }
  const mannered = (name: 'excited' | 'upset') => {
    const { pace, pitchSemitones, gainDb } = answeringManner(tone(name))!
    return answer({ speed: pace, pitchSemitones, gainDb })
  }

  it.skipIf(absent(model))(
    'is lively to the excited and calm to the upset: pace, pitch and level',
    async () => {
      const usual = await answer({})
      const lively = await mannered('excited')
      const calm = await mannered('upset')
      console.log(`answers of ${model}:`, { usual, lively, calm })
      expect(lively.seconds).toBeLessThan(calm.seconds)
      expect(lively.pitchHz).toBeGreaterThan(calm.pitchHz * 1.05)
      expect(lively.loudnessDb).toBeGreaterThan(calm.loudnessDb + 1.5)
    },
  )
})
