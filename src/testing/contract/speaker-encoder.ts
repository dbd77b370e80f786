/** The contract of every speaker encoder, as the comments of the interface promise it. */
import { expect, it } from 'vitest'
import { likeness, type SpeakerEncoder } from '../../engine/index.js'
import {
  describeBroken,
  describeEngine,
  expectAborted,
  type Make,
  neverAborted,
  type SuiteOptions,
} from './suite.js'

export interface SpeakerEncoderSuiteOptions extends SuiteOptions<SpeakerEncoder> {
  /** Mono at 16 kHz, 2 … 6 s each, other words in each: two of one speaker, one of another. */
  readonly speech: readonly [one: Float32Array, same: Float32Array, other: Float32Array]
}

const SECOND = 16_000

export function testSpeakerEncoder(
  name: string,
  make: Make<SpeakerEncoder>,
  options: SpeakerEncoderSuiteOptions,
): void {
  const [one, same, other] = options.speech

  describeEngine(name, 'speaker', make, options, (engine) => {
    const encode = (samples: Float32Array) => engine().encode(samples, neverAborted())

    it.each([
      ['nothing', new Float32Array(0)],
      ['silence', new Float32Array(SECOND)],
      ['a syllable', one.subarray(0, SECOND / 4)],
    ])('knows nobody by %s', async (_what, samples) => {
      const { direction, speechMs } = await encode(samples)
      expect(direction).toHaveLength(0)
      expect(speechMs).toBeLessThan(500)
    })

    it('finds one speaker more alike than two', async () => {
      const [first, second, third] = await Promise.all([one, same, other].map(encode))
      for (const { direction } of [first!, second!, third!])
        expect(likeness(direction, direction)).toBeCloseTo(1, 4)
      expect(likeness(first!.direction, second!.direction)).toBeGreaterThan(
        likeness(first!.direction, third!.direction) + 0.1,
      )
    })

    it('hears the same voice at every level', async () => {
      const { direction } = await encode(one)
      const quiet = await encode(one.map((sample) => sample / 30))
      expect(likeness(direction, quiet.direction)).toBeGreaterThan(0.999)
    })

    it('says the same twice, also of several at once, and leaves the samples as they are', async () => {
      const copy = one.slice()
      const alone = await encode(one)
      expect(await Promise.all([encode(one), encode(copy)])).toEqual([alone, alone])
      expect(one).toEqual(copy)
    })

    it('stops at an abort', async () => {
      const abort = new AbortController()
      const call = engine().encode(one, abort.signal)
      abort.abort(new DOMException('not wanted', 'AbortError'))
      await expectAborted(
        call.then(() => undefined),
        abort.signal,
      )
      await expectAborted(
        engine()
          .encode(one, AbortSignal.abort())
          .then(() => {
            throw new Error('it went on')
          }),
        AbortSignal.abort(),
      )
    })

    describeBroken(options, (broken) => broken.encode(one, neverAborted()))
  })
}
