/** The part of the language models' contract that is about functions: who calls what, and what may follow. */
import { expect, it } from 'vitest'
import type {
  Conversation,
  FunctionDeclaration,
  GenerationPart,
  Message,
  Prompt,
} from '../../engine/index.js'
import { fitArguments } from '../../engines/function-arguments.js'
import { collect, neverAborted } from './suite.js'

export interface FunctionCases {
  /** What gets the model to call `set_timer` for five minutes. */
  readonly call: string
  /** What gets it to do so, and to call `get_weather` for Oslo in the same answer. */
  readonly callTwice: string
  /** What gets it to talk. */
  readonly talk: string
}

const FUNCTIONS: readonly FunctionDeclaration[] = [
  {
    name: 'set_timer',
    description: 'Start a countdown timer',
    parameters: {
      type: 'object',
      properties: { minutes: { type: 'integer', minimum: 1, maximum: 600 } },
      required: ['minutes'],
    },
  },
  {
    name: 'get_weather',
    description: 'Get the weather in a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
  { name: 'lock_door', description: 'Lock the front door' },
]
const SYSTEM = 'You are a friendly voice assistant. Answer in one short sentence of plain text.'
const TIMER = { name: 'set_timer', args: { minutes: 5 } }
const WEATHER = { name: 'get_weather', args: { city: 'Oslo' } }

type Call = Extract<GenerationPart, { type: 'call' }>

export function testFunctionCalls(
  conversing: <T>(use: (conversation: Conversation) => Promise<T>) => Promise<T>,
  cases: FunctionCases,
  caches: boolean,
): void {
  const asked = (...messages: (Message | string)[]): Prompt => ({
    system: SYSTEM,
    functions: FUNCTIONS,
    messages: messages.map((message) =>
      typeof message === 'string' ? { role: 'user', text: message } : message,
    ),
  })
  const generate = (prompt: Prompt) =>
    conversing((conversation) =>
      collect(conversation.generate(prompt, { temperature: 0, maxOutputTokens: 24 }, neverAborted())),
    )
  const callsOf = (parts: readonly GenerationPart[]) =>
    parts.filter((part): part is Call => part.type === 'call').map(({ name, args }) => ({ name, args }))
  const textOf = (parts: readonly GenerationPart[]) =>
    parts.map((part) => (part.type === 'text' ? part.text : '')).join('')

  it('calls a declared function with arguments of its schema, then ends', async () => {
    const parts = await generate(asked(cases.call))
    expect(callsOf(parts)).toEqual([TIMER])
    expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'stop' })
    expect(parts.filter(({ type }) => type === 'end').length).toBe(1)
    expect(textOf(parts)).not.toContain('{')
  })

  it('calls several functions in one answer', async () => {
    const calls = callsOf(await generate(asked(cases.callTwice)))
    expect(calls).toEqual(expect.arrayContaining([TIMER, WEATHER]))
    expect(calls.length).toBe(2)
    for (const { name, args } of calls) {
      const declaration = FUNCTIONS.find((one) => one.name === name)!
      expect(fitArguments(declaration, args)).toEqual({ args })
    }
  })

  it('talks where nothing is to be called', async () => {
    const parts = await generate(asked(cases.talk))
    expect(callsOf(parts)).toEqual([])
    expect(textOf(parts).trim()).not.toBe('')
  })

  it('never calls where no function is declared', async () => {
    for (const functions of [[], undefined]) {
      const { functions: _, ...rest } = asked(cases.call)
      const parts = await generate(functions === undefined ? rest : { ...rest, functions })
      expect(callsOf(parts)).toEqual([])
      expect(textOf(parts).trim()).not.toBe('')
    }
  })

  const call: Message = { role: 'call', id: 'c1', ...TIMER }
  const result: Message = {
    role: 'result',
    id: 'c1',
    name: 'set_timer',
    result: { output: { started: true } },
  }
  const failure: Message = { role: 'result', id: 'c1', name: 'set_timer', result: { error: 'no battery' } }
  const words: Message = { role: 'model', text: 'One moment.' }
  it.each<[string, (Message | string)[]]>([
    ['a result', [cases.call, call, result]],
    ['a failure', [cases.call, call, failure]],
    ['a result that came turns later', [cases.call, call, cases.talk, words, result]],
    ['a second result of the same call', [cases.call, call, result, words, result]],
    [
      'two calls with two results',
      [
        cases.callTwice,
        call,
        { role: 'call', id: 'c2', ...WEATHER },
        result,
        { role: 'result', id: 'c2', name: 'get_weather', result: { output: 'sunny' } },
      ],
    ],
  ])('tells %s in words', async (_what, messages) => {
    const parts = await generate(asked(...messages))
    expect(callsOf(parts)).toEqual([])
    expect(textOf(parts).trim()).not.toBe('')
    expect(textOf(parts)).not.toMatch(/tool_response|[{}]/)
  })

  it('goes on talking while a call has no result yet', async () => {
    const parts = await generate(asked(cases.call, call, cases.talk))
    expect(textOf(parts).trim()).not.toBe('')
  })

  it('calls again after a result', async () => {
    const parts = await generate(asked(cases.talk, words, cases.call))
    expect(callsOf(parts)).toEqual([TIMER])
  })

  it.runIf(caches)('evaluates declarations and calls only once', async () => {
    await conversing(async (conversation) => {
      const opening = asked(cases.call)
      const steps = await collect(conversation.prefill(opening, neverAborted()))
      const first = await collect(conversation.generate(opening, {}, neverAborted()))
      const end = first.at(-1)
      if (end?.type !== 'end') throw new Error('no end')
      expect(end.usage.cachedTokens).toBeGreaterThanOrEqual(steps.at(-1)!.totalTokens)
      const second = await collect(
        conversation.generate(asked(cases.call, call, result), { maxOutputTokens: 4 }, neverAborted()),
      )
      const later = second.at(-1)
      if (later?.type !== 'end') throw new Error('no end')
      expect(later.usage.cachedTokens).toBeGreaterThanOrEqual(end.usage.promptTokens - 1)
    })
  })
}
