/** The contract of every tone reader, as the comments of the interface promise it. */
import { expect, it } from 'vitest'
import { NO_VOICE } from '../../audio/index.js'
import type { ToneReader } from '../../engine/index.js'
import {
  describeBroken,
  describeEngine,
  expectAborted,
  type Make,
  neverAborted,
  type SuiteOptions,
} from './suite.js'

export interface ToneReaderSuiteOptions extends SuiteOptions<ToneReader> {
  /** A sentence, mono at 16 kHz, 1 … 12 s. */
  readonly speech: Float32Array
}

const SECOND = 16_000

export function testToneReader(name: string, make: Make<ToneReader>, options: ToneReaderSuiteOptions): void {
  const { speech } = options

  describeEngine(name, 'tone', make, options, (engine) => {
    const listen = (samples: Float32Array) => engine().listen(samples, neverAborted())

    it.each([
      ['nothing', new Float32Array(0)],
      ['silence', new Float32Array(SECOND)],
    ])('hears no voice in %s', async (_what, samples) => {
      expect(await listen(samples)).toEqual(NO_VOICE)
    })

    it('gives plausible figures for speech, twice the same, and leaves the samples as they are', async () => {
      const copy = speech.slice()
      const manner = await listen(speech)
      expect(manner.voicedMs).toBeGreaterThan(200)
      expect(manner.pitchHz).toBeGreaterThan(60)
      expect(manner.pitchHz).toBeLessThan(450)
      expect(manner.loudnessDb).toBeLessThan(0)
      expect(manner.syllablesPerS).toBeGreaterThan(0)
      expect(await listen(copy)).toEqual(manner)
      expect(speech).toEqual(copy)
    })

    it('hears the last 12 s', async () => {
      const long = new Float32Array(15 * SECOND)
      long.set(speech, 0)
      expect(await listen(long)).toEqual(speech.length > 3 * SECOND ? expect.anything() : NO_VOICE)
    })

    it('answers several at once', async () => {
      const alone = await listen(speech)
      expect(await Promise.all([listen(speech), listen(speech.slice())])).toEqual([alone, alone])
    })

    it('stops at an abort', async () => {
      const abort = new AbortController()
      const call = engine().listen(speech, abort.signal)
      abort.abort(new DOMException('not wanted', 'AbortError'))
      // Figures that were ready already are as good.
      await expectAborted(
        call.then(() => undefined),
        abort.signal,
      )
      await expectAborted(engine().listen(speech, AbortSignal.abort()), AbortSignal.abort())
    })

    describeBroken(options, (broken) => broken.listen(speech, neverAborted()))
  })
}
