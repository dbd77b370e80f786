/** What is told of words that may go on, on a runtime without weights: the answer to them is the same. */
import { describe, expect, it } from 'vitest'
import type { GenerationPart, Prompt } from '../../engine/index.js'
import { createFakeLlama, type FakeLlama } from '../../testing/contract/fake-llama.js'
import { openLlama } from './open-llama.js'

const never = new AbortController().signal
const SYSTEM = Array.from({ length: 50 }, (_, index) => `rule${index}`).join(' ')
const ask = (text: string): Prompt => ({ system: SYSTEM, messages: [{ role: 'user', text }] })
const mayGoOn = (prompt: Prompt): Prompt => ({ ...prompt, mayGoOn: true })

const open = (fake: FakeLlama) =>
  openLlama(fake, {
    modelPath: '/models/tiny.gguf',
    runtimeDir: '/nowhere',
    threads: 2,
    contextTokens: 4096,
    sequences: 2,
  })

async function collect(parts: AsyncIterable<GenerationPart>): Promise<GenerationPart[]> {
  const all: GenerationPart[] = []
  for await (const part of parts) all.push(part)
  return all
}

describe('words that may go on', () => {
  const untilEnding = async (steps: AsyncIterator<GenerationPart>) => {
    for (;;) if ((await steps.next()).value.type === 'ending') return
  }

  it.each([{}, { temperature: 1, seed: 7 }, { temperature: 1, seed: 7, presencePenalty: 1 }])(
    'change nothing of the answer, sampled by %j',
    async (sampling) => {
      const model = await open(createFakeLlama())
      const said = async (prompt: Prompt) => {
        let text = ''
        for await (const part of model.open({ signal: never }).generate(prompt, sampling, never))
          if (part.type === 'text') text += part.text
        return text
      }
      expect(await said(mayGoOn(ask('What is it?')))).toBe(await said(ask('What is it?')))
      await model.close()
    },
  )

  it('are told of once for each prompt that ends with words', async () => {
    const model = await open(createFakeLlama())
    const conversation = model.open({ signal: never })
    const long = '! '.repeat(60)
    for (const [text, times] of [
      ['What is it ?', 1],
      [`What is it ${long}`, 1],
      ['你好。', 1],
      ['', 0],
      ['? ! .', 0],
    ] as const) {
      const prompt = { ...mayGoOn(ask(text)), system: text === '' ? '' : SYSTEM }
      const parts = await collect(conversation.generate(prompt, {}, never))
      expect([text, parts.filter(({ type }) => type === 'ending').length]).toEqual([text, times])
      expect(parts.at(-1)!.type).toBe('end')
    }
    await model.close()
  })

  it('may be answered with one token', async () => {
    const model = await open(createFakeLlama())
    const asked = mayGoOn(ask('What is it?'))
    const parts = await collect(model.open({ signal: never }).generate(asked, { maxOutputTokens: 1 }, never))
    expect(parts.at(-1)).toMatchObject({ reason: 'length', usage: { outputTokens: 1 } })
    await model.close()
  })

  it('are answered no further, where the first token is chosen already, once a new call has begun', async () => {
    const model = await open(createFakeLlama())
    const conversation = model.open({ signal: never })
    const first = conversation.generate(mayGoOn(ask('one')), { maxOutputTokens: 1 }, never)
    const steps = first[Symbol.asyncIterator]()
    await untilEnding(steps)
    for await (const _ of conversation.prefill(ask('two'), never));
    await expect(steps.next()).rejects.toMatchObject({ code: 'engine-failed' })
    await model.close()
  })

  it('cost one run more where functions are declared, and no token twice', async () => {
    const functions = [{ name: 'go', description: 'Goes.' }]
    const evaluated = async (prompt: Prompt) => {
      const fake = createFakeLlama()
      const model = await open(fake)
      const conversation = model.open({ signal: never })
      for await (const _ of conversation.prefill({ ...prompt, messages: [] }, never));
      fake.runs.length = 0
      for await (const part of conversation.generate(prompt, {}, never)) if (part.type === 'call') break
      await model.close()
      return fake.runs.flatMap(({ kind, tokens }) => (kind === 'evaluate' ? [tokens] : []))
    }
    const prompt = { ...ask('now call go {} please'), functions }
    const sum = (runs: readonly number[]) => runs.reduce((a, b) => a + b, 0)
    const [asked, plain] = [await evaluated(mayGoOn(prompt)), await evaluated(prompt)]
    expect(asked.length).toBe(plain.length + 1)
    expect(sum(asked)).toBe(sum(plain))
  })
})
