/**
 * Entry of the child process that holds one engine. Its only argument is the load order as JSON; it talks to its parent over the
 * process channel and ends when that closes.
 */
import type { CallMessage, CallReply, EngineLoad } from '../engine/call.js'
import { loadEngine } from './registry.js'
import { createCallServer } from './serve-calls.js'

const reply = (message: CallReply) => {
  if (process.connected) process.send?.(message)
}

// ^C goes to every process of the terminal: the parent decides when an engine ends.
process.on('SIGINT', () => {})
process.on('disconnect', () => process.exit(0))

try {
  const load = JSON.parse(process.argv[2] ?? '{}') as EngineLoad
  const loaded = await loadEngine(load.engine, load.options)
  const handle = createCallServer(loaded, reply)
  process.on('message', (messages: readonly CallMessage[]) => {
    for (const message of messages) {
      if (message.type === 'stop') process.exit(0)
      handle(message)
    }
  })
  reply({ type: 'ready', info: loaded.engine.info })
} catch (error) {
  reply({ type: 'load-failed', message: error instanceof Error ? error.message : String(error) })
  process.exitCode = 1
  process.disconnect?.()
}
