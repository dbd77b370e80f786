/** The four programs of the Live API page, unchanged, against the real engines: sensible answers and audible speech. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultModelIds, listModels } from '../../src/catalog/index.js'
import { readPage } from '../page-programs/cut.js'
import { type ProgramSetting, PYTHON_MODULES, runProgram, type ShownAudio } from '../page-programs/run.js'
import { findPython, requireRuntime } from '../sdk/runtimes.js'
import { questionPcm, startServer, type TestServer } from '../sdk/server.js'

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

    test.each(['hello_are_you_there.pcm', 'hello_are_you_there_cut.pcm'])(
      'text from audio: %s',
      async (recording) => {
        const run = await runProgram('text-from-audio', { ...setting, question: questionPcm(recording) })
        expectSentence(run.printed.replaceAll('\n', ''))
      },
    )

    test('speech from text', async () => {
      const run = await runProgram('speech-from-text', setting)
      expect(run.shown).toEqual(['**Input:** Hello? Gemini are you there?'])
      expectSpeech(run.audio)
    })

    test('transcripts', async () => {
      const { printed } = await runProgram('transcripts', setting)
      expect(printed).toContain("mime_type='audio/pcm;rate=24000'")
      expectSentence([...printed.matchAll(/^Output transcript: (.*)$/gm)].map(([, delta]) => delta).join(''))
    })

    test('raw WebSockets', async () => {
      const run = await runProgram('websockets', setting)
      expect(run.shown).toHaveLength(2)
      expect(run.shown[0]).toBe('**Input:** Hello? Gemini are you there?')
      const said = run.shown[1]!.replace('**Output transcription >** ', '')
      expectSentence(said)
      expectSpeech(run.audio, said)
    })
  },
)

/** English words and a greeting's worth of sense: it says that it is there, greets, or offers help. */
function expectSentence(text: string): void {
  process.stderr.write(`answer: ${text.trim()}\n`)
  expect(text.trim().split(/\s+/).length).toBeGreaterThanOrEqual(2)
  expect(text).toMatch(/\b(yes|hello|hi|here|help|assist|how|hear)\b/i)
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
