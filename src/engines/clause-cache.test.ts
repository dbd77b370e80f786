import { describe, expect, it } from 'vitest'
import { SPEECH_OUTPUT_HZ, type Synthesizer, type VoiceOptions } from '../engine/index.js'
import { withClauseCache } from './clause-cache.js'

/** Speaks one second in two pieces and writes down what it was asked. */
function synthesizerOf(seconds = 1): Synthesizer & { readonly spoken: string[] } {
  const spoken: string[] = []
  return {
    spoken,
    info: { id: 'test', kind: 'tts', languages: [], description: '' },
    async *speak(text, voice, signal) {
      spoken.push(`${text}/${voice.name ?? ''}`)
      for (let piece = 0; piece < 2; piece++) {
        signal.throwIfAborted()
        yield new Float32Array((SPEECH_OUTPUT_HZ * seconds) / 2).fill(0.1)
      }
    },
  }
}

async function say(synthesizer: Synthesizer, text: string, voice: VoiceOptions = {}, signal?: AbortSignal) {
  const pieces: Float32Array[] = []
  for await (const piece of synthesizer.speak(text, voice, signal ?? new AbortController().signal))
    pieces.push(piece)
  return pieces
}

describe('withClauseCache', () => {
  it('speaks a clause once and plays it again the same', async () => {
    const synthesizer = synthesizerOf()
    const cached = withClauseCache(synthesizer, { maxSeconds: 10 })
    const first = await say(cached, 'Sure,', { name: 'Puck' })
    expect(await say(cached, ' Sure, ', { name: 'puck', speed: 1 })).toEqual(first)
    expect(synthesizer.spoken).toEqual(['Sure,/Puck'])
  })

  it.each<[string, VoiceOptions]>([
    ['name', { name: 'Kore' }],
    ['language', { name: 'Puck', language: 'es' }],
    ['speed', { name: 'Puck', speed: 1.1 }],
  ])('tells clauses apart by %s', async (_, voice) => {
    const synthesizer = synthesizerOf()
    const cached = withClauseCache(synthesizer, { maxSeconds: 10 })
    await say(cached, 'Sure,', { name: 'Puck' })
    await say(cached, 'Sure,', voice)
    expect(synthesizer.spoken).toHaveLength(2)
  })

  it('lets the least recently used go when full', async () => {
    const synthesizer = synthesizerOf()
    const cached = withClauseCache(synthesizer, { maxSeconds: 2 })
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) await say(cached, text)
    expect(synthesizer.spoken).toEqual(['a/', 'b/', 'c/', 'b/'])
  })

  it('keeps nothing that is too long, was cut short or ended early', async () => {
    const long = synthesizerOf(6)
    const cachedLong = withClauseCache(long, { maxSeconds: 100 })
    await say(cachedLong, 'a')
    await say(cachedLong, 'a')
    expect(long.spoken).toHaveLength(2)

    const synthesizer = synthesizerOf()
    const cached = withClauseCache(synthesizer, { maxSeconds: 100 })
    const abort = new AbortController()
    const cut = (async () => {
      for await (const _ of cached.speak('b', {}, abort.signal)) abort.abort(new Error('stop'))
    })()
    await expect(cut).rejects.toThrow('stop')
    for await (const _ of cached.speak('b', {}, new AbortController().signal)) break
    await say(cached, 'b')
    expect(synthesizer.spoken).toHaveLength(3)
  })

  it('rejects with the reason when the signal has already fired', async () => {
    const cached = withClauseCache(synthesizerOf(), { maxSeconds: 100 })
    await say(cached, 'a')
    await expect(say(cached, 'a', {}, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
  })
})
