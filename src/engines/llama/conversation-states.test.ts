/** More conversations than sequences: what one loses to another is loaded when it goes on. On a runtime without weights. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Conversation, GenerationUsage, Message } from '../../engine/index.js'
import { createFakeLlama, type FakeLlama } from '../../testing/contract/fake-llama.js'
import { openLlama } from './open-llama.js'

const never = new AbortController().signal
const words = (name: string) => Array.from({ length: 60 }, (_, index) => `${name}${index}`).join(' ')

let folder: string
let fake: FakeLlama
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llama-test-'))
  mkdirSync(join(folder, 'memory'))
  fake = createFakeLlama()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (memoryDir = join(folder, 'memory'), sequences = 1) =>
  openLlama(fake, {
    modelPath: '/models/tiny.gguf',
    runtimeDir: '/nowhere',
    threads: 2,
    contextTokens: 2048,
    sequences,
    stateDir: folder,
    memoryDir,
  })

/** Files of conversations, wherever the folders of theirs are called. */
const kept = () =>
  readdirSync(join(folder, 'memory')).flatMap((own) =>
    readdirSync(join(folder, 'memory', own)).map((file) => join(folder, 'memory', own, file)),
  )

interface Talk {
  readonly conversation: Conversation
  readonly messages: Message[]
}

type Opened = Awaited<ReturnType<typeof open>>
const begin = (model: Opened): Talk => ({ conversation: model.open({ signal: never }), messages: [] })
const talks = (model: Opened) => [begin(model), begin(model), begin(model)] as const

/** Its answer joins the history. */
async function say(talk: Talk, text: string, system = words('rule')): Promise<GenerationUsage> {
  talk.messages.push({ role: 'user', text })
  let said = ''
  let usage: GenerationUsage | undefined
  const prompt = { system, messages: talk.messages }
  for await (const part of talk.conversation.generate(prompt, { maxOutputTokens: 300 }, never)) {
    if (part.type === 'text') said += part.text
    if (part.type === 'end') usage = part.usage
  }
  talk.messages.push({ role: 'model', text: said })
  return usage!
}

describe('a conversation whose sequence another one needed', () => {
  it('goes on with all that was evaluated, and its file is gone', async () => {
    const model = await open()
    const [a, b] = talks(model)
    const before = await say(a, words('first'))
    expect(kept()).toEqual([])
    await say(b, 'hello')
    const [file] = kept()
    expect(statSync(file!).mode & 0o777).toBe(0o600)
    const after = await say(a, 'and then')
    expect(after.cachedTokens).toBe(before.promptTokens + before.outputTokens)
    // The other one has too little to be kept.
    await vi.waitFor(() => expect(kept()).toEqual([]))
    await model.close()
    expect(readdirSync(join(folder, 'memory'))).toEqual([])
  })

  it('leaves nothing when it is closed, also while it is being saved', async () => {
    const model = await open()
    for (const isSaving of [false, true]) {
      const [a, b] = talks(model)
      await say(a, words('first'))
      const letGo = isSaving ? fake.holdNextRun() : undefined
      const said = say(b, 'hello')
      if (isSaving) await vi.waitFor(() => expect(fake.runs.at(-1)?.kind).toBe('save'))
      else await said
      a.conversation.close()
      letGo?.()
      await said
      await vi.waitFor(() => expect(kept()).toEqual([]))
      b.conversation.close()
    }
    await model.close()
  })

  it('has all of it too where it goes on elsewhere while it is being saved', async () => {
    const model = await open(undefined, 2)
    const [a, b, c] = talks(model)
    const before = await say(a, words('first'))
    await say(b, 'hello')
    const letGo = fake.holdNextRun()
    const said = say(c, 'good morning')
    await vi.waitFor(() => expect(fake.runs.at(-1)?.kind).toBe('save'))
    const after = say(a, 'and then')
    await new Promise((resolve) => setTimeout(resolve, 5))
    letGo()
    expect((await after).cachedTokens).toBe(before.promptTokens + before.outputTokens)
    await said
    await vi.waitFor(() => expect(kept()).toEqual([]))
    await model.close()
  })

  it('is evaluated again where its file can not be read, and none is left', async () => {
    const model = await open()
    const [a, b] = talks(model)
    await say(a, words('first'))
    await say(b, 'hello')
    writeFileSync(kept()[0]!, 'nonsense')
    const { cachedTokens, promptTokens } = await say(a, 'and then')
    expect(cachedTokens).toBeLessThan(promptTokens)
    await vi.waitFor(() => expect(kept()).toEqual([]))
    await model.close()
  })

  it('evaluates its words again where its instruction is another one by then', async () => {
    const model = await open()
    const [a, b] = talks(model)
    await say(a, words('first'))
    await say(b, 'hello')
    const { cachedTokens, promptTokens } = await say(a, 'and then', words('other'))
    expect(cachedTokens).toBeLessThan(promptTokens / 3)
    await vi.waitFor(() => expect(kept()).toEqual([]))
    await model.close()
  })

  it('does so too where nothing can be kept in memory, and nothing is written elsewhere', async () => {
    const model = await open(join(folder, 'none'))
    const [a, b] = talks(model)
    const files = () =>
      readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.state'))
    await say(a, words('first'))
    const before = files().length
    await say(b, 'hello')
    expect(files().length).toBe(before)
    const { cachedTokens, promptTokens } = await say(a, 'and then')
    expect(cachedTokens).toBeLessThan(promptTokens / 2)
    await model.close()
  })

  it('answers the same as one that never lost it', async () => {
    const model = await open(undefined, 3)
    const alone = begin(model)
    for (const text of [words('first'), 'and then', 'and now']) await say(alone, text)
    const crowded = await open()
    const talk = begin(crowded)
    for (const text of [words('first'), 'and then', 'and now']) {
      await say(talk, text)
      await say(begin(crowded), 'hello')
    }
    expect(talk.messages).toEqual(alone.messages)
    await crowded.close()
    await model.close()
  })
})
