/** The contract of every synthesiser, as the comments of the interface promise it. */
import { expect, it } from 'vitest'
import { firstAudibleSample, joinSamples, lastAudibleSample, peak, rms, toDbfs } from '../../audio/index.js'
import { SPEECH_OUTPUT_HZ, type Synthesizer, type VoiceOptions } from '../../engine/index.js'
import {
  collect,
  describeBroken,
  describeEngine,
  expectAborted,
  type Make,
  neverAborted,
  type SuiteOptions,
} from './suite.js'

export interface SynthesizerSuiteOptions extends SuiteOptions<Synthesizer> {
  /** A second language that it speaks, and a sentence in it. */
  readonly otherLanguage?: { readonly language: string; readonly text: string }
  /** The same text has the same length twice; absent = true. */
  readonly repeatable?: boolean
  /** It obeys `speed`; absent = true. */
  readonly speeds?: boolean
}

const SENTENCE = 'The train to Lisbon leaves at half past nine.'
const CLAUSE = 'Well, of course,'
/** 40 ms and half a second at 24 kHz; a natural pause is 250 ms. */
const MAX_LEADING_SAMPLES = 0.04 * SPEECH_OUTPUT_HZ
const MAX_TRAILING_SAMPLES = 0.5 * SPEECH_OUTPUT_HZ
/** −50 dBFS: a step of so much is no click. */
const SILENT_EDGE = 0.00316

export function testSynthesizer(
  name: string,
  make: Make<Synthesizer>,
  options: SynthesizerSuiteOptions,
): void {
  const repeatable = options.repeatable ?? true

  describeEngine(name, 'tts', make, options, (engine) => {
    const speak = async (text: string, voice: VoiceOptions = {}) =>
      joinSamples(await collect(engine().speak(text, voice, neverAborted())))

    it.each([SENTENCE, CLAUSE, 'Yes.'])(
      'speaks audibly, within bounds and with trimmed edges: %s',
      async (text) => {
        const pieces = await collect(engine().speak(text, {}, neverAborted()))
        expect(pieces.length).toBeGreaterThan(0)
        for (const piece of pieces) expect(piece).toBeInstanceOf(Float32Array)
        const audio = joinSamples(pieces)
        expect(audio.every((sample) => Number.isFinite(sample))).toBe(true)
        expect(peak(audio)).toBeLessThanOrEqual(1)
        expect(toDbfs(rms(audio))).toBeGreaterThan(-45)
        // Nobody speaks a syllable in less than 60 ms, or a word of these in more than 2 s.
        const words = text.split(' ').length
        expect(audio.length).toBeGreaterThan(words * 0.06 * SPEECH_OUTPUT_HZ)
        expect(audio.length).toBeLessThan((words + 1) * 2 * SPEECH_OUTPUT_HZ)
        expect(firstAudibleSample(audio)).toBeLessThanOrEqual(MAX_LEADING_SAMPLES)
        expect(audio.length - lastAudibleSample(audio)).toBeLessThanOrEqual(MAX_TRAILING_SAMPLES)
      },
    )

    it.each(['Breakfast is served ', 'from seven to ten on Sundays ', CLAUSE])(
      'begins and ends in silence, so that nothing clicks where clauses join: %s',
      async (text) => {
        const audio = await speak(text)
        for (const edge of [audio.at(0)!, audio.at(-1)!]) expect(Math.abs(edge)).toBeLessThan(SILENT_EDGE)
      },
    )

    it.each(['', '   ', '…', '?!', '—', '"'])(
      'says nothing where there is nothing to say: %j',
      async (text) => {
        expect((await speak(text)).length).toBe(0)
      },
    )

    it('takes longer for more words', async () => {
      const short = await speak('Yes.')
      const long = await speak(`${SENTENCE} It stops at every little station on the way.`)
      expect(long.length).toBeGreaterThan(2 * short.length)
    })

    it('speaks with any voice name', async () => {
      for (const voice of ['Aoede', 'Puck', 'no such voice', ''])
        expect((await speak('Good evening.', { name: voice })).length).toBeGreaterThan(0)
    })

    it.runIf(options.speeds ?? true)('speaks faster and slower', async () => {
      const slow = await speak(SENTENCE, { speed: 0.7 })
      const fast = await speak(SENTENCE, { speed: 1.3 })
      expect(fast.length).toBeLessThan(slow.length * 0.8)
    })

    it.runIf(options.otherLanguage !== undefined)('speaks its other language', async () => {
      const { language, text } = options.otherLanguage!
      expect(toDbfs(rms(await speak(text, { language })))).toBeGreaterThan(-45)
    })

    it.runIf(repeatable)('speaks the same text equally long twice', async () => {
      expect((await speak(CLAUSE)).length).toBe((await speak(CLAUSE)).length)
    })

    it('keeps two texts apart that are spoken at the same time', async () => {
      const [long, short] = await Promise.all([speak(SENTENCE), speak('Yes.')])
      expect(long.length).toBeGreaterThan(short.length)
      if (repeatable) expect(short.length).toBe((await speak('Yes.')).length)
    })

    it('says nothing when the signal was aborted before', async () => {
      const signal = AbortSignal.abort()
      const pieces: Float32Array[] = []
      const run = async () => {
        for await (const piece of engine().speak(SENTENCE, {}, signal)) pieces.push(piece)
      }
      await expectAborted(run(), signal)
      expect(pieces).toEqual([])
    })

    it('says no more when aborted, and speaks again', async () => {
      const abort = new AbortController()
      const audio = engine().speak(SENTENCE, {}, abort.signal)[Symbol.asyncIterator]()
      const pending = audio.next()
      abort.abort()
      await expectAborted(pending, abort.signal)
      expect((await speak('Yes.')).length).toBeGreaterThan(0)
    })

    it('may be left early', async () => {
      for await (const _ of engine().speak(SENTENCE, {}, neverAborted())) break
      expect((await speak('Yes.')).length).toBeGreaterThan(0)
    })

    describeBroken(options, (broken) => collect(broken.speak(SENTENCE, {}, neverAborted())))
  })
}
