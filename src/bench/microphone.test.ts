/** The microphone on a clock of its own: real time, silence around the question, nothing lost when a timer is late. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openMicrophone } from './microphone.js'

let nowMs = 0
beforeEach(() => {
  vi.useFakeTimers()
  nowMs = 0
})
afterEach(() => vi.useRealTimers())

function advance(ms: number) {
  for (let step = 0; step < ms; step++) {
    nowMs++
    vi.advanceTimersByTime(1)
  }
}

function open() {
  const frames: { atMs: number; first: number; bytes: number }[] = []
  const sendAudio = (pcm: Uint8Array) =>
    frames.push({ atMs: nowMs, first: new DataView(pcm.buffer).getInt16(0, true), bytes: pcm.length })
  return { frames, microphone: openMicrophone({ sendAudio }, () => nowMs) }
}

const question = (samples: number) => ({
  name: 'q',
  samples: new Float32Array(samples).fill(0.5),
  speechEndMs: samples / 16,
})

test('sends 640 bytes for every 20 ms that have passed, silence included', () => {
  const { frames, microphone } = open()
  advance(200)
  expect(frames.map(({ atMs }) => atMs)).toEqual([20, 40, 60, 80, 100, 120, 140, 160, 180, 200])
  expect(frames.every(({ bytes, first }) => bytes === 640 && first === 0)).toBe(true)
  microphone.stop()
  advance(100)
  expect(frames).toHaveLength(10)
})

test('a question starts with the next frame and leaves as it is spoken', () => {
  const { frames, microphone } = open()
  advance(50)
  expect(microphone.say(question(700))).toBe(40)
  advance(110)
  const spoken = frames.filter(({ first }) => first !== 0).map(({ atMs }) => atMs)
  expect(spoken).toEqual([60, 80, 100])
})

test('frames missed by a late timer follow at once', () => {
  const { frames } = open()
  advance(20)
  nowMs += 100
  advance(10)
  expect(frames.length).toBe(6)
})
