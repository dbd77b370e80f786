import { afterEach, describe, expect, it } from 'vitest'
import type { Conversation, EngineErrorCode, GenerationPart, Message, Prompt } from '../../engine/index.js'
import { SPELLED_OUT, testLanguageModel } from '../../testing/contract/index.js'
import {
  type RealtimeServer,
  type RealtimeServerOptions,
  startRealtimeServer,
} from '../../testing/contract/realtime-server.js'
import { createOpenAiRealtimeModel } from './index.js'

const TIMEOUT_MS = 5_000
const DIALECTS = ['released', 'preview'] as const

let server: RealtimeServer | undefined
afterEach(() => server?.close())

async function served(options: RealtimeServerOptions, timeoutMs = TIMEOUT_MS) {
  const started = await startRealtimeServer(options)
  const model = createOpenAiRealtimeModel({ url: started.url, model: 'duplex', timeoutMs })
  return Object.assign(model, { close: () => started.close() })
}

async function gone() {
  const model = await served({})
  await model.close()
  return Object.assign(model, { close: () => undefined })
}

for (const dialect of DIALECTS) {
  testLanguageModel(`openai realtime engine, ${dialect} protocol`, () => served({ dialect }), {
    caches: false,
    functions: SPELLED_OUT,
    hears: /speech of 1500 ms/,
    broken: [
      { what: 'wrong key', make: () => served({ dialect, apiKey: 'secret' }), code: 'engine-refused' },
      { what: 'gone', make: gone, code: 'engine-lost' },
    ],
  })
}

/** A conversation, and what its answers said and sounded. */
async function converse(options: RealtimeServerOptions = {}, spoken = true) {
  server = await startRealtimeServer(options)
  const model = createOpenAiRealtimeModel({
    url: server.url,
    model: 'duplex',
    timeoutMs: TIMEOUT_MS,
    voice: 'cedar',
  })
  const signal = new AbortController().signal
  const conversation = model.open({ signal, ...(spoken && { voice: {} }) })
  const ask = async (...messages: Message[]) => {
    const parts: GenerationPart[] = []
    for await (const part of conversation.generate(promptOf(...messages), {}, signal)) parts.push(part)
    return parts
  }
  return { conversation, ask, server }
}

const promptOf = (...messages: Message[]): Prompt => ({
  system: 'Be brief.',
  messages,
  functions: [{ name: 'stop', description: 'Stops' }],
})
const user = (text: string): Message => ({ role: 'user', text })
const said = (text: string): Message => ({ role: 'model', text })
const spoken = (text: string, ms: number, typed = ''): Message => ({
  role: 'user',
  text,
  speech: { recordings: [new Float32Array(ms * 16).fill(0.1)], typed },
})
const textOf = (parts: readonly GenerationPart[]) =>
  parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
const secondsOf = (parts: readonly GenerationPart[]) =>
  parts.reduce((sum, part) => sum + (part.type === 'audio' ? part.samples.length / 24_000 : 0), 0)

/** Reads so many pieces of speech, then leaves or aborts. */
async function hear(conversation: Conversation, prompt: Prompt, pieces: number): Promise<string> {
  const abort = new AbortController()
  let text = ''
  let count = 0
  try {
    for await (const part of conversation.generate(prompt, {}, abort.signal)) {
      if (part.type === 'text') text += part.text
      if (part.type === 'audio' && ++count === pieces) abort.abort()
    }
  } catch {
    // It ends with the reason of its signal.
  }
  return text
}

describe.each(DIALECTS)('a spoken conversation, %s protocol', (dialect) => {
  it('hears speech and speaks, with the words of it', async () => {
    const { ask, server } = await converse({ dialect })
    const parts = await ask(spoken('what it was taken for', 1_234))
    expect(textOf(parts)).toMatch(/^You said “speech of 1234 ms”/)
    expect(secondsOf(parts)).toBe(11 * 0.25)
    expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'stop', usage: { outputTokens: 11 } })
    const [update] = server.received('session.update')
    expect(update).toMatchObject(
      dialect === 'released'
        ? {
            session: {
              type: 'realtime',
              instructions: 'Be brief.',
              output_modalities: ['audio'],
              audio: { input: { turn_detection: null }, output: { voice: 'cedar' } },
              tools: [{ type: 'function', name: 'stop' }],
            },
          }
        : { session: { modalities: ['text', 'audio'], turn_detection: null, voice: 'cedar' } },
    )
    expect(server.received('input_audio_buffer.commit')).toHaveLength(1)
    expect(JSON.stringify(server.wire)).not.toContain('taken for')
  })

  it('sends only what is new', async () => {
    const { ask, server } = await converse({ dialect })
    const first = await ask(spoken('one', 500))
    const answer = said(textOf(first))
    await ask(spoken('one', 500), answer, user('and two'))
    expect(server.received('input_audio_buffer.commit')).toHaveLength(1)
    expect(server.received('conversation.item.create')).toHaveLength(1)
    expect(server.received('conversation.item.delete')).toHaveLength(0)
    expect(server.received('session.update')).toHaveLength(1)
    expect(server.conversation().map((each) => each.split(' ')[0])).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
    ])
  })

  it('is told what was heard of an answer that was broken off', async () => {
    const { conversation, ask, server } = await converse({ dialect, wordMs: 10 })
    const question = spoken('one', 500)
    const words = await hear(conversation, promptOf(question), 3)
    conversation.truncate?.(600)
    expect(words).toBe('You said “speech ')
    const [cut] = await until(() => server.received('conversation.item.truncate'))
    expect(cut).toMatchObject({ content_index: 0, audio_end_ms: 600 })
    await ask(question, said('You said “speech'), user('and now?'))
    expect(server.conversation()).toEqual([
      'user speech of 500 ms',
      'assistant You said “speech',
      'user and now?',
      expect.stringMatching(/^assistant You said “and now\?”/),
    ])
    const order = server.received().map(({ type }) => type)
    expect(order.indexOf('response.cancel')).toBeLessThan(order.indexOf('conversation.item.truncate'))
    expect(errorsOf(server)).toEqual([])
  })

  it('cuts off what was made but not heard when the answer was whole', async () => {
    const { conversation, ask, server } = await converse({ dialect })
    const parts = await ask(user('one'))
    conversation.truncate?.(400)
    await ask(user('one'), said(textOf(parts).slice(0, 8)), user('two'))
    expect(server.conversation()[1]).toBe('assistant You said')
    expect(errorsOf(server)).toEqual([])
  })

  it('takes back a question and an answer that were begun too early', async () => {
    const { conversation, ask, server } = await converse({ dialect, wordMs: 10 })
    await hear(conversation, promptOf(spoken('one', 500)), 1)
    await ask(spoken('one two', 900))
    expect(server.conversation()).toEqual([
      'user speech of 900 ms',
      expect.stringMatching(/^assistant You said “speech of 900 ms”/),
    ])
    expect(errorsOf(server)).toEqual([])
  })

  it('forgets what the history has lost', async () => {
    const { ask, server } = await converse({ dialect })
    const one = await ask(user('one'))
    const two = await ask(user('one'), said(textOf(one)), user('two'))
    await ask(user('two'), said(textOf(two)), user('three'))
    expect(server.conversation().filter((each) => each.startsWith('user'))).toEqual([
      'user two',
      'user three',
    ])
    expect(server.received('conversation.item.create')).toHaveLength(3)
  })

  it('calls, and is told the result under the server’s own name', async () => {
    const { ask, server } = await converse({ dialect })
    const question = user('call stop {}')
    const parts = await ask(question)
    expect(parts.map(({ type }) => type)).toEqual(['call', 'end'])
    const call: Message = { role: 'call', id: 'function-call-7', name: 'stop', args: {} }
    const result: Message = {
      role: 'result',
      id: 'function-call-7',
      name: 'stop',
      result: { output: 'Done.' },
    }
    expect(textOf(await ask(question, call, result))).toMatch(/the result/)
    const [, output] = server.received('conversation.item.create')
    expect(output).toMatchObject({ item: { type: 'function_call_output', output: 'Done.' } })
    expect((output as { item: { call_id: string } }).item.call_id).toMatch(/^call_/)
    expect(errorsOf(server)).toEqual([])
  })

  it('tells a new connection all of it', async () => {
    const { ask, server } = await converse({ dialect })
    const parts = await ask(spoken('one', 500))
    server.cut()
    const history = [spoken('one', 500), said(textOf(parts)), user('two')]
    await until(() => (server.connections === 1 ? [1] : []))
    await ask(...history).catch(() => ask(...history))
    expect(server.connections).toBe(2)
    expect(server.conversation().slice(0, 3)).toEqual([
      'user speech of 500 ms',
      `assistant ${textOf(parts)}`,
      'user two',
    ])
  })

  it('writes where no voice is asked for', async () => {
    const { ask } = await converse({ dialect }, false)
    const parts = await ask(user('Hi'))
    expect(secondsOf(parts)).toBe(0)
    expect(textOf(parts)).toContain('You said “Hi”')
  })
})

describe('what goes wrong', () => {
  const failure = (type: string, code: string) => ({ failure: { type, code, message: 'it broke' } })
  it.each<[string, RealtimeServerOptions, EngineErrorCode, RegExp]>([
    [
      'another route',
      { refuse: { status: 404, message: 'no such model' } },
      'engine-refused',
      /no such model/,
    ],
    ['a full server', { refuse: { status: 429, message: 'slow down' } }, 'engine-failed', /over its limit/],
    ['a loading server', { refuse: { status: 503, message: 'loading' } }, 'engine-lost', /not ready/],
    ['a response that failed', failure('server_error', 'internal'), 'engine-failed', /failed: it broke/],
    [
      'a response that was refused',
      failure('invalid_request_error', 'bad'),
      'engine-refused',
      /refused the request: it broke/,
    ],
    ['a silent server', { silent: true }, 'engine-timeout', /session.created/],
    ['a stall', { stalls: true }, 'engine-timeout', /sent nothing for 300 ms/],
  ])('%s', async (_what, options, code, message) => {
    const model = await served(options, 300)
    const { signal } = new AbortController()
    const run = async () => {
      for await (const _ of model.open({ signal, voice: {} }).generate(promptOf(user('Hi')), {}, signal));
    }
    await expect(run()).rejects.toMatchObject({
      name: 'EngineError',
      code,
      message: expect.stringMatching(message),
    })
    await model.close()
  })

  it('never shows the key', async () => {
    server = await startRealtimeServer({ apiKey: 'right' })
    const options = {
      url: server.url.replace('http', 'ws'),
      model: 'm',
      timeoutMs: TIMEOUT_MS,
      apiKey: 'sk-secret',
    }
    const { signal } = new AbortController()
    const parts = createOpenAiRealtimeModel(options)
      .open({ signal })
      .generate(promptOf(user('Hi')), {}, signal)
    const error = await parts[Symbol.asyncIterator]()
      .next()
      .catch((reason: Error) => reason)
    expect((error as Error).message).toMatch(/refused the key/)
    expect((error as Error).message).not.toContain('sk-secret')
  })

  it('a connection that breaks off in an answer', async () => {
    const { conversation, server } = await converse({ wordMs: 10 })
    const { signal } = new AbortController()
    const run = async () => {
      for await (const part of conversation.generate(promptOf(user('Hi')), {}, signal))
        if (part.type === 'audio') server.cut()
    }
    await expect(run()).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringMatching(/closed the connection/),
    })
  })
})

function errorsOf({ wire }: RealtimeServer): unknown[] {
  return wire.flatMap(({ event }) => (event.type === 'error' ? [event.error] : []))
}

/** Until there is something. */
async function until<T>(what: () => readonly T[]): Promise<readonly T[]> {
  for (;;) {
    const found = what()
    if (found.length > 0) return found
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
