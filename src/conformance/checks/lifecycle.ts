/** Rules of functions and of sessions that outlive their connection. */

import { type Check, must, mustClose, readTurn, skip, TEXT, userText } from '../check.js'
import type { Peer, ServerJson } from '../peer.js'

const WEATHER = {
  name: 'get_current_weather',
  description: 'Gives the current weather in a city.',
  parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } }, required: ['city'] },
}
const TOOLS = { ...TEXT, tools: [{ functionDeclarations: [WEATHER] }] }
const QUESTION = 'What is the weather in Oslo right now? Use the function.'

type FunctionCall = NonNullable<ServerJson['toolCall']>['functionCalls'][number]

/** Asks and returns the first call. Skips where the model answers without one. */
async function firstCall(peer: Peer): Promise<FunctionCall> {
  peer.send(userText(QUESTION))
  for (;;) {
    const message = await peer.next()
    if (message.toolCall) return message.toolCall.functionCalls[0]!
    if (message.serverContent?.turnComplete) skip('the model did not call the function')
  }
}

/** The newest handle that comes before the connection is quiet. */
async function latestHandle(peer: Peer): Promise<string> {
  let handle: string | undefined
  while (await peer.quiet(2_000)) {
    const { sessionResumptionUpdate: update } = await peer.next()
    if (update?.resumable) handle = update.newHandle
  }
  if (handle === undefined) throw new Error('no handle came after the turn')
  return handle
}

export const lifecycleChecks: readonly Check[] = [
  {
    rule: 'TOOL-1',
    title: 'a call has an id, the declared name and arguments that are an object',
    async run({ open }) {
      const peer = await open(TOOLS)
      const { id, name, args } = await firstCall(peer)
      must(typeof id === 'string' && id !== '', 'the call has no id')
      must(name === WEATHER.name, `it calls ${name}`)
      must(typeof args === 'object' && args !== null && !Array.isArray(args), 'its arguments are no object')
      peer.leave()
    },
  },
  {
    rule: 'TOOL-2',
    title: 'a toolResponse is answered, once, and ends the turn',
    async run({ open }) {
      const peer = await open(TOOLS)
      const { id, name } = await firstCall(peer)
      peer.send({
        toolResponse: { functionResponses: [{ id, name, response: { output: 'Sunny, 20 degrees.' } }] },
      })
      let turn = await readTurn(peer)
      // Some models end the turn of the call before the one that speaks of the result.
      if (turn.text === '') turn = await readTurn(peer)
      must(turn.text.trim() !== '', 'the result was not spoken of')
      must((await peer.quiet(700))?.serverContent === undefined, 'it was spoken of again')
      peer.leave()
    },
  },
  {
    rule: 'TOOL-3',
    title: 'new content while a call is open is answered, and the call taken back',
    async run({ open }) {
      const peer = await open(TOOLS)
      const { id } = await firstCall(peer)
      peer.send(userText('Never mind. Say hello.'))
      const messages: ServerJson[] = []
      for (;;) {
        const message = await peer.next()
        messages.push(message)
        if (message.serverContent?.modelTurn) break
      }
      const cancelled = messages.flatMap((message) => message.toolCallCancellation?.ids ?? [])
      must(cancelled.includes(id), 'the call was not taken back')
      peer.leave()
    },
  },
  {
    rule: 'RES-1',
    title: 'a handle comes after a turn if resumption is asked for, and only then',
    async run({ open }) {
      const peer = await open({ ...TEXT, sessionResumption: {} })
      peer.send(userText('Say hello.'))
      await readTurn(peer)
      must((await latestHandle(peer)) !== '', 'the handle is empty')
      peer.leave()
      const other = await open(TEXT)
      other.send(userText('Say hello.'))
      await readTurn(other)
      must((await other.quiet(700)) === undefined, 'something came unasked')
      other.leave()
    },
  },
  {
    rule: 'RES-2',
    title: 'a session goes on in another connection with its handle',
    async run({ open }) {
      const first = await open({ ...TEXT, sessionResumption: {} })
      first.send(userText('Say hello.'))
      await readTurn(first)
      const handle = await latestHandle(first)
      first.leave()
      const peer = await open({ ...TEXT, sessionResumption: { handle } })
      peer.send(userText('Say hello again.'))
      must((await readTurn(peer)).text !== '', 'no answer came')
      peer.leave()
    },
  },
  {
    rule: 'RES-3',
    title: 'a wrong handle is refused with 1008',
    async run({ connect, model }) {
      const peer = await connect()
      peer.send({ setup: { model, ...TEXT, sessionResumption: { handle: 'no-such-handle' } } })
      await mustClose(peer, [1008], 'session not found')
    },
  },
]
