/** The embedded language model with its real weights: the contract, and what only a real cache can show. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wordsEnd } from '../../src/core/turn-end.js'
import type { Conversation, GenerationPart, LanguageModel, Message, Prompt } from '../../src/engine/index.js'
import { loadLlama } from '../../src/engines/llama/index.js'
import { testLanguageModel } from '../../src/testing/contract/index.js'

const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const modelPath = join(home, 'models', 'qwen2.5-coder-1.5b', 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf')
const runtimeDir = join(home, 'runtimes', 'node-llama-cpp-3.22.1')
const skip = [modelPath, join(runtimeDir, 'node_modules', 'node-llama-cpp')]
  .filter((path) => !existsSync(path))
  .map((path) => `${path} is absent`)[0]

const load = (sequences: number, contextTokens: number) =>
  loadLlama({ modelPath, runtimeDir, threads: 2, contextTokens, sequences })

testLanguageModel('llama, two sequences', () => load(2, 2048), {
  skip,
  caches: true,
  functions: {
    call: 'Set a timer for five minutes.',
    callTwice: 'Set a timer for five minutes and tell me the weather in Oslo.',
    talk: 'Hello, how are you today?',
  },
  emojiPrompt: {
    system: '',
    messages: [{ role: 'user', text: 'Repeat exactly: ¡Señor Müller, 你好! 🎉👩‍🚀🇵🇹 naïve café' }],
  },
})

describe.skipIf(skip !== undefined)('llama, with real weights', () => {
  let model: LanguageModel & { close(): Promise<void> }
  beforeAll(async () => {
    model = await load(2, 512)
  })
  afterAll(() => model?.close())

  const system = 'You are Ada, a friendly voice assistant. Answer in one short sentence. '
  const never = new AbortController().signal

  it('lets the second conversation load the system instruction instead of evaluating it', async () => {
    const prompt: Prompt = { system: system.repeat(6), messages: [] }
    const first = await prefill(model.open({ signal: never }), prompt)
    expect(first.length).toBeGreaterThan(2)
    const second = await prefill(model.open({ signal: never }), prompt)
    expect(second).toEqual([first.at(-1)])
  })

  it.each([
    ['en', 'Do you know where the museum is?', 'Do you know whether the museum is?'],
    ['en', 'I guess so.', "Well, I'm not sure, but I guess."],
    ['en', 'My brother bought a boat.', 'Yesterday my brother bought.'],
    ['en', 'It went up by 50%.', 'It went up by about.'],
    ['en', 'What shall we do if it rains tomorrow?', 'If it rains tomorrow.'],
    ['es', 'No sé dónde está la farmacia.', '¿Sabes si la farmacia está?'],
    ['es', 'Sí, eso le gusta.', 'Necesito un regalo para mi madre, le gusta.'],
    ['es', 'Ya sé lo que quieres decir.', 'Lo que quiero decir es.'],
  ])('knows in %s that %j is over and %j is not', async (language, over, cut) => {
    const conversation = model.open({ signal: never })
    const kindOf = async (text: string) => {
      const prompt = { system, messages: [{ role: 'user' as const, text }], mayGoOn: true }
      for await (const part of conversation.generate(prompt, { maxOutputTokens: 1 }, never)) {
        if (part.type === 'ending') return wordsEnd(text, language, part)
      }
      throw new Error('it has not told')
    }
    expect(['sentence', 'question']).toContain(await kindOf(over))
    expect(['doubtful', 'unfinished']).toContain(await kindOf(cut))
    conversation.close()
  })

  it.skipIf(!existsSync('/dev/shm'))(
    'goes on with what a conversation had, after others needed its sequence',
    async () => {
      const open = () => model.open({ signal: never })
      const say = async (conversation: Conversation, messages: readonly Message[]) => {
        const parts = await generate(conversation, { system, messages }, 12)
        const end = parts.at(-1)
        if (end?.type !== 'end') throw new Error('no end')
        return { text: textOf(parts), ...end.usage }
      }
      const asked: Message = { role: 'user', text: `${'The hare sang of the moon. '.repeat(12)}Who sang?` }
      const conversation = open()
      const first = await say(conversation, [asked])
      for (const text of ['Hello.', 'Good morning.']) await say(open(), [{ role: 'user', text }])
      const told: Message = { role: 'model', text: first.text }
      const { cachedTokens } = await say(conversation, [asked, told, { role: 'user', text: 'Of what?' }])
      // The last token of an answer may not be evaluated.
      expect(cachedTokens).toBeGreaterThanOrEqual(first.promptTokens + first.outputTokens - 1)
    },
  )

  it('evaluates a system instruction once when sessions start together', async () => {
    const prompt: Prompt = { system: `The user is called Sam. ${system.repeat(8)}`, messages: [] }
    const open = () => prefill(model.open({ signal: never }), prompt)
    const [first, second] = await Promise.all([open(), open()])
    const total = first.at(-1)!.totalTokens
    // Each chunk was evaluated by one of the two; whoever comes last sees the whole at once.
    expect(first.length + second.length).toBeLessThanOrEqual(Math.ceil(total / 8) + 2)
    const values = [...first, ...second].map(({ evaluatedTokens }) => evaluatedTokens)
    expect(values.filter((value) => value === total).length).toBe(2)
    expect(new Set(values).size).toBe(values.length - 1)
  })

  it('remembers what was said when its sequence was taken over', async () => {
    const asked = (name: string): Prompt => ({
      system,
      messages: [
        { role: 'user', text: `My name is ${name}.` },
        { role: 'model', text: `Nice to meet you, ${name}!` },
        { role: 'user', text: 'What is my name?' },
      ],
    })
    const names = ['Oswald', 'Petra', 'Quentin']
    const conversations = names.map(() => model.open({ signal: never }))
    for (let round = 0; round < 2; round++) {
      for (const [index, name] of names.entries()) {
        expect(await answer(conversations[index]!, asked(name))).toContain(name)
      }
    }
    for (const conversation of conversations) conversation.close()
  })

  it('answers beside a prefill whose consumer does not ask, with all sequences reserved', async () => {
    const stuck = ['one', 'two'].map((name) =>
      model
        .open({ signal: never })
        .prefill({ system: `${name} ${system.repeat(6)}`, messages: [] }, never)
        [Symbol.asyncIterator](),
    )
    for (const steps of stuck) await steps.next()
    const conversation = model.open({ signal: never })
    expect(await answer(conversation, { system, messages: [{ role: 'user', text: 'Say hello.' }] })).not.toBe(
      '',
    )
    for (const steps of stuck) {
      let last = await steps.next()
      while (!last.done) {
        expect(last.value.evaluatedTokens).toBeGreaterThan(0)
        last = await steps.next()
      }
    }
    conversation.close()
  })

  it('goes on when the window is full, without evaluating the rest again', async () => {
    const conversation = model.open({ signal: never })
    const messages: Message[] = []
    let overflowed = 0
    let largest = 0
    for (let turn = 0; turn < 16; turn++) {
      messages.push({
        role: 'user',
        text: `Note number ${turn}: the parcel for house ${turn * 7} is ${turn % 2 ? 'green' : 'blue'}. Say only "noted".`,
      })
      const parts = await generate(conversation, { system, messages }, 6)
      const end = parts.at(-1)
      if (end?.type !== 'end') throw new Error('no end')
      if (end.usage.promptTokens < largest) {
        overflowed++
        // Only the new message and the answer before it are evaluated: the rest was moved.
        expect(end.usage.promptTokens - end.usage.cachedTokens).toBeLessThan(80)
      }
      largest = Math.max(largest, end.usage.promptTokens)
      expect(end.usage.promptTokens).toBeLessThan(512)
      messages.push({ role: 'model', text: textOf(parts) })
    }
    expect(overflowed).toBeGreaterThan(0)
    messages.push({ role: 'user', text: 'What colour is the parcel in note number 15? One word.' })
    expect((await answer(conversation, { system, messages })).toLowerCase()).toContain('green')
    conversation.close()
  })

  it('refuses a prompt that can not fit, and says what to do', async () => {
    const conversation = model.open({ signal: never })
    const long = { system: system.repeat(60), messages: [{ role: 'user', text: 'Hello?' } as const] }
    await expect(answer(conversation, long)).rejects.toMatchObject({
      code: 'engine-refused',
      message: expect.stringContaining('512 tokens'),
    })
    conversation.close()
  })

  it('ends an earlier call when a new one begins', async () => {
    const conversation = model.open({ signal: never })
    const prompt: Prompt = { system, messages: [{ role: 'user', text: 'Count to twenty in words.' }] }
    const early = conversation.prefill({ ...prompt, system: system.repeat(4) }, never)[Symbol.asyncIterator]()
    await early.next()
    const first = conversation.generate(prompt, { maxOutputTokens: 40 }, never)[Symbol.asyncIterator]()
    await first.next()
    expect((await early.next()).done).toBe(true)
    expect(await answer(conversation, prompt)).not.toBe('')
    await expect(first.next()).rejects.toMatchObject({ code: 'engine-failed' })
    conversation.close()
  })
})

async function prefill(conversation: Conversation, prompt: Prompt) {
  const steps = []
  for await (const step of conversation.prefill(prompt, new AbortController().signal)) steps.push(step)
  return steps
}

async function generate(
  conversation: Conversation,
  prompt: Prompt,
  maxOutputTokens = 20,
): Promise<GenerationPart[]> {
  const parts: GenerationPart[] = []
  const signal = new AbortController().signal
  for await (const part of conversation.generate(prompt, { maxOutputTokens }, signal)) parts.push(part)
  return parts
}

function textOf(parts: readonly GenerationPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

async function answer(conversation: Conversation, prompt: Prompt): Promise<string> {
  return textOf(await generate(conversation, prompt))
}
