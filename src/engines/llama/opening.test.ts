/** What is read before anybody has spoken: the instruction and what stands before a user's words; and how the cache is kept. On a runtime without weights. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Conversation, GenerationUsage, Message, Prompt } from '../../engine/index.js'
import { createFakeLlama } from '../../testing/contract/fake-llama.js'
import { openLlama } from './open-llama.js'
import type { ContextOptions, LlamaModule } from './runtime-types.js'

const never = new AbortController().signal
const SYSTEM = Array.from({ length: 50 }, (_, index) => `rule${index}`).join(' ')

const ARCH = process.arch
const runOn = (arch: string) => Object.defineProperty(process, 'arch', { value: arch, configurable: true })

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llama-test-'))
})
afterEach(() => {
  runOn(ARCH)
  rmSync(folder, { recursive: true, force: true })
})

const open = (runtime: LlamaModule) =>
  openLlama(runtime, {
    modelPath: '/models/tiny.gguf',
    runtimeDir: '/nowhere',
    threads: 2,
    contextTokens: 1024,
    sequences: 2,
    stateDir: folder,
    memoryDir: folder,
  })

type Opened = Awaited<ReturnType<typeof open>>
const begin = (model: Opened) => model.open({ signal: never })
const user = (text: string): Message => ({ role: 'user', text })
const model = (text: string): Message => ({ role: 'model', text })

async function prefill(conversation: Conversation, prompt: Prompt): Promise<void> {
  for await (const _ of conversation.prefill(prompt, never));
}

async function answer(conversation: Conversation, prompt: Prompt) {
  let text = ''
  let usage: GenerationUsage | undefined
  for await (const part of conversation.generate(prompt, { maxOutputTokens: 20 }, never)) {
    if (part.type === 'text') text += part.text
    if (part.type === 'end') usage = part.usage
  }
  return { text, usage: usage! }
}

describe('the beginning of the message of a user', () => {
  it('is read with the instruction, once for all conversations', async () => {
    const opened = await open(createFakeLlama())
    const read: number[] = []
    for (let index = 0; index < 3; index++) {
      const conversation = begin(opened)
      await prefill(conversation, { system: SYSTEM, messages: [] })
      const { usage } = await answer(conversation, { system: SYSTEM, messages: [user('hello')] })
      read.push(usage.promptTokens - usage.cachedTokens)
    }
    // "\n", "hello", the end of the message, a line break, and the three tokens before an answer.
    expect(read).toEqual([7, 7, 7])
    await opened.close()
  })

  const PROMPTS: readonly (readonly [string, readonly Message[]])[] = [
    ['the user', [user('hello')]],
    ['the user, with a line break', [user('\nhello')]],
    ['the user, with nothing', [user('')]],
    ['the model', [model('Hi.'), user('hello')]],
    ['nobody', []],
  ]
  const prompt = (messages: readonly Message[]): Prompt => ({ system: SYSTEM, messages: [...messages] })

  it.each(
    PROMPTS.flatMap(([first, before]) =>
      PROMPTS.map(([second, after]) => [second, first, before, after] as const),
    ),
  )(
    'where %s begins, after a conversation that %s began, answers are the same as on a model of its own',
    async (_, __, before, after) => {
      const alone = await open(createFakeLlama())
      const expected = await answer(begin(alone), prompt(after))
      await alone.close()
      const opened = await open(createFakeLlama())
      await prefill(begin(opened), prompt([]))
      await answer(begin(opened), prompt(before))
      const conversation = begin(opened)
      await prefill(conversation, prompt(after))
      expect((await answer(conversation, prompt(after))).text).toBe(expected.text)
      expect((await answer(conversation, prompt(after))).text).toBe(expected.text)
      await opened.close()
    },
  )
})

describe('the cache', () => {
  /** What each context was asked for; `refuses` small keys as a model does whose heads have another width. */
  async function asked(refuses: boolean, gpu: false | string = false) {
    const contexts: ContextOptions[] = []
    const fake = createFakeLlama()
    const opened = await open({
      ...fake,
      async getLlama(options) {
        const llama = await fake.getLlama(options)
        return {
          ...llama,
          gpu,
          async loadModel(path) {
            const loaded = await llama.loadModel(path)
            return {
              ...loaded,
              async createContext(options) {
                contexts.push(options)
                if (refuses && options.experimentalKvCacheKeyType) throw new Error('Failed to create context')
                return loaded.createContext(options)
              },
            }
          },
        }
      },
    })
    const { text } = await answer(begin(opened), { system: SYSTEM, messages: [user('hello')] })
    await opened.close()
    expect(text).not.toBe('')
    return contexts.map((options) => options.experimentalKvCacheKeyType)
  }

  it('has small keys on x64 where the model can, and never with a graphics card', async () => {
    runOn('x64')
    expect(await asked(false)).toEqual(['Q8_0'])
    expect(await asked(true)).toEqual(['Q8_0', undefined])
    expect(await asked(false, 'cuda')).toEqual([undefined])
    runOn('arm64')
    expect(await asked(false)).toEqual([undefined])
  })
})
