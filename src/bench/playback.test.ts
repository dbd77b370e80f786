import { expect, test } from 'vitest'
import { createPlayback } from './playback.js'

const HZ = 24_000
const silence = (ms: number) => new Float32Array((ms * HZ) / 1000)
const tone = (ms: number) => silence(ms).fill(0.5)
const joined = (a: Float32Array, b: Float32Array) => Float32Array.from([...a, ...b])

test('the first audible sample counts from arrival plus its place in the chunk', () => {
  const playback = createPlayback(HZ)
  playback.receive(1000, joined(silence(40), tone(60)))
  expect(playback.firstArrivalMs).toBe(1000)
  expect(playback.firstAudibleMs).toBe(1040)
  expect(playback.endMs).toBe(1100)
})

test('silence that is queued first delays what follows it', () => {
  const playback = createPlayback(HZ)
  playback.receive(1000, silence(200))
  playback.receive(1010, tone(100))
  expect(playback.firstAudibleMs).toBe(1200)
})

test('a chunk that comes after everything was played is an under-run of the time in between', () => {
  const playback = createPlayback(HZ)
  playback.receive(0, tone(100))
  playback.receive(90, tone(100))
  playback.receive(250, tone(100))
  expect(playback.underruns).toEqual([{ atMs: 200, lengthMs: 50 }])
  expect(playback.endMs).toBe(350)
})

test('a gap below 5 ms is not counted, and nothing is audible in silence', () => {
  const playback = createPlayback(HZ)
  playback.receive(0, silence(100))
  playback.receive(103, silence(100))
  expect(playback.underruns).toEqual([])
  expect(playback.firstAudibleMs).toBeUndefined()
})

test('clearing ends playback at once', () => {
  const playback = createPlayback(HZ)
  playback.receive(0, tone(1000))
  playback.clear(300)
  expect(playback.endMs).toBe(300)
  expect(playback.receivedMs).toBe(1000)
})
