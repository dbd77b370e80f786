/** What counts as a recording and what as a question; the rest of `ask` is tested against a running server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { writeWav } from '../audio/index.js'
import { checkOutput, readInput, summary } from './ask.js'

const folder = mkdtempSync(join(tmpdir(), 'vivavoce-ask-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a file is a recording, brought to 16 kHz', async () => {
  const path = join(folder, 'a.wav')
  writeFileSync(path, writeWav(new Float32Array(48_000).fill(0.1), 48_000))
  expect(await readInput(path)).toMatchObject({ seconds: 1, pcm16: { length: 32_000 } })
})

test.each(['What is a fugue?', 'Play answer.wav for me', 'a/b or c', 'x'.repeat(5000)])(
  '%s is a question',
  async (text) => {
    expect(await readInput(text)).toEqual({ text })
  },
)

test.each([
  ['missing.wav', 'there is no file missing.wav'],
  [join(folder, 'none.MP3'), 'there is no file'],
  ['  ', 'the question is empty'],
])('%j is neither', async (question, reason) => {
  await expect(readInput(question)).rejects.toThrow(reason)
})

test('a file that is no recording is named with the cure', async () => {
  const path = join(folder, 'b.mp3')
  writeFileSync(path, 'ID3…')
  await expect(readInput(path)).rejects.toThrow(/b\.mp3: not a WAV file.*ffmpeg/)
})

test('where the answer cannot be written is told before the question is asked', async () => {
  await expect(checkOutput(join(folder, 'none/a.wav'))).rejects.toThrow(/no folder .*none/)
  await expect(checkOutput(folder)).rejects.toThrow('is a folder')
  await checkOutput(join(folder, 'new.wav'))
})

test('an answer without audio is said to have left no file', () => {
  const report = {
    heard: '',
    answer: '',
    firstOutputMs: undefined,
    totalMs: 5,
    answerSeconds: 0,
    totalTokens: 3,
  }
  expect(summary(report, { model: 'm', output: 'x.wav' }, undefined)).toBe(
    'No answer.\nNothing was written to x.wav: the answer has no audio.',
  )
})
