/**
 * A child process like the real one, but with scripted engines: for tests of supervision, and of the engine contracts through a process
 * boundary. Its load order names the kind and, if wanted, a script.
 */
import type { CallMessage, CallReply, EngineLoad } from '../engine/call.js'
import type { EngineKind } from '../engine/index.js'
import type { LoadedEngine } from '../engines/registry.js'
import { createScriptedEngines, loadScript } from '../engines/scripted/index.js'
import { createCallServer } from '../engines/serve-calls.js'
import { systemClock } from '../runtime/clock.js'

const reply = (message: CallReply) => process.send?.(message)
process.on('disconnect', () => process.exit(0))

const { options } = JSON.parse(process.argv[2] ?? '{}') as EngineLoad
const { kind, script } = options as { kind: EngineKind; script?: string }
if (script === 'cannot load') {
  reply({ type: 'load-failed', message: 'the weights are not there' })
  process.disconnect()
} else {
  const engines = createScriptedEngines({
    clock: systemClock,
    ...(script ? { script: loadScript(script, 'child') } : {}),
  })
  const loaded = { kind, engine: engines[kind] } as LoadedEngine
  const handle = createCallServer(loaded, reply)
  process.on('message', (messages: readonly CallMessage[]) => {
    for (const message of messages) {
      if (message.type === 'stop') process.exit(0)
      handle(message)
    }
  })
  reply({ type: 'ready', info: loaded.engine.info })
}
