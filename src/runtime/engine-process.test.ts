/** Engines behind a process boundary: the calls, and what a crash costs. Real child processes with scripted engines in them. */
import { afterEach, describe, expect, it } from 'vitest'
import type { EngineInfo, EngineKind, GenerationPart } from '../engine/index.js'
import { systemClock } from './clock.js'
import { type EngineProcess, startEngineProcess } from './engine-process.js'
import { hostedLanguageModel } from './hosted/language-model.js'
import { hostedRecognizer } from './hosted/recognizer.js'
import { hostedSpeechDetector } from './hosted/speech-detector.js'
import { hostedSynthesizer } from './hosted/synthesizer.js'

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} }
const ENTRY = new URL('../testing/scripted-child.ts', import.meta.url)
const running: EngineProcess[] = []
const never = new AbortController().signal

async function start(
  kind: EngineKind,
  script?: string,
): Promise<{ process: EngineProcess; info: EngineInfo }> {
  const process = startEngineProcess({
    name: kind,
    entry: ENTRY,
    execArgv: ['--import', 'tsx'],
    load: { engine: 'scripted', options: { kind, ...(script ? { script } : {}) } },
    clock: systemClock,
    logger: QUIET_LOG,
  })
  running.push(process)
  return { process, info: await process.ready }
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((process) => process.close()))
})

async function text(parts: AsyncIterable<GenerationPart>): Promise<string> {
  let answer = ''
  for await (const part of parts) if (part.type === 'text') answer += part.text
  return answer
}

const prompt = (words: string) => ({ system: '', messages: [{ role: 'user' as const, text: words }] })

describe('an engine in a child process', () => {
  it('answers like one in the same process, of every kind', async () => {
    const llm = await start('llm')
    const conversation = hostedLanguageModel(llm.process, llm.info).open({ signal: never })
    expect((await text(conversation.generate(prompt('one two three'), {}, never))).trim()).toBe(
      'one two three',
    )

    const tts = await start('tts')
    let samples = 0
    for await (const piece of hostedSynthesizer(tts.process, tts.info).speak('one two', {}, never))
      samples += piece.length
    expect(samples).toBeGreaterThan(0.4 * 24_000)

    const tone = Float32Array.from({ length: 16_000 }, (_, i) => 0.3 * Math.sin(i / 10))
    const vad = await start('vad')
    const detection = hostedSpeechDetector(vad.process, vad.info).open({ signal: never })
    detection.push(tone)
    detection.finish()
    const starts: number[] = []
    for await (const score of detection) starts.push(score.startSample)
    expect(starts).toEqual(Array.from({ length: 31 }, (_, index) => index * 512))

    const asr = await start('asr')
    const recognition = hostedRecognizer(asr.process, asr.info).open({ signal: never })
    recognition.push(tone)
    const first = await recognition.settle()
    expect(first.text).toBe('speech of 1000 ms')
    expect(await recognition.settle()).toBe(first)
    recognition.push(tone)
    expect((await recognition.settle()).text).toBe('speech of 2000 ms')
    recognition.close()
  })

  it('costs a crash only the calls under way: the next one waits for the restart', async () => {
    const { process: engine, info } = await start(
      'llm',
      'delaysMs: { firstToken: 20000 }\nrules:\n  - match: { text: quick }\n    delaysMs: { firstToken: 0 }\n',
    )
    const conversation = hostedLanguageModel(engine, info).open({ signal: never })
    const slow = text(conversation.generate(prompt('slow'), {}, never))
    slow.catch(() => {})
    expect(await text(conversation.generate(prompt('quick'), {}, never))).toContain('quick')
    process.kill(engine.pid ?? 0, 'SIGKILL')
    await expect(slow).rejects.toMatchObject({ name: 'EngineError', code: 'engine-lost', retryable: true })
    expect(await text(conversation.generate(prompt('quick'), {}, never))).toContain('quick')
    expect(engine.restarts).toBe(1)
  })

  it('ends a call that is not wanted any more, on both sides', async () => {
    const { process: engine, info } = await start('llm', 'delaysMs: { firstToken: 20000 }\n')
    const conversation = hostedLanguageModel(engine, info).open({ signal: never })
    const abort = new AbortController()
    const answer = text(conversation.generate(prompt('slow'), {}, abort.signal))
    answer.catch(() => {})
    abort.abort(new Error('not wanted'))
    await expect(answer).rejects.toThrow('not wanted')
    const generated = conversation.generate(prompt('never begun'), {}, abort.signal)
    await expect(text(generated)).rejects.toThrow('not wanted')
  })

  it('carries the error of an engine with its code', async () => {
    const { process: engine, info } = await start(
      'llm',
      'rules:\n  - fail: { code: engine-refused, times: always }\n',
    )
    const conversation = hostedLanguageModel(engine, info).open({ signal: never })
    await expect(text(conversation.generate(prompt('x'), {}, never))).rejects.toMatchObject({
      code: 'engine-refused',
    })
  })

  it('says why it could not be loaded', async () => {
    await expect(start('llm', 'cannot load')).rejects.toThrow('llm: the weights are not there')
  })
})
