import { describe, expect, it } from 'vitest'
import { SPEECH_OUTPUT_HZ, type Synthesizer } from '../engine/index.js'
import { kokoroKeepsUp, measureRealTimeFactor } from './calibrate.js'

/** Speaks 0.5 s per word; every word moves the clock by `msPerWord`, and by ten times that in the first call. */
function timedSynthesizer(msPerWord: number, secondsPerWord = 0.5) {
  let nowMs = 0
  let calls = 0
  const synthesizer: Synthesizer = {
    info: { id: 'timed', kind: 'tts', languages: [], description: '' },
    async *speak(text, _voice, signal) {
      signal.throwIfAborted()
      calls++
      const words = text.split(' ').length
      nowMs += words * msPerWord * (calls === 1 ? 10 : 1)
      yield new Float32Array(words * secondsPerWord * SPEECH_OUTPUT_HZ)
    },
  }
  return { synthesizer, now: () => nowMs }
}

describe('measureRealTimeFactor', () => {
  const signal = new AbortController().signal

  it('is computing time over audio time, without the warm-up', async () => {
    const { synthesizer, now } = timedSynthesizer(100)
    expect(await measureRealTimeFactor(synthesizer, signal, now)).toBe(0.2)
  })

  it('is an error when there is no audio, and ends on abort', async () => {
    const silent = timedSynthesizer(100, 0)
    await expect(measureRealTimeFactor(silent.synthesizer, signal, silent.now)).rejects.toThrow(/no audio/)
    const { synthesizer, now } = timedSynthesizer(100)
    const aborted = AbortSignal.abort(new Error('enough'))
    await expect(measureRealTimeFactor(synthesizer, aborted, now)).rejects.toThrow('enough')
  })
})

describe('kokoroKeepsUp', () => {
  it.each([
    [0.2, true],
    [0.35, true],
    [0.36, false],
    [0.9, false],
  ])('%d → %s', (factor, keepsUp) => {
    expect(kokoroKeepsUp(factor).keepsUp).toBe(keepsUp)
  })

  it('says the figure and the limit in one line', () => {
    expect(kokoroKeepsUp(0.563).reason).toBe(
      "because Kokoro's real-time factor here is 0.56 with half of the cores (0.35 at most)",
    )
    expect(kokoroKeepsUp(0.2).reason).toMatch(/^because its .* 0\.20 /)
  })
})
