/** The child's side of the calls, without a process: credit, abort, unknown methods. */
import { describe, expect, it } from 'vitest'
import type { CallReply } from '../engine/call.js'
import type { GenerationPart, LanguageModel } from '../engine/index.js'
import { createCallServer } from './serve-calls.js'

function counting() {
  const state = { made: 0, ended: false }
  const engine: LanguageModel = {
    info: { id: 'counting', kind: 'llm', languages: [], description: '' },
    open: () => ({
      async *weigh() {},
      async *prefill() {},
      async *generate(): AsyncGenerator<GenerationPart> {
        try {
          for (;;) yield { type: 'text', text: String(state.made++) }
        } finally {
          state.ended = true
        }
      },
      close() {},
    }),
  }
  const replies: CallReply[] = []
  const handle = createCallServer({ kind: 'llm', engine }, (reply) => replies.push(reply))
  return { state, replies, handle }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))
const args = { conversation: 1, prompt: { system: '', messages: [] }, sampling: {} }

describe('the call server', () => {
  it('sends no more parts than there is credit, and makes none ahead', async () => {
    const { state, replies, handle } = counting()
    handle({ type: 'call', id: 1, method: 'generate', args, credit: 2 })
    await settled()
    expect(replies).toHaveLength(2)
    handle({ type: 'pull', id: 1 })
    await settled()
    expect(replies).toHaveLength(3)
    expect(state.made).toBe(3)
    handle({ type: 'abort', id: 1 })
  })

  it('ends the engine’s work when the call is aborted, and says nothing more', async () => {
    const { state, replies, handle } = counting()
    handle({ type: 'call', id: 1, method: 'generate', args, credit: 1 })
    await settled()
    handle({ type: 'abort', id: 1 })
    await settled()
    expect(state.ended).toBe(true)
    expect(replies).toHaveLength(1)
    handle({ type: 'pull', id: 1 })
    await settled()
    expect(replies).toHaveLength(1)
  })

  it('refuses a method that the engine does not have', () => {
    const { replies, handle } = counting()
    handle({ type: 'call', id: 7, method: 'speak', args: {}, credit: 1 })
    expect(replies).toEqual([{ type: 'error', id: 7, code: 'engine-refused', message: 'no method speak' }])
  })
})
