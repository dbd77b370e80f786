import { expect, test } from 'vitest'
import { writeWav } from '../audio/index.js'
import { readQuestion } from './question.js'
import { systemText } from './system-prompt.js'

test('the end of speech is the last sample within 35 dB of the peak, at 16 kHz', () => {
  const samples = new Float32Array(48_000)
  samples.fill(0.5, 0, 24_000)
  samples.fill(0.002, 24_000)
  const question = readQuestion('q.wav', writeWav(samples, 48_000))
  expect(question.samples.length).toBe(16_000)
  expect(Math.abs(question.speechEndMs - 500)).toBeLessThan(2)
})

test('bad recordings are named', () => {
  expect(() => readQuestion('a.wav', new Uint8Array(3))).toThrow('a.wav: not a WAV file')
  expect(() => readQuestion('b.wav', writeWav(new Float32Array(100), 16_000))).toThrow(
    'b.wav: the recording is silent',
  )
})

test('system texts grow with the request and share no beginning', () => {
  expect(systemText(1000, 'a').length / systemText(250, 'a').length).toBeCloseTo(4, 0)
  expect(systemText(250, 'x').slice(0, 30)).not.toBe(systemText(250, 'y').slice(0, 30))
})
