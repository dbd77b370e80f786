/** The contract of every turn detector, as the comments of the interface promise it. */
import { expect, it } from 'vitest'
import type { TurnDetector } from '../../engine/index.js'
import {
  describeBroken,
  describeEngine,
  expectAborted,
  type Make,
  neverAborted,
  type SuiteOptions,
} from './suite.js'

export interface TurnDetectorSuiteOptions extends SuiteOptions<TurnDetector> {
  /** A whole sentence with a little silence behind it, mono at 16 kHz, 1 … 8 s. */
  readonly finished: Float32Array
}

const SECOND = 16_000

export function testTurnDetector(
  name: string,
  make: Make<TurnDetector>,
  options: TurnDetectorSuiteOptions,
): void {
  const { finished } = options

  describeEngine(name, 'turn', make, options, (engine) => {
    const score = (samples: Float32Array) => engine().score(samples, neverAborted())

    it.each([
      ['nothing', new Float32Array(0)],
      ['silence', new Float32Array(SECOND)],
      ['a sentence', finished],
      ['a whole minute', new Float32Array(60 * SECOND).map((_, index) => Math.sin(index / 9) / 4)],
    ])('gives a probability for %s', async (_what, samples) => {
      const probability = await score(samples)
      expect(probability).toBeGreaterThanOrEqual(0)
      expect(probability).toBeLessThanOrEqual(1)
    })

    it('scores the same sound the same, and leaves the samples as they are', async () => {
      const copy = finished.slice()
      expect(await score(finished)).toBe(await score(copy))
      expect(finished).toEqual(copy)
    })

    it('hears the last 8 s', async () => {
      const long = new Float32Array(12 * SECOND).fill(0.1)
      long.set(finished, long.length - finished.length)
      expect(await score(long)).toBeCloseTo(await score(long.subarray(4 * SECOND)), 6)
    })

    it('answers several at once', async () => {
      const alone = await score(finished)
      expect(await Promise.all([score(finished), score(finished.slice()), score(finished)])).toEqual([
        alone,
        alone,
        alone,
      ])
    })

    it('stops at an abort', async () => {
      const abort = new AbortController()
      const call = engine().score(finished, abort.signal)
      abort.abort(new DOMException('not wanted', 'AbortError'))
      // A score that was ready already is as good.
      await expectAborted(
        call.then(() => undefined),
        abort.signal,
      )
      await expectAborted(engine().score(finished, AbortSignal.abort()), AbortSignal.abort())
    })

    describeBroken(options, (broken) => broken.score(finished, neverAborted()))
  })
}
