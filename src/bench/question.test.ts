import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pcm16ToFloat, writeWav } from '../audio/index.js'
import { findSpeechEndMs, readQuestion } from './question.js'
import { contextOf, systemText } from './system-prompt.js'

/** A 200 Hz tone of half a second, then `rest` for half a second. */
function speech(rest: (index: number) => number): Float32Array {
  return Float32Array.from({ length: 16_000 }, (_, index) =>
    index < 8000 ? 0.5 * Math.sin((index * Math.PI) / 40) : rest(index),
  )
}

test.each([
  ['silence', () => 0],
  ['room noise 40 dB below', (index: number) => 0.005 * Math.sin(index * 1.7)],
  ['a click at the end', (index: number) => (index > 15_700 ? 0.1 : 0)],
])('speech ends where the level falls for good: before %s', (_name, rest) => {
  expect(Math.abs(findSpeechEndMs(speech(rest)) - 500)).toBeLessThanOrEqual(10)
})

test('a recording of any rate is brought to 16 kHz', () => {
  const samples = new Float32Array(48_000).fill(0.5, 0, 24_000)
  const question = readQuestion('q.wav', writeWav(samples, 48_000))
  expect(question.samples.length).toBe(16_000)
  expect(Math.abs(question.speechEndMs - 500)).toBeLessThanOrEqual(10)
})

const recording = new URL('../../../shared/fixtures/hello_are_you_there.pcm', import.meta.url)
test.skipIf(!existsSync(recording))(
  'finds the end of a real recording: 50 ms before its cut copy ends',
  () => {
    const cut = readFileSync(new URL('hello_are_you_there_cut.pcm', recording))
    expect(findSpeechEndMs(pcm16ToFloat(readFileSync(recording)))).toBe(
      Math.floor(cut.length / 320) * 10 - 50,
    )
  },
)

test('bad recordings are named', () => {
  expect(() => readQuestion('a.wav', new Uint8Array(3))).toThrow('a.wav: not a WAV file')
  const silence = writeWav(new Float32Array(1000), 16_000)
  expect(() => readQuestion('b.wav', silence)).toThrow('b.wav: the recording is silent')
})

test('system texts grow with the request and share no beginning', () => {
  expect(systemText(1000, 'a').length / systemText(250, 'a').length).toBeCloseTo(4, 0)
  expect(systemText(250, 'x').slice(0, 30)).not.toBe(systemText(250, 'y').slice(0, 30))
})

test('half of a context with functions are functions, of which no two have a name', () => {
  const { systemInstruction, tools } = contextOf(3000, 'a', true)
  const declared = (tools[0] as { functionDeclarations: { name: string }[] }).functionDeclarations
  expect(new Set(declared.map(({ name }) => name)).size).toBe(declared.length)
  const share = JSON.stringify(declared).length / systemInstruction.parts[0]!.text.length
  expect(share).toBeGreaterThan(0.7)
  expect(share).toBeLessThan(1.4)
  expect(contextOf(3000, 'a', false).tools).toEqual([])
})
