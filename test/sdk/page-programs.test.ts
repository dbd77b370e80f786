/** The four programs of the Live API page, unchanged, against scripted engines: what they print, show and play. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPage } from '../page-programs/cut.js'
import { type ProgramSetting, PYTHON_MODULES, runProgram } from '../page-programs/run.js'
import { findPython, requireRuntime } from './runtimes.js'
import { questionPcm, startServer, type TestServer } from './server.js'

const SCRIPT = `
rules:
  - match: { audioMs: { min: 1 } }
    transcript: Hello Gemini, are you there?
  - match: { contains: are you there }
    reply: Yes, I am here and I can hear you.
`
const REPLY = 'Yes, I am here and I can hear you.'

const page = readPage()
if (page === undefined)
  process.stderr.write('skipped, the programs of the page: the page does not lie beside the checkout\n')
const python = requireRuntime('the programs of the page', () => findPython(PYTHON_MODULES))

describe.skipIf(page === undefined || python === undefined)('the programs of the page', () => {
  let server: TestServer
  let setting: ProgramSetting
  beforeAll(async () => {
    server = await startServer({ script: SCRIPT })
    setting = {
      python: python!,
      page: page!,
      environment: server.environment(),
      question: questionPcm(),
      endsWithinMs: 300_000,
    }
  })
  afterAll(() => server?.stop())

  // Concurrent: each spends most of its time loading its modules.
  test.concurrent.each(['hello_are_you_there.pcm', 'hello_are_you_there_cut.pcm'])(
    'text from audio: %s in one message',
    async (recording) => {
      const run = await runProgram('text-from-audio', { ...setting, question: questionPcm(recording) })
      // One print per message, and each delta brings its own space.
      expect(run.printed.replaceAll('\n', '').trim()).toBe(REPLY)
    },
    360_000,
  )

  test.concurrent('speech from text', async () => {
    const run = await runProgram('speech-from-text', setting)
    expect(run.shown).toEqual(['**Input:** Hello? Gemini are you there?'])
    expectAudible(run.audio)
  })

  test.concurrent('transcripts', async () => {
    const { printed } = await runProgram('transcripts', setting)
    expect(printed).toContain("mime_type='audio/pcm;rate=24000'")
    const transcript = [...printed.matchAll(/^Output transcript: (.*)$/gm)].map(([, delta]) => delta).join('')
    expect(transcript.trim()).toBe(REPLY)
    expect(printed).not.toContain('Input transcript:')
  })

  test.concurrent('raw WebSockets', async () => {
    const run = await runProgram('websockets', setting)
    expect(run.shown).toEqual([
      '**Input:** Hello? Gemini are you there?',
      expect.stringMatching(/^\*\*Output transcription >\*\* Yes, I am here and I can hear you\.$/),
    ])
    expectAudible(run.audio)
  })
})

function expectAudible(audio: readonly { seconds: number; rms: number; dtype: string }[]): void {
  expect(audio).toHaveLength(1)
  // Nine words of at least 0.2 s each; tones of −12 dBFS peak with pauses lie near −17 dBFS, 0.14.
  expect(audio[0]!.dtype).toBe('int16')
  expect(audio[0]!.seconds).toBeGreaterThan(1.8)
  expect(audio[0]!.rms).toBeGreaterThan(0.05)
}
