import { expect, it } from 'vitest'
import { createRecognition, type WindowTranscript } from './recognition.js'

const WINDOW = 100 * 320

/** Hears the length of every window and the value of its first sample. */
function setUp(signal = new AbortController().signal, lead?: number) {
  const windows: Float32Array[] = []
  let last: Promise<unknown> = Promise.resolve()
  let failures = 0
  const parts = {
    maxWindowSamples: WINDOW,
    async transcribe(samples: Float32Array): Promise<WindowTranscript> {
      windows.push(samples)
      if (failures-- > 0) throw new Error('broken')
      const spoken = samples.length > 0
      return {
        text: spoken ? `${samples.length}` : '',
        language: 'en',
        logProbability: spoken ? -1 : 0,
        tokenCount: spoken ? 2 : 0,
        ...(lead !== undefined && { lead }),
      }
    },
    enqueue<T>(task: () => Promise<T>): Promise<T> {
      const result = last.then(task)
      last = result.catch(() => undefined)
      return result
    },
  }
  return {
    windows,
    fail: () => {
      failures = 1
    },
    open: () => createRecognition(parts, { signal }),
  }
}

it('transcribes everything pushed so far, again and again', async () => {
  const { open, windows } = setUp()
  const recognition = open()
  recognition.push(new Float32Array(1000).fill(1))
  expect(await recognition.settle()).toEqual({ text: '1000', language: 'en', averageLogProbability: -0.5 })
  recognition.push(new Float32Array(20_000).fill(2))
  expect((await recognition.settle()).text).toBe('21000')
  expect([windows[1]?.[999], windows[1]?.[1000]]).toEqual([1, 2])
})

it('tells the lead of one window, and none where there are several', async () => {
  const { open } = setUp(undefined, 2.5)
  const recognition = open()
  recognition.push(new Float32Array(1000))
  expect(await recognition.settle()).toMatchObject({ text: '1000', lead: 2.5 })
  recognition.push(new Float32Array(2 * WINDOW))
  expect(await recognition.settle()).not.toHaveProperty('lead')
})

it('answers at no cost when nothing new was pushed', async () => {
  const { open, windows } = setUp()
  const recognition = open()
  recognition.push(new Float32Array(1000))
  const first = recognition.settle()
  expect(recognition.settle()).toBe(first)
  await first
  recognition.push(new Float32Array(0))
  await recognition.settle()
  expect(windows.length).toBe(1)
})

it('settles what was there when it was asked', async () => {
  const { open } = setUp()
  const recognition = open()
  recognition.push(new Float32Array(1000))
  const first = recognition.settle()
  recognition.push(new Float32Array(500))
  const second = recognition.settle()
  recognition.close()
  recognition.push(new Float32Array(500))
  expect([(await first).text, (await second).text]).toEqual(['1000', '1500'])
})

it('cuts long audio into windows, joins them, and transcribes a finished window once', async () => {
  const { open, windows } = setUp()
  const recognition = open()
  recognition.push(new Float32Array(2.5 * WINDOW))
  const text = (await recognition.settle()).text
  const lengths = text.split(' ').map(Number)
  expect(lengths.length).toBe(3)
  expect(lengths.reduce((sum, length) => sum + length)).toBe(2.5 * WINDOW)
  const before = windows.length
  recognition.push(new Float32Array(100))
  const later = (await recognition.settle()).text.split(' ').map(Number)
  expect(later.slice(0, 2)).toEqual(lengths.slice(0, 2))
  expect(later[2]).toBe(lengths[2]! + 100)
  expect(windows.length).toBe(before + 1)
})

it('joins right when two settles of long audio overlap', async () => {
  const { open } = setUp()
  const recognition = open()
  recognition.push(new Float32Array(1.5 * WINDOW))
  const first = recognition.settle()
  recognition.push(new Float32Array(WINDOW))
  const second = recognition.settle()
  const sum = (text: string) => text.split(' ').reduce((total, length) => total + Number(length), 0)
  expect(sum((await first).text)).toBe(1.5 * WINDOW)
  expect(sum((await second).text)).toBe(2.5 * WINDOW)
})

it('tries again after a failure', async () => {
  const { open, fail } = setUp()
  const recognition = open()
  recognition.push(new Float32Array(1000))
  fail()
  await expect(recognition.settle()).rejects.toThrow('broken')
  expect((await recognition.settle()).text).toBe('1000')
})

it('rejects with the reason when aborted, and after close', async () => {
  const abort = new AbortController()
  const { open } = setUp(abort.signal)
  const recognition = open()
  recognition.push(new Float32Array(1000))
  const pending = recognition.settle()
  abort.abort(new Error('gone'))
  await expect(pending).rejects.toThrow('gone')
  const other = open()
  other.close()
  await expect(other.settle()).rejects.toThrow(/after close/)
})
