/** The contract of every speech detector, as the comments of the interface promise it. */
import { expect, it } from 'vitest'
import { SPEECH_FRAME_SAMPLES, type SpeechDetector, type SpeechScore } from '../../engine/index.js'
import {
  collect,
  describeBroken,
  describeEngine,
  expectAborted,
  type Make,
  neverAborted,
  type SuiteOptions,
} from './suite.js'

export interface SpeechDetectorSuiteOptions extends SuiteOptions<SpeechDetector> {
  /** Speech, mono at 16 kHz, at least a second. */
  readonly speech: Float32Array
}

const SAMPLE_RATE_HZ = 16_000

export function testSpeechDetector(
  name: string,
  make: Make<SpeechDetector>,
  options: SpeechDetectorSuiteOptions,
): void {
  const { speech } = options
  const silence = new Float32Array(SAMPLE_RATE_HZ)

  describeEngine(name, 'vad', make, options, (engine) => {
    function score(samples: Float32Array, chunkSamples: number): Promise<SpeechScore[]> {
      const detection = engine().open({ signal: neverAborted() })
      for (let start = 0; start < samples.length; start += chunkSamples) {
        detection.push(samples.slice(start, start + chunkSamples))
      }
      detection.finish()
      return collect(detection)
    }

    it('scores every whole frame once, in order', async () => {
      const scores = await score(speech, 320)
      expect(scores.map(({ startSample }) => startSample)).toEqual(
        Array.from(
          { length: Math.floor(speech.length / SPEECH_FRAME_SAMPLES) },
          (_, index) => index * SPEECH_FRAME_SAMPLES,
        ),
      )
      for (const { probability } of scores) {
        expect(probability).toBeGreaterThanOrEqual(0)
        expect(probability).toBeLessThanOrEqual(1)
      }
    })

    it('hears speech, and none in silence', async () => {
      const heard = (await score(speech, 320)).map(({ probability }) => probability)
      expect(Math.max(...heard)).toBeGreaterThan(0.5)
      const quiet = (await score(silence, 320)).map(({ probability }) => probability)
      expect(Math.max(...quiet)).toBeLessThan(0.5)
    })

    it('gives the same scores however the audio was cut', async () => {
      const whole = await score(speech, speech.length)
      const odd = await score(speech, 777)
      expect(odd.length).toBe(whole.length)
      odd.forEach(({ probability }, index) => {
        expect(probability).toBeCloseTo(whole[index]!.probability, 4)
      })
    })

    it('ends after finish: with nothing pushed, and with less than a frame', async () => {
      expect(await score(new Float32Array(0), 1)).toEqual([])
      expect(await score(speech.subarray(0, SPEECH_FRAME_SAMPLES - 1), 100)).toEqual([])
    })

    it('scores while the stream goes on', async () => {
      const detection = engine().open({ signal: neverAborted() })
      const scores = detection[Symbol.asyncIterator]()
      const waiting = scores.next()
      detection.push(speech.slice(0, 300))
      detection.push(speech.slice(300, SPEECH_FRAME_SAMPLES + 10))
      expect((await waiting).value).toMatchObject({ startSample: 0 })
      detection.push(speech.slice(SPEECH_FRAME_SAMPLES + 10, 2 * SPEECH_FRAME_SAMPLES))
      expect((await scores.next()).value).toMatchObject({ startSample: SPEECH_FRAME_SAMPLES })
      detection.finish()
      expect((await scores.next()).done).toBe(true)
    })

    it('keeps two streams apart that run at the same time', async () => {
      const alone = await score(speech, 320)
      const first = engine().open({ signal: neverAborted() })
      const second = engine().open({ signal: neverAborted() })
      for (let start = 0; start < speech.length; start += 320) {
        first.push(speech.slice(start, start + 320))
        second.push(new Float32Array(320))
      }
      first.finish()
      second.finish()
      const [heard, quiet] = await Promise.all([collect(first), collect(second)])
      heard.forEach(({ probability }, index) => {
        expect(probability).toBeCloseTo(alone[index]!.probability, 4)
      })
      expect(Math.max(...quiet.map(({ probability }) => probability))).toBeLessThan(0.5)
    })

    it('ends when aborted, and others go on', async () => {
      const abort = new AbortController()
      const detection = engine().open({ signal: abort.signal })
      detection.push(speech.slice(0, SPEECH_FRAME_SAMPLES))
      const run = collect(detection)
      abort.abort()
      await expectAborted(run, abort.signal)
      detection.push(speech.slice(0, SPEECH_FRAME_SAMPLES))
      detection.finish()
      await expectAborted(collect(engine().open({ signal: AbortSignal.abort() })), abort.signal)
      expect((await score(speech, 320)).length).toBeGreaterThan(0)
    })

    it('may be left early', async () => {
      const detection = engine().open({ signal: neverAborted() })
      detection.push(speech.slice(0, 8 * SPEECH_FRAME_SAMPLES))
      for await (const { startSample } of detection) if (startSample >= SPEECH_FRAME_SAMPLES) break
      detection.push(speech.slice(0, SPEECH_FRAME_SAMPLES))
      detection.finish()
      expect((await score(speech, 320)).length).toBeGreaterThan(0)
    })

    describeBroken(options, (broken) => {
      const detection = broken.open({ signal: neverAborted() })
      detection.push(speech.slice())
      detection.finish()
      return collect(detection)
    })
  })
}
