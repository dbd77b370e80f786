/**
 * The four programs of the Live API page against the real engines, unchanged, and with Spanish words in place of the page's: sensible answers in the
 * language of the question, and audible speech.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { floatToPcm16, joinSamples, pcm16ToFloat, resample } from '../../src/audio/index.js'
import { defaultModelIds, listModels, modelPaths, runtimePaths } from '../../src/catalog/index.js'
import { SPEECH_OUTPUT_HZ } from '../../src/engine/index.js'
import { loadPico } from '../../src/engines/pico/index.js'
import { loadWhisper } from '../../src/engines/whisper/index.js'
import { PAGE_WORDS, type ProgramName, readPage } from '../page-programs/cut.js'
import { type ProgramSetting, PYTHON_MODULES, runProgram, type ShownAudio } from '../page-programs/run.js'
import { findPython, requireRuntime } from '../sdk/runtimes.js'
import { questionPcm, startServer, type TestServer } from '../sdk/server.js'

const never = new AbortController().signal
const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const missing = (await listModels(home)).flatMap(({ model, state }) =>
  defaultModelIds.includes(model.id) && state !== 'ready' ? model.id : [],
)
const hasWeights = missing.length === 0
if (!hasWeights) {
  process.stderr.write(
    `skipped, the programs of the page on real engines: ${home} lacks ${missing.join(', ')}\n`,
  )
}
const page = readPage()
if (page === undefined)
  process.stderr.write('skipped, the programs of the page: the page does not lie beside the checkout\n')
const python = hasWeights
  ? requireRuntime('the programs of the page', () => findPython(PYTHON_MODULES))
  : undefined

/** What is said, and what an answer to it looks like. The Spanish recording is *synthetic*. */
const LANGUAGES = {
  en: {
    words: PAGE_WORDS,
    recordings: async () =>
      ['hello_are_you_there.pcm', 'hello_are_you_there_cut.pcm'].map((name) => questionPcm(name)),
    sense: /\b(yes|hello|hi|here|help|assist|how|hear)\b/i,
    foreign: /\b(hola|aquí|ayudar\w*|puedo|estoy)\b/i,
  },
  es: {
    words: '¿Hola? Gemini, ¿estás ahí?',
    recordings: async () => [
      await spokenSpanish('Hola, Gemini. ¿Estás ahí? ¿Me puedes oír?'),
      await spokenSpanish('Buenos días, Gemini. Necesito que me ayudes con una cosa.'),
    ],
    sense:
      /(?<!\p{L})(sí|hola|buen[oa]s|aquí|ayud\p{L}*|oír\p{L}*|oigo|escuch\p{L}*|estoy|claro|puedo|cómo|qué)(?!\p{L})/iu,
    foreign: /\b(yes|hello|here|help|assist|how|hear|you|can)\b/i,
  },
} as const
type Language = keyof typeof LANGUAGES

describe.skipIf(page === undefined || python === undefined)(
  'the programs of the page on real engines',
  () => {
    let server: TestServer
    let setting: ProgramSetting
    beforeAll(async () => {
      server = await startServer({ home, arguments: ['--offline'], readyWithinMs: 500_000 })
      setting = {
        python: python!,
        page: page!,
        environment: server.environment(),
        question: questionPcm(),
        endsWithinMs: 240_000,
      }
    })
    afterAll(() => server?.stop())

    describe.each(Object.keys(LANGUAGES) as Language[])('in %s', (language) => {
      const { words, recordings } = LANGUAGES[language]
      const run = (name: ProgramName, changes: Partial<ProgramSetting> = {}) =>
        runProgram(name, { ...setting, words, ...changes })

      test('text from audio', async () => {
        for (const question of await recordings()) {
          const { printed } = await run('text-from-audio', { question })
          expectSentence(printed.replaceAll('\n', ''), language)
        }
      })

      test('speech from text', async () => {
        const { shown, audio } = await run('speech-from-text')
        expect(shown).toEqual([`**Input:** ${words}`])
        expectSpeech(audio)
        expectSentence(await heardBack(audio[0]!), language)
      })

      test('transcripts', async () => {
        const { printed } = await run('transcripts')
        expect(printed).toContain("mime_type='audio/pcm;rate=24000'")
        const said = [...printed.matchAll(/^Output transcript: (.*)$/gm)].map(([, delta]) => delta).join('')
        expectSentence(said, language)
      })

      test('raw WebSockets', async () => {
        const { shown, audio } = await run('websockets')
        expect(shown).toHaveLength(2)
        expect(shown[0]).toBe(`**Input:** ${words}`)
        const said = shown[1]!.replace('**Output transcription >** ', '')
        expectSentence(said, language)
        expectSpeech(audio, said)
      })
    })
  },
)

/** A greeting's worth of sense, in the language of the question alone: it says that it is there, greets, or offers help. */
function expectSentence(text: string, language: Language): void {
  process.stderr.write(`answer (${language}): ${text.trim()}\n`)
  expect(text.trim().split(/\s+/).length).toBeGreaterThanOrEqual(2)
  expect(text).toMatch(LANGUAGES[language].sense)
  expect(text).not.toMatch(LANGUAGES[language].foreign)
}

/** PCM16 at 16 kHz with half a second of silence behind it. */
async function spokenSpanish(text: string): Promise<Uint8Array> {
  const pico = await loadPico({ dir: modelPaths(home, 'svox-pico').directory })
  const pieces: Float32Array[] = []
  for await (const piece of pico.speak(text, { name: 'Kore', language: 'es' }, never)) pieces.push(piece)
  await pico.close()
  return floatToPcm16(
    joinSamples([resample(joinSamples(pieces), SPEECH_OUTPUT_HZ, 16_000), new Float32Array(8_000)]),
  )
}

/** What the recogniser makes of it, the language left to it. */
async function heardBack({ pcm }: ShownAudio): Promise<string> {
  const { directory } = modelPaths(home, 'whisper-base')
  const whisper = await loadWhisper({
    dir: directory,
    runtimeDir: runtimePaths(home, 'onnxruntime-node').directory,
  })
  const recognition = whisper.open({ signal: never })
  recognition.push(resample(pcm16ToFloat(pcm), SPEECH_OUTPUT_HZ, 16_000))
  const { text } = await recognition.settle()
  recognition.close()
  await whisper.close()
  return text
}

/** Speech lies between −35 and −10 dBFS and takes 0.15 to 1 s a word. */
function expectSpeech(audio: readonly ShownAudio[], said?: string): void {
  expect(audio).toHaveLength(1)
  const { seconds, rms, dtype } = audio[0]!
  expect(dtype).toBe('int16')
  expect(seconds).toBeGreaterThan(0.4)
  expect(20 * Math.log10(rms)).toBeGreaterThan(-35)
  expect(20 * Math.log10(rms)).toBeLessThan(-10)
  if (said === undefined) return
  const secondsPerWord = seconds / said.trim().split(/\s+/).length
  expect(secondsPerWord).toBeGreaterThan(0.15)
  expect(secondsPerWord).toBeLessThan(1)
}
