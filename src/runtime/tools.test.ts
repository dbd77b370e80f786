/** Function calls through a whole session on scripted engines: the order on the wire, in both modes, in text and speech. */
import { describe, expect, it } from 'vitest'
import { decodeClientMessage, type ServerMessage } from '../protocol/index.js'
import { silence, startSession, stream, tone } from '../testing/session-bench.js'

const SCRIPT = `
rules:
  - match: { contains: weather }
    toolCalls: [{ name: weather, args: { city: Oslo } }]
  - match: { contains: check }
    reply: One moment.
    toolCalls: [{ name: weather, args: { city: Rome } }]
  - match: { toolResult: weather, result: snow }
    reply: Snow is coming.
  - match: { toolResult: weather }
    reply: Nothing special.
`
const declared = (behavior?: string) => ({
  tools: [{ functionDeclarations: [{ name: 'weather', ...(behavior && { behavior }) }] }],
})
const TEXT = { generationConfig: { responseModalities: ['TEXT'] } }

function start(setup: object) {
  const started = startSession(setup, SCRIPT)
  const send = async (message: object) => {
    started.session.receive(decodeClientMessage(JSON.stringify(message)))
    await started.clock.advance(3_000)
  }
  const calls = () =>
    started.connection.sent.flatMap(({ message }: { message: ServerMessage }) =>
      'toolCall' in message ? message.toolCall.functionCalls : [],
    )
  const respond = (response: object, more: object = {}) =>
    send({
      toolResponse: { functionResponses: [{ id: calls().at(-1)?.id, name: 'weather', response, ...more }] },
    })
  return { ...started, send, calls, respond }
}

const ask = (text: string) => ({ clientContent: { turns: [{ parts: [{ text }] }], turnComplete: true } })

describe('function calls', () => {
  it('[TOOL-2] blocking: nothing follows the call until its result came', async () => {
    const { connection, send, calls, respond } = start({ ...declared(), ...TEXT })
    await send(ask('weather?'))
    expect(connection.transcript()).toEqual(['setupComplete', 'toolCall'])
    expect(calls()).toEqual([{ id: expect.any(String), name: 'weather', args: { city: 'Oslo' } }])
    await respond({ output: 'snow' })
    expect(connection.transcript().slice(2)).toEqual([
      'text Snow',
      'text  is',
      'text  coming.',
      'generationComplete',
      'turnComplete',
    ])
  })

  it('[TOOL-17] mode ANY: small talk is answered with a call as well', async () => {
    const toolConfig = { functionCallingConfig: { mode: 'ANY' } }
    const { connection, send, calls, respond } = start({ ...declared(), ...TEXT, toolConfig })
    await send(ask('good morning'))
    expect(calls()).toEqual([{ id: expect.any(String), name: 'weather', args: {} }])
    await respond({ output: 'fog' })
    expect(connection.transcript().slice(2)).toEqual([
      'text Nothing',
      'text  special.',
      'generationComplete',
      'turnComplete',
    ])
    await send(ask('good night'))
    expect(calls()).toHaveLength(2)
  })

  it('what is said first is spoken before the call', async () => {
    const { connection, send, respond } = start(declared())
    await send(ask('check'))
    expect(connection.transcript()).toEqual(['setupComplete', 'said One moment.', 'audio 700', 'toolCall'])
    await respond({ temperature: 20 })
    expect(connection.transcript().slice(4)).toEqual([
      'said Nothing special.',
      expect.stringMatching(/^audio \d+$/),
      'generationComplete',
      'turnComplete',
    ])
  })

  it('non-blocking: the conversation goes on, the result is told afterwards', async () => {
    const { connection, send, respond } = start({ ...declared('NON_BLOCKING'), ...TEXT })
    await send(ask('weather?'))
    await send(ask('hello'))
    await respond({ output: 'snow' })
    expect(connection.transcript()).toEqual([
      'setupComplete',
      'toolCall',
      'text hello',
      'generationComplete',
      'turnComplete',
      'text Snow',
      'text  is',
      'text  coming.',
      'generationComplete',
      'turnComplete',
    ])
  })

  it('the user is heard while a call is waited for, for as long as it takes', async () => {
    const started = start(declared())
    await started.send(ask('weather?'))
    await started.clock.advance(600_000)
    await stream(started, tone(800))
    await stream(started, silence(3_000))
    const words = started.connection.transcript()
    expect(words.slice(2, 6)).toEqual([
      'heard speech of 800 ms',
      'interrupted',
      'toolCallCancellation',
      'turnComplete',
    ])
    expect(words.at(-1)).toBe('turnComplete')
    expect(started.connection.closed).toBeUndefined()
    const before = started.connection.sent.length
    await started.respond({ output: 'snow' })
    expect(started.connection.sent).toHaveLength(before)
  })

  it('a call that was made ready while the user might go on leaves when the turn has ended', async () => {
    const started = startSession(
      declared(),
      `${SCRIPT}  - match: { audioMs: { min: 1 } }
    transcript: What is the weather?
`,
    )
    await stream(started, tone(800))
    await stream(started, silence(200))
    expect(started.connection.transcript()).toEqual(['setupComplete'])
    await stream(started, silence(3_000))
    expect(started.connection.transcript()).toEqual([
      'setupComplete',
      'heard What is the weather?',
      'toolCall',
    ])
  })

  it('a model without functions calls nothing', async () => {
    const { connection, send } = start(TEXT)
    await send(ask('weather?'))
    expect(connection.transcript()).not.toContain('toolCall')
  })

  it('[TOOL-16] ids differ within a session', async () => {
    const { send, calls, respond } = start({ ...declared(), ...TEXT })
    for (let round = 0; round < 3; round++) {
      await send(ask('weather?'))
      await respond({ output: 'sun' })
    }
    expect(new Set(calls().map(({ id }) => id)).size).toBe(3)
  })
})
