/** The whole server in this process, on scripted engines and real sockets: what tests of the wire start from. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createAccess } from '../cli/access.js'
import type { EngineSet } from '../engine/index.js'
import { createScriptedEngines, loadScript } from '../engines/scripted/index.js'
import { LIVE_VOICE_NAMES } from '../engines/voice-names.js'
import { createGateway, type GatewayOptions } from '../gateway/index.js'
import { createSessionHost, type SessionHost, systemClock } from '../runtime/index.js'
import { createMemoryStore, createResumableSessions } from '../sessions/index.js'
import { LIVE_PATH, silentLogger } from './echo-gateway.js'

export interface ScriptedServer {
  /** `http://127.0.0.1:PORT`. */
  readonly http: string
  /** `ws://127.0.0.1:PORT/ws/…`, the Developer API's path. */
  readonly url: string
  readonly host: SessionHost
  close(): Promise<void>
}

export interface ScriptedServerOptions {
  /** YAML of the scripted engines. */
  readonly script?: string
  readonly apiKeys?: readonly string[]
  readonly maxSessions?: number
  readonly gateway?: Partial<GatewayOptions>
  /** Replaces engines. */
  readonly change?: (engines: EngineSet) => EngineSet
}

export async function startScriptedServer(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const home = mkdtempSync(join(tmpdir(), 'vivavoce-server-'))
  const script = options.script === undefined ? {} : { script: loadScript(options.script, 'test') }
  const { change = (engines) => engines } = options
  const host = createSessionHost({
    engines: change(createScriptedEngines({ clock: systemClock, ...script })),
    clock: systemClock,
    logger: silentLogger,
    createId: () => crypto.randomUUID(),
    computeSlots: 1_000,
    speechSpeed: 1_000,
    maxSessions: options.maxSessions ?? 100,
    pacing: 'auto',
  })
  const store = createMemoryStore(Date.now)
  const { checkCredential, keyOf, tokens, checkOrigin } = createAccess(
    { home, host: '127.0.0.1', apiKeys: [...(options.apiKeys ?? [])], insecure: false, allowedOrigins: [] },
    store.count,
  )
  const gateway = await createGateway({
    host: '127.0.0.1',
    port: 0,
    sessions: createResumableSessions({ host, store, logger: silentLogger }),
    text: () => host.text,
    voiceNames: LIVE_VOICE_NAMES,
    previews: () => host.previews,
    ready: () => true,
    checkCredential,
    keyOf,
    tokens,
    checkOrigin,
    logger: silentLogger,
    ...options.gateway,
  })
  const http = `http://127.0.0.1:${gateway.port}`
  return {
    http,
    url: `${http.replace('http', 'ws')}${LIVE_PATH}`,
    host,
    async close() {
      await gateway.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
