/**
 * Voice activity and recognition with their real weights: the contracts, the word error rate over recorded speech, and what must not
 * be heard in silence and noise. Prints its figures.
 */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pcm16ToFloat, readWav } from '../../src/audio/index.js'
import { createGraphBuilder, edge } from '../../src/catalog/convert/graph-builder.js'
import { DataType, writeOnnxModel } from '../../src/catalog/convert/onnx-model.js'
import type { Recognizer, SpeechDetector, Transcript } from '../../src/engine/index.js'
import { importOnnxRuntime, sessionOptions } from '../../src/engines/onnxruntime.js'
import { loadSilero } from '../../src/engines/silero/index.js'
import { loadSmartTurn } from '../../src/engines/smart-turn/index.js'
import { loadWhisper } from '../../src/engines/whisper/index.js'
import { testRecognizer, testSpeechDetector, testTurnDetector } from '../../src/testing/contract/index.js'
import { wordErrorRate } from '../../src/testing/word-error-rate.js'

const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const dir = join(home, 'models', 'whisper-base')
const modelPath = join(home, 'models', 'silero-vad', 'silero_vad_16k_op15.onnx')
const turnPath = join(home, 'models', 'smart-turn-v3', 'smart-turn-v3.2-cpu.onnx')
const runtimeDir = join(home, 'runtimes', 'onnxruntime-node-1.30.0')
const fixtures = resolve(import.meta.dirname, '../../../shared/fixtures')

const absent = (...paths: string[]) =>
  paths.filter((path) => !existsSync(path)).map((path) => `${path} is absent`)[0]
const noRuntime = absent(join(runtimeDir, 'node_modules', 'onnxruntime-node'))
const noRecordings = absent(join(fixtures, 'speech', 'transcripts.tsv'))
const noSilero = noRuntime ?? noRecordings ?? absent(modelPath)
const noTurn = noRuntime ?? noRecordings ?? absent(turnPath)
const noWhisper =
  noRuntime ?? noRecordings ?? absent(join(dir, 'decoder.int8.onnx'), join(dir, 'tokenizer.json'))
if (noRuntime) console.log(`skipped: int8 layers: ${noRuntime}`)

const RATE_HZ = 16_000
const neverAborted = new AbortController().signal
const fixture = (name: string): Float32Array => {
  const bytes = readFileSync(join(fixtures, name))
  return name.endsWith('.wav') ? readWav(bytes).samples : pcm16ToFloat(bytes)
}
const speech = noRecordings ? new Float32Array(0) : fixture('speech/s15_af_aoede_16k.wav')

/** The same "random" noise in every run, ±1. */
function createNoise(): () => number {
  let state = 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  }
}
const noise = createNoise()
const make = (seconds: number, value: (time: number, index: number) => number) =>
  Float32Array.from({ length: seconds * RATE_HZ }, (_, index) => value(index / RATE_HZ, index))
const sine = (hz: number, time: number) => Math.sin(2 * Math.PI * hz * time)
/** Made, not recorded. */
const NOISES: Readonly<Record<string, Float32Array>> = {
  silence: new Float32Array(2 * RATE_HZ),
  'white noise at -50 dB': make(2, () => 0.0055 * noise()),
  'white noise at -30 dB': make(2, () => 0.055 * noise()),
  'white noise at -10 dB': make(2, () => 0.55 * noise()),
  'mains hum': make(
    2,
    (time) => 0.05 * (sine(50, time) + sine(100, time) / 2 + sine(150, time) / 3) + 0.003 * noise(),
  ),
  'dialling tones': make(2, (time) => (time % 0.4 < 0.2 ? 0.2 * (sine(770, time) + sine(1336, time)) : 0)),
  keystrokes: make(2, (time) => 0.4 * Math.exp(-(time % 0.13) * 250) * noise()),
  'a burst like a cough': make(2, (time) => (time < 0.3 ? 0 : 0.5 * Math.exp(-(time - 0.3) * 13) * noise())),
}

testSpeechDetector('silero', () => loadSilero({ modelPath, runtimeDir }), { skip: noSilero, speech })
testTurnDetector('smart-turn', () => loadSmartTurn({ modelPath: turnPath, runtimeDir }), {
  skip: noTurn,
  finished: speech,
})
testRecognizer('whisper', () => loadWhisper({ dir, runtimeDir }), {
  skip: noWhisper,
  speech,
  expected: /timer for (15|fifteen)/i,
})

describe.skipIf(noSilero !== undefined)('silero on recordings', () => {
  let detector: SpeechDetector & { close(): Promise<void> }
  beforeAll(async () => {
    detector = await loadSilero({ modelPath, runtimeDir })
  })
  afterAll(() => detector?.close())

  async function scores(samples: Float32Array): Promise<number[]> {
    const detection = detector.open({ signal: neverAborted })
    detection.push(samples)
    detection.finish()
    const probabilities: number[] = []
    for await (const { probability } of detection) probabilities.push(probability)
    return probabilities
  }

  it('hears every clip of speech', async () => {
    for (const { file } of transcripts()) {
      const frames = await scores(fixture(file))
      expect
        .soft(frames.filter((probability) => probability > 0.5).length, file)
        .toBeGreaterThan(frames.length / 4)
    }
  })

  it('puts the edges of speech where they are', async () => {
    const padded = new Float32Array(speech.length + 2 * RATE_HZ)
    padded.set(speech, RATE_HZ)
    const frames = await scores(padded)
    const first = frames.findIndex((probability) => probability > 0.5) * 0.032
    const last = frames.findLastIndex((probability) => probability > 0.5) * 0.032
    expect(first).toBeGreaterThan(0.9)
    expect(first).toBeLessThan(1.4)
    expect(last).toBeLessThan(1 + speech.length / RATE_HZ + 0.1)
  })

  it.each(Object.keys(NOISES))('hears no speech in %s', async (name) => {
    const heard = (await scores(NOISES[name]!)).filter((probability) => probability > 0.5).length
    expect(heard * 32, 'ms').toBeLessThanOrEqual(96)
  })
})

describe.skipIf(noWhisper !== undefined)('whisper on recordings', () => {
  let recognizer: Recognizer & { close(): Promise<void> }
  beforeAll(async () => {
    recognizer = await loadWhisper({ dir, runtimeDir })
  })
  afterAll(() => recognizer?.close())

  async function hear(samples: Float32Array, language?: string): Promise<Transcript> {
    const recognition = recognizer.open({ signal: neverAborted, ...(language ? { language } : {}) })
    recognition.push(samples)
    const transcript = await recognition.settle()
    recognition.close()
    return transcript
  }

  it('has a pooled word error rate of at most 5 %, language found by itself', async () => {
    let errors = 0
    let words = 0
    const times: number[] = []
    for (const { file, text } of transcripts()) {
      const samples = fixture(file)
      const begun = performance.now()
      const heard = await hear(samples)
      if (samples.length >= 2 * RATE_HZ && samples.length <= 4 * RATE_HZ)
        times.push(performance.now() - begun)
      const result = wordErrorRate(text, heard.text)
      errors += result.errors
      words += result.words
      expect.soft(heard.language, file).toBe('en')
      if (result.errors > 0) console.log(`  ${file}: ${result.errors} of ${result.words}: "${heard.text}"`)
    }
    times.sort((a, b) => a - b)
    const median = times[times.length >> 1]!.toFixed(0)
    console.log(`word error rate ${((100 * errors) / words).toFixed(2)} % (${errors} of ${words} words)`)
    console.log(`clips of 2 to 4 s settle in ${median} ms (median of ${times.length}, one thread)`)
    expect(errors / words).toBeLessThanOrEqual(0.05)
  })

  it.each(['hello_are_you_there.pcm', 'hello_are_you_there_cut.pcm'])('understands %s', async (name) => {
    const { text } = await hear(fixture(name))
    console.log(`${name}: "${text}"`)
    expect(text).toMatch(/can you hear me|are you there/i)
  })

  it.each(Object.keys(NOISES))('hears no words in %s', async (name) => {
    expect((await hear(NOISES[name]!)).text).toBe('')
    expect((await hear(NOISES[name]!, 'en')).text).toBe('')
  })

  it('hears all of what is longer than a window', async () => {
    const clips = transcripts().filter(({ file }) => /austen|s11|s18|s21|s22|s25/.test(file))
    const pause = new Float32Array(0.6 * RATE_HZ)
    const parts = clips.flatMap(({ file }) => [fixture(file), pause])
    const long = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
    let end = 0
    for (const part of parts) {
      long.set(part, end)
      end += part.length
    }
    const { errors, words } = wordErrorRate(clips.map(({ text }) => text).join(' '), (await hear(long)).text)
    console.log(`${(long.length / RATE_HZ).toFixed(0)} s in one piece: ${errors} errors in ${words} words`)
    expect(long.length).toBeGreaterThan(28 * RATE_HZ)
    expect(errors / words).toBeLessThanOrEqual(0.05)
  })

  it('takes turns in the order asked', async () => {
    const order: string[] = []
    const settle = async (name: string) => {
      const recognition = recognizer.open({ signal: neverAborted, language: 'en' })
      recognition.push(speech)
      await recognition.settle()
      order.push(name)
    }
    await Promise.all(['first', 'second', 'third'].map(settle))
    expect(order).toEqual(['first', 'second', 'third'])
  })
})

describe.skipIf(noRuntime !== undefined)('int8 layers', () => {
  it('are within 2 % of the exact product, with and without a bias', async () => {
    const [rows, inputs, outputs] = [5, 64, 48]
    const weight = Float32Array.from({ length: outputs * inputs }, noise)
    const bias = Float32Array.from({ length: outputs }, noise)
    const x = Float32Array.from({ length: rows * inputs }, noise)
    const graph = createGraphBuilder()
    const layer = { inputs, outputs, weight: () => weight }
    graph.linear('x', { ...layer, name: 'plain' }, 'plain_y')
    graph.linear('x', { ...layer, name: 'biased', bias: () => bias }, 'biased_y')
    const model = graph.finish(
      'layers',
      [edge('x', DataType.float, ['N', inputs])],
      [edge('plain_y', DataType.float, ['N', outputs]), edge('biased_y', DataType.float, ['N', outputs])],
    )
    const runtime = await importOnnxRuntime(runtimeDir)
    const session = await runtime.InferenceSession.create(writeOnnxModel(model), sessionOptions(1))
    const result = await session.run({ x: new runtime.Tensor('float32', x, [rows, inputs]) })
    for (const [name, addend] of [
      ['plain_y', new Float32Array(outputs)],
      ['biased_y', bias],
    ] as const) {
      let errorPower = 0
      let power = 0
      for (let row = 0; row < rows; row++) {
        for (let output = 0; output < outputs; output++) {
          let exact = addend[output]!
          for (let k = 0; k < inputs; k++) exact += x[row * inputs + k]! * weight[output * inputs + k]!
          errorPower += (exact - (result[name]!.data[row * outputs + output] as number)) ** 2
          power += exact ** 2
        }
      }
      expect(Math.sqrt(errorPower / power)).toBeLessThan(0.02)
    }
    await session.release()
  })
})

function transcripts(): { file: string; text: string }[] {
  const lines = readFileSync(join(fixtures, 'speech', 'transcripts.tsv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
  return lines.map((line) => {
    const [file = '', text = ''] = line.split('\t')
    return { file: `speech/${file}`, text }
  })
}
