/** A child whose language model counts the prefill chunks it has begun. */
import type { CallMessage } from '../engine/call.js'
import { createCallServer } from '../engines/serve-calls.js'

let begun = 0
const info = { id: 'counting', kind: 'llm' as const, languages: [], description: 'counts' }
const handle = createCallServer(
  {
    kind: 'llm',
    engine: {
      info,
      open: () => ({
        async *weigh() {},
        async *prefill() {
          for (let chunk = 1; chunk <= 5; chunk++) {
            begun++
            await new Promise((resolve) => setTimeout(resolve, 5))
            yield { evaluatedTokens: chunk, totalTokens: 5 }
          }
        },
        async *generate() {
          yield { type: 'text' as const, text: String(begun) }
        },
        close() {},
      }),
    },
  },
  (message) => process.send?.(message),
)
process.on('disconnect', () => process.exit(0))
process.on('message', (messages: readonly CallMessage[]) => {
  for (const message of messages) {
    if (message.type === 'stop') process.exit(0)
    handle(message)
  }
})
process.send?.({ type: 'ready', info })
