/** The contract of every speech recogniser, as the comments of the interface promise it. */
import { expect, it } from 'vitest'
import { EngineError, type Recognition, type Recognizer, type Transcript } from '../../engine/index.js'
import {
  describeBroken,
  describeEngine,
  expectAborted,
  type Make,
  neverAborted,
  rejection,
  type SuiteOptions,
} from './suite.js'

export interface RecognizerSuiteOptions extends SuiteOptions<Recognizer> {
  /** Speech, mono at 16 kHz, at least a second. */
  readonly speech: Float32Array
  /** What its transcript must match. */
  readonly expected: RegExp
  /** The language to ask for, and to find in the transcript; absent = `en`. */
  readonly language?: string
  /** The same audio gives the same transcript however it was cut; absent = true. */
  readonly repeatable?: boolean
  /** A second of zeros gives no words; false for remotes that can't tell. Absent = true. */
  readonly hearsSilence?: boolean
}

/** 20 ms, as clients send it. */
const CHUNK_SAMPLES = 320
const SAMPLE_RATE_HZ = 16_000

export function testRecognizer(name: string, make: Make<Recognizer>, options: RecognizerSuiteOptions): void {
  const { speech, expected } = options
  const language = options.language ?? 'en'
  const repeatable = options.repeatable ?? true

  describeEngine(name, 'asr', make, options, (engine) => {
    const open = (signal = neverAborted()) => engine().open({ signal, language })
    async function transcribe(chunkSamples: number): Promise<Transcript> {
      const recognition = open()
      pushAll(recognition, speech, chunkSamples)
      const transcript = await recognition.settle()
      recognition.close()
      return transcript
    }

    it('transcribes what was pushed', async () => {
      const transcript = await transcribe(CHUNK_SAMPLES)
      expect(transcript.text).toMatch(expected)
      expect(transcript.text).toBe(transcript.text.trim())
      expect(transcript.language).toBe(language.split('-')[0])
      if (transcript.averageLogProbability !== undefined)
        expect(transcript.averageLogProbability).toBeLessThanOrEqual(0)
    })

    it('hears what was said where something else is likely', async () => {
      const recognition = engine().open({
        signal: neverAborted(),
        language,
        likely: ['mm-hm', 'wait a second'],
        rivals: ['mm-hm', 'sure'],
      })
      pushAll(recognition, speech, CHUNK_SAMPLES)
      const { text, lead = 0 } = await recognition.settle()
      expect(text).toMatch(expected)
      expect(lead).toBeGreaterThanOrEqual(0)
      recognition.close()
    })

    it('takes audio in pieces of any size', async () => {
      const whole = await transcribe(speech.length)
      const odd = await transcribe(1237)
      expect(odd.text).toMatch(expected)
      if (repeatable) expect(odd.text).toBe(whole.text)
    })

    it('finds out the language by itself', async () => {
      const recognition = engine().open({ signal: neverAborted() })
      pushAll(recognition, speech, CHUNK_SAMPLES)
      const transcript = await recognition.settle()
      recognition.close()
      expect(transcript.text).not.toBe('')
      expect(transcript.language).toMatch(/^[a-z]{2,3}$/)
    })

    it('gives the same answer again when nothing was pushed in between', async () => {
      const recognition = open()
      pushAll(recognition, speech, CHUNK_SAMPLES)
      const [first, together] = await Promise.all([recognition.settle(), recognition.settle()])
      recognition.push(new Float32Array(0))
      const later = await recognition.settle()
      expect(together).toEqual(first)
      expect(later).toEqual(first)
      recognition.close()
    })

    it('goes on after it settled', async () => {
      const recognition = open()
      const half = speech.length >> 1
      pushAll(recognition, speech.subarray(0, half), CHUNK_SAMPLES)
      await recognition.settle()
      pushAll(recognition, speech.subarray(half), CHUNK_SAMPLES)
      const transcript = await recognition.settle()
      expect(transcript.text).toMatch(expected)
      if (repeatable) expect(transcript.text).toBe((await transcribe(CHUNK_SAMPLES)).text)
      recognition.close()
    })

    it('settles what was pushed before, even while more comes in', async () => {
      const recognition = open()
      pushAll(recognition, speech, CHUNK_SAMPLES)
      const pending = recognition.settle()
      recognition.push(new Float32Array(CHUNK_SAMPLES))
      expect((await pending).text).toMatch(expected)
      recognition.close()
    })

    it('hears no words where nothing was pushed', async () => {
      const recognition = open()
      expect((await recognition.settle()).text).toBe('')
      recognition.close()
    })

    it.runIf(options.hearsSilence ?? true)('hears no words in silence', async () => {
      const recognition = open()
      recognition.push(new Float32Array(SAMPLE_RATE_HZ))
      expect((await recognition.settle()).text).toBe('')
      recognition.close()
    })

    it('keeps two recognitions apart that run at the same time', async () => {
      const first = open()
      const second = open()
      for (let start = 0; start < speech.length; start += CHUNK_SAMPLES) {
        first.push(speech.slice(start, start + CHUNK_SAMPLES))
      }
      const [heard, nothing] = await Promise.all([first.settle(), second.settle()])
      expect(heard.text).toMatch(expected)
      expect(nothing.text).toBe('')
      first.close()
      second.close()
    })

    it('still answers a pending settle after close', async () => {
      const recognition = open()
      pushAll(recognition, speech, CHUNK_SAMPLES)
      const pending = recognition.settle()
      recognition.close()
      recognition.close()
      expect((await pending).text).toMatch(expected)
    })

    it('gives up one answer that is not wanted any more, and goes on', async () => {
      const recognition = open()
      pushAll(recognition, speech, CHUNK_SAMPLES)
      const wanted = new AbortController()
      const pending = rejection(recognition.settle(wanted.signal))
      wanted.abort()
      const error = await pending
      // It may have been ready before.
      if (error !== undefined) expect(isAbort(error, wanted.signal)).toBe(true)
      recognition.push(new Float32Array(CHUNK_SAMPLES))
      expect((await recognition.settle()).text).toMatch(expected)
      recognition.close()
    })

    it('rejects with the reason when aborted, before and while it settles', async () => {
      const abort = new AbortController()
      const recognition = open(abort.signal)
      pushAll(recognition, speech, CHUNK_SAMPLES)
      const pending = rejection(recognition.settle())
      abort.abort()
      const first = await pending
      // It may have been ready before the abort.
      if (first !== undefined) expect(isAbort(first, abort.signal)).toBe(true)
      await expectAborted(recognition.settle(), abort.signal)
      recognition.close()

      const late = open(AbortSignal.abort())
      pushAll(late, speech, CHUNK_SAMPLES)
      expect(await rejection(late.settle())).toBeDefined()
      late.close()
      expect((await transcribe(CHUNK_SAMPLES)).text).toMatch(expected)
    })

    describeBroken(options, async (broken) => {
      const recognition = broken.open({ signal: neverAborted(), language })
      pushAll(recognition, speech, CHUNK_SAMPLES)
      await recognition.settle()
    })
  })
}

function pushAll(recognition: Recognition, samples: Float32Array, chunkSamples: number): void {
  for (let start = 0; start < samples.length; start += chunkSamples) {
    recognition.push(samples.slice(start, start + chunkSamples))
  }
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return (
    !(error instanceof EngineError) && (error === signal.reason || (error as Error).name === 'AbortError')
  )
}
