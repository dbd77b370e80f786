/** What counts as a recording and what as a question, and a conversation in which nothing is heard; the rest is tested with the program. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { writeWav } from '../audio/index.js'
import { connectLive } from '../client/index.js'
import { startScriptedServer } from '../testing/scripted-server.js'
import { summary } from './ask.js'
import { converse } from './ask-conversation.js'
import { checkOutput, readInput } from './ask-input.js'

const folder = mkdtempSync(join(tmpdir(), 'vivavoce-ask-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function recording(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

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
  [folder, 'is a folder: name a WAV file in it'],
  [recording('empty.wav', new Uint8Array()), 'empty.wav: the file is empty'],
  [recording('header.wav', writeWav(new Float32Array(0), 16_000)), 'header.wav: the recording is empty'],
  [recording('cut.wav', writeWav(new Float32Array(9), 16_000).slice(0, 30)), 'cut.wav: broken WAV file'],
  [
    recording('silent.wav', writeWav(new Float32Array(16_000), 16_000)),
    'silent.wav: the recording is silent',
  ],
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

const hum = writeWav(new Float32Array(8_000).fill(0.001), 16_000)

test('a recording without speech ends with what was heard and what to do', async () => {
  const server = await startScriptedServer()
  const client = await connectLive({ url: server.http, model: 'gemini-live-2.5-flash', WebSocket })
  const input = await readInput(recording('hum.wav', hum))
  await expect(converse(client, input, { show: () => {}, play: () => {} }, 500)).rejects.toThrow(
    /^no speech was heard in .*hum\.wav \(0\.5 s, -60 dBFS at its loudest\): listen to it/,
  )
  await server.close()
})
