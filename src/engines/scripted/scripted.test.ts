import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lastAudibleSample, peak, readWav, resample, rms, toDbfs } from '../../audio/index.js'
import type { EngineSet, GenerationPart, Prompt } from '../../engine/index.js'
import { createManualClock } from '../../testing/manual-clock.js'
import { createScriptedEngines, loadScript } from './index.js'

/** A signal that nobody aborts. */
const never = () => new AbortController().signal

function engines(yaml = '', clock = createManualClock()): EngineSet {
  return createScriptedEngines({ script: loadScript(yaml, 'test.yaml'), clock })
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

function prompt(...userTexts: string[]): Prompt {
  const messages = userTexts.flatMap((text, index) => [
    ...(index === 0 ? [] : [{ role: 'model' as const, text: 'ok' }]),
    { role: 'user' as const, text },
  ])
  return { system: 'Be brief.', messages }
}

async function answer(set: EngineSet, input: Prompt, maxOutputTokens?: number): Promise<GenerationPart[]> {
  const sampling = maxOutputTokens === undefined ? {} : { maxOutputTokens }
  return collect(set.llm.open({ signal: never() }).generate(input, sampling, never()))
}

function textOf(parts: GenerationPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

async function speech(set: EngineSet, text: string, voice = {}): Promise<Float32Array[]> {
  return collect(set.tts.speak(text, voice, never()))
}

async function hear(set: EngineSet, samples: Float32Array, session?: string): Promise<string> {
  const recognition = set.asr.open({ signal: never(), ...(session === undefined ? {} : { session }) })
  recognition.push(samples)
  return (await recognition.settle()).text
}

/** A loud 200 Hz tone at 16 kHz between two silences of 300 ms. */
function tone(ms: number): Float32Array {
  const samples = new Float32Array((ms + 600) * 16)
  for (let index = 0; index < ms * 16; index++) samples[4800 + index] = 0.3 * Math.sin((index * Math.PI) / 40)
  return samples
}

describe('the scripted language model', () => {
  it('calls what the script says and the client declared, and answers what came back', async () => {
    const set = engines(`
rules:
  - match: { contains: weather }
    reply: Let me look.
    toolCalls: [{ name: weather, args: { city: Oslo } }, { name: unknown }]
  - match: { toolResult: weather, result: SNOW }
    reply: Boots.
  - match: { toolResult: weather, contains: tomorrow }
    reply: Tomorrow is fine.
`)
    const functions = [{ name: 'weather', description: '' }]
    const answered = (question: string, output: string): Prompt => ({
      system: '',
      functions,
      messages: [
        { role: 'user', text: question },
        { role: 'call', id: '1', name: 'weather', args: {} },
        { role: 'result', id: '1', name: 'weather', result: { output } },
      ],
    })
    const parts = await answer(set, { ...prompt('The weather?'), functions })
    expect(textOf(parts)).toBe('Let me look.')
    expect(parts.filter(({ type }) => type === 'call')).toEqual([
      { type: 'call', name: 'weather', args: { city: 'Oslo' } },
    ])
    expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'stop' })
    expect((await answer(set, prompt('The weather?'))).some(({ type }) => type === 'call')).toBe(false)
    expect(textOf(await answer(set, answered('The weather?', 'much snow')))).toBe('Boots.')
    expect(textOf(await answer(set, answered('The weather tomorrow?', 'sun')))).toBe('Tomorrow is fine.')
    expect(textOf(await answer(set, answered('The weather?', 'sun')))).toBe('weather says "sun"')
  })

  it('echoes the user word by word and counts tokens', async () => {
    const parts = await answer(engines(), prompt('Hello  there, friend'))
    expect(parts.filter((part) => part.type === 'text').map((part) => part.text)).toEqual([
      'Hello',
      '  there,',
      ' friend',
    ])
    expect(parts.at(-1)).toEqual({
      type: 'end',
      reason: 'stop',
      usage: { promptTokens: 7, cachedTokens: 0, outputTokens: 3 },
    })
  })

  it('stops at maxOutputTokens with the reason', async () => {
    const parts = await answer(engines(), prompt('one two three'), 2)
    expect(textOf(parts)).toBe('one two')
    expect(parts.at(-1)).toMatchObject({ reason: 'length', usage: { outputTokens: 2 } })
  })

  it('takes the first rule that applies', async () => {
    const set = engines(`
rules:
  - { match: { text: ' HELLO ' }, reply: exact }
  - { match: { contains: Weather, turn: 2 }, reply: second weather }
  - { match: { contains: weather }, reply: weather }
  - { match: { regex: '^\\d+$' }, reply: number }
  - { match: { regex: '/^abc/i' }, reply: letters }
  - { match: { turn: 3 }, reply: third }
`)
    const replyTo = async (...texts: string[]) => textOf(await answer(set, prompt(...texts)))
    expect(await replyTo('hello')).toBe('exact')
    expect(await replyTo('the weather?')).toBe('weather')
    expect(await replyTo('x', 'the weather?')).toBe('second weather')
    expect(await replyTo('42')).toBe('number')
    expect(await replyTo('ABCD')).toBe('letters')
    expect(await replyTo('a', 'b', 'anything')).toBe('third')
    expect(await replyTo('anything')).toBe('anything')
  })

  it('prefills in chunks of 32 tokens and keeps them', async () => {
    const conversation = engines().llm.open({ signal: never() })
    const system = Array.from({ length: 70 }, (_, index) => `w${index}`).join(' ')
    const first = { system, messages: [] }
    const seen = await collect(conversation.prefill(first, never()))
    expect(seen.map((progress) => progress.evaluatedTokens)).toEqual([32, 64, 71])
    expect(await collect(conversation.prefill(first, never()))).toEqual([])

    const parts = await collect(
      conversation.generate({ system, messages: [{ role: 'user', text: 'hi you' }] }, {}, never()),
    )
    expect(parts[0]).toEqual({ type: 'prefill', evaluatedTokens: 74, totalTokens: 74 })
    expect(parts.at(-1)).toMatchObject({ usage: { promptTokens: 74, cachedTokens: 71 } })

    const next = {
      system,
      messages: [
        { role: 'user' as const, text: 'hi you' },
        { role: 'model' as const, text: 'hi you' },
        { role: 'user' as const, text: 'more' },
      ],
    }
    const later = await collect(conversation.generate(next, {}, never()))
    expect(later.at(-1)).toMatchObject({ usage: { promptTokens: 79, cachedTokens: 77 } })
  })

  it('takes the time that the script says, by the given clock', async () => {
    const clock = createManualClock()
    const set = engines('delaysMs: { firstToken: 100 }\nrules:\n  - { delaysMs: { perToken: 10 } }', clock)
    const times: number[] = []
    const done = (async () => {
      for await (const part of set.llm.open({ signal: never() }).generate(prompt('a b c'), {}, never())) {
        if (part.type === 'text') times.push(clock.now())
      }
    })()
    await clock.advance(1000)
    await done
    expect(times).toEqual([100, 110, 120])
  })

  it('ends at once when aborted', async () => {
    const clock = createManualClock()
    const set = engines('delaysMs: { perToken: 50 }', clock)
    const controller = new AbortController()
    const parts: GenerationPart[] = []
    const done = (async () => {
      for await (const part of set.llm
        .open({ signal: never() })
        .generate(prompt('a b c'), {}, controller.signal)) {
        parts.push(part)
      }
    })()
    await clock.advance(50)
    controller.abort(new Error('barge-in'))
    await expect(done).rejects.toThrow('barge-in')
    expect(textOf(parts)).toBe('a b')
  })

  it('fails as often as the script says, after as many words', async () => {
    const set = engines(`
rules:
  - { match: { text: go on then }, fail: { code: engine-lost, times: 2, afterTokens: 1 } }
`)
    for (let attempt = 0; attempt < 2; attempt++) {
      const parts: GenerationPart[] = []
      const run = (async () => {
        for await (const part of set.llm
          .open({ signal: never() })
          .generate(prompt('go on then'), {}, never())) {
          parts.push(part)
        }
      })()
      await expect(run).rejects.toMatchObject({ name: 'EngineError', code: 'engine-lost' })
      expect(textOf(parts)).toBe('go')
    }
    expect(textOf(await answer(set, prompt('go on then')))).toBe('go on then')
  })

  it('fails for ever when told so, even with nothing to say', async () => {
    const set = engines("rules:\n  - { reply: '', fail: { code: engine-refused, times: always } }")
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(answer(set, prompt('x'))).rejects.toMatchObject({
        code: 'engine-refused',
        retryable: false,
      })
    }
  })
})

describe('the scripted synthesiser', () => {
  it('plays one tone for each word with a pause after a sentence', async () => {
    const pieces = await speech(engines(), 'Hello, big world.')
    expect(pieces.map((piece) => piece.length / 24)).toEqual([250, 250, 450])
    for (const piece of pieces) {
      expect(toDbfs(peak(piece))).toBeCloseTo(-12, 0)
      expect(lastAudibleSample(piece)).toBeLessThan(4800)
    }
  })

  it('gives the same samples for the same text, others for other words and voices', async () => {
    const [first] = await speech(engines(), 'hello')
    const [again] = await speech(engines(), 'Hello')
    const [other] = await speech(engines(), 'world')
    const [voiced] = await speech(engines(), 'hello', { name: 'Puck' })
    const [quick] = await speech(engines(), 'hello', { speed: 1.25 })
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    expect(voiced).not.toEqual(first)
    expect(quick!.length).toBe(first!.length / 1.25)
  })

  it('has nothing to say to punctuation and counts characters where words are not written apart', async () => {
    expect(await speech(engines(), '… – !')).toEqual([])
    expect(await speech(engines(), '你好。')).toHaveLength(2)
    expect(await speech(engines(), "don't stop-gap 3")).toHaveLength(3)
  })

  it('is delayed and fails by the rule of the turn whose reply it speaks', async () => {
    const clock = createManualClock()
    const set = engines(
      `
rules:
  - { match: { text: slow }, reply: 'Well, here I am.', delaysMs: { firstAudio: 70 } }
  - { match: { text: mute }, reply: 'No sound.', fail: { engine: tts, code: engine-timeout } }
`,
      clock,
    )
    await answer(set, prompt('slow'))
    await answer(set, prompt('mute'))
    const slow = speech(set, 'here I am')
    await clock.advance(69)
    expect(clock.pending).toBe(1)
    await clock.advance(1)
    expect(await slow).toHaveLength(3)
    expect(await speech(set, 'unrelated')).toHaveLength(1)
    await expect(speech(set, 'No sound.')).rejects.toMatchObject({ code: 'engine-timeout' })
    expect(await speech(set, 'No sound.')).toHaveLength(2)
  })
})

describe('the scripted recogniser', () => {
  it('says how long the audible part was', async () => {
    expect(await hear(engines(), tone(1170))).toBe('speech of 1200 ms')
    expect(await hear(engines(), tone(30))).toBe('speech of 100 ms')
    expect(await hear(engines(), new Float32Array(16_000))).toBe('')
  })

  it('hears what the rules lay down for a turn or a length, counted for each session', async () => {
    const set = engines(`
rules:
  - { match: { audioMs: { min: 1900 } }, transcript: a long story }
  - { match: { turn: 2 }, transcript: ' the second ' }
`)
    set.llm.open({ signal: never() })
    expect(await hear(set, tone(500))).toBe('speech of 500 ms')
    expect(await hear(set, new Float32Array(1600))).toBe('')
    expect(await hear(set, tone(500))).toBe('the second')
    expect(await hear(set, tone(2000))).toBe('a long story')
    set.llm.open({ signal: never() })
    expect(await hear(set, tone(500))).toBe('speech of 500 ms')
    expect(await hear(set, tone(500))).toBe('the second')
  })

  it('counts the turns of sessions that speak at the same time apart', async () => {
    const set = engines('rules:\n  - { match: { turn: 2 }, transcript: the second }\n')
    expect(await hear(set, tone(500), 'a')).toBe('speech of 500 ms')
    set.llm.open({ signal: never() })
    expect(await hear(set, tone(500), 'b')).toBe('speech of 500 ms')
    expect(await hear(set, tone(500), 'a')).toBe('the second')
    expect(await hear(set, tone(500), 'b')).toBe('the second')
  })

  it('answers again at no cost until more is pushed', async () => {
    const clock = createManualClock()
    const recognition = engines('delaysMs: { recognizer: 40 }', clock).asr.open({
      signal: never(),
      language: 'es-ES',
    })
    recognition.push(tone(500))
    const first = recognition.settle()
    await clock.advance(40)
    expect(await first).toEqual({ text: 'speech of 500 ms', language: 'es' })
    expect(await recognition.settle()).toEqual(await first)
    recognition.push(tone(400))
    const second = recognition.settle()
    recognition.close()
    await clock.advance(40)
    expect((await second).text).toBe('speech of 1500 ms')
  })

  it('fails once and then answers', async () => {
    const recognition = engines('rules:\n  - { fail: { engine: asr } }').asr.open({ signal: never() })
    recognition.push(tone(500))
    await expect(recognition.settle()).rejects.toMatchObject({ code: 'engine-lost' })
    expect((await recognition.settle()).text).toBe('speech of 500 ms')
  })

  it('rejects with the reason when aborted', async () => {
    const controller = new AbortController()
    const recognition = engines('delaysMs: { recognizer: 40 }').asr.open({ signal: controller.signal })
    recognition.push(tone(500))
    const pending = recognition.settle()
    controller.abort(new Error('gone'))
    await expect(pending).rejects.toThrow('gone')
  })

  it('lets the language model answer by the length of the audio too', async () => {
    const set = engines(`
rules:
  - { match: { audioMs: { min: 900, max: 1100 } }, transcript: What time is it?, reply: Noon. }
  - { match: { audioMs: { max: 500 } }, reply: That was short. }
`)
    expect(textOf(await answer(set, prompt(await hear(set, tone(1000)))))).toBe('Noon.')
    expect(textOf(await answer(set, prompt(await hear(set, tone(400)))))).toBe('That was short.')
    expect(textOf(await answer(set, prompt('typed')))).toBe('typed')
  })
})

describe('the scripted speech detector', () => {
  async function probabilities(samples: Float32Array): Promise<number[]> {
    const detection = engines().vad.open({ signal: never() })
    for (let start = 0; start < samples.length; start += 320)
      detection.push(samples.subarray(start, start + 320))
    detection.finish()
    return (await collect(detection)).map((score) => score.probability)
  }

  it('scores every whole frame of 512 samples in order', async () => {
    const detection = engines().vad.open({ signal: never() })
    detection.push(new Float32Array(1500))
    detection.finish()
    expect((await collect(detection)).map((score) => score.startSample)).toEqual([0, 512])
  })

  it('delivers scores while audio goes on, and ends at abort', async () => {
    const controller = new AbortController()
    const scores = engines().vad.open({ signal: controller.signal })
    const iterator = scores[Symbol.asyncIterator]()
    const first = iterator.next()
    scores.push(new Float32Array(512))
    expect((await first).value).toEqual({ startSample: 0, probability: 0 })
    const second = iterator.next()
    controller.abort()
    expect((await second).done).toBe(true)
  })

  it('takes tones for speech and silence for none', async () => {
    const spoken = resample((await speech(engines(), 'Testing'))[0]!, 24_000, 16_000)
    expect((await probabilities(spoken.subarray(0, 3200))).every((probability) => probability > 0.9)).toBe(
      true,
    )
    expect(Math.max(...(await probabilities(new Float32Array(16_000).fill(0.001))))).toBe(0)
  })

  const recordings = new URL('../../../../shared/fixtures/speech/', import.meta.url)
  it.skipIf(!existsSync(recordings))('finds speech in every recording', async () => {
    const names = readdirSync(recordings).filter((name) => name.endsWith('.wav'))
    expect(names.length).toBeGreaterThan(10)
    for (const name of names) {
      const { samples, sampleRateHz } = readWav(readFileSync(new URL(name, recordings)))
      expect(sampleRateHz).toBe(16_000)
      expect(rms(samples)).toBeGreaterThan(0)
      const speaking = (await probabilities(samples)).filter((probability) => probability >= 0.5).length
      expect(speaking * 32, name).toBeGreaterThan(400)
    }
  })
})
