/**
 * The server put together: sockets first, so that a taken port is told before anything is fetched; then the engines; then it is ready. Keeps
 * its file in `<home>/servers` while it runs, by which other commands find it.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Config } from '../config/index.js'
import type { FloorDefaults } from '../core/index.js'
import { SCRIPTED_SILENCE_MS } from '../engines/scripted/index.js'
import { LIVE_VOICE_NAMES } from '../engines/voice-names.js'
import { createGateway, type SessionHost as GatewaySessions } from '../gateway/index.js'
import { createInspection, residentBytes } from '../gateway/inspection.js'
import { createPage } from '../gateway/page.js'
import { prepareTls, type TlsFiles } from '../gateway/tls/index.js'
import {
  createEventLog,
  createSessionHost,
  type Logger,
  rehearseComparison,
  type SessionHost,
  systemClock,
} from '../runtime/index.js'
import {
  createFileStore,
  createMemoryStore,
  createResumableSessions,
  type ResumableSessions,
  type SessionStore,
} from '../sessions/index.js'
import { tellAll, turnLogFields } from '../telemetry/index.js'
import { createMetrics } from '../telemetry/metrics.js'
import { traceTurn } from '../telemetry/spans.js'
import { createAccess } from './access.js'
import { banner } from './banner.js'
import { createEventLogFiles } from './event-log-files.js'
import { openHome } from './home.js'
import type { RunningEngines } from './running-engines.js'
import { removeServerFile, writeServerFile } from './server-file.js'

export interface RunningServer {
  /** Tells clients to go elsewhere; resolves when they have, or after the configured time. */
  drain(): Promise<void>
  readonly openSessions: number
  close(): Promise<void>
}

export interface ServerContext {
  readonly logger: Logger
  readonly signal: AbortSignal
  /** Writes to the user's terminal. */
  readonly print: (text: string) => void
}

/** Resolves once the server is warmed up and serves. Rejects with an error that says what to do. */
export async function startServer(config: Config, context: ServerContext): Promise<RunningServer> {
  const { logger, signal, print } = context
  openHome(config.home)
  const tls = await tlsFiles(config)
  let store: SessionStore | undefined
  const access = createAccess(config, (id, by, ttlMs) => {
    if (!store) throw new Error('a session was begun before there was a store')
    return store.count(`token-${id}`, by, ttlMs)
  })
  let engines: RunningEngines | undefined
  let host: SessionHost | undefined
  let resumable: ResumableSessions | undefined

  const sessions: GatewaySessions = {
    open(setup, connection) {
      if (!resumable) throw new Error('a connection was accepted before the engines were ready')
      return resumable.open(setup, connection)
    },
  }
  const processes = () => engines?.processes() ?? []
  const openSessions = () => host?.openSessions ?? 0
  const metrics = createMetrics({ openSessions, processes, residentBytes })
  const turns = () => host?.turns ?? []
  const inspection = createInspection({ turns, processes, openSessions, metrics: metrics.render })
  const files = config.eventLog === undefined ? undefined : createEventLogFiles(config.eventLog, logger)
  const observer = tellAll(metrics, {
    sessionEnded: ({ session }) => files?.end(session),
    turn(record) {
      logger.info(turnLogFields(record), 'turn')
      traceTurn(record, performance.timeOrigin)
    },
  })
  const page = createPage()
  const gateway = await createGateway({
    host: config.host,
    port: config.port,
    ...(tls ? { tlsPort: config.tlsPort, tls } : {}),
    sessions,
    ready: () => resumable !== undefined,
    checkCredential: access.checkCredential,
    keyOf: access.keyOf,
    tokens: access.tokens,
    checkOrigin: access.checkOrigin,
    metadata: access.metadata,
    text: () => host?.text,
    voiceNames: LIVE_VOICE_NAMES,
    previews: () => host?.previews,
    models: config.models,
    page: (request) => inspection.handle(request) ?? page(request),
    limits: {
      maxMessageBytes: config.maxMessageBytes,
      connectionLimitMs: config.sessions.connectionLimit * 1000,
    },
    textFrames: config.textFrames,
    strict: config.strict,
    logger,
  })

  const close = async () => {
    removeServerFile(config.home, process.pid)
    await gateway.close()
    // What was said last is stored before the engines, which may still be recognising it, go.
    await resumable?.close()
    await engines?.close()
    inspection.close()
    metrics.close()
  }

  try {
    const starting = startEngines(config, { logger, signal, say: (sentence) => print(`${sentence}\n`) })
    // While their processes start.
    rehearseComparison()
    engines = await starting
    host = createSessionHost({
      engines: engines.set,
      ...(engines.identifyLanguage ? { identifyLanguage: engines.identifyLanguage } : {}),
      clock: systemClock,
      logger,
      createId: randomUUID,
      computeSlots: engines.computeSlots,
      speechSpeed: engines.speechSpeed,
      maxSessions: config.maxSessions,
      pacing: config.pacing,
      outputChunkMs: config.outputChunkMs,
      remoteLanes: engines.remoteLanes,
      availableMemoryBytes: () => process.availableMemory(),
      observer,
      ...(files ? { eventLog: createEventLog(files.write, config.eventLogWords) } : {}),
      floorDefaults: floorDefaults(config),
    })
    store = await openSessionStore(config, logger)
    resumable = createResumableSessions({ host, store, logger })
  } catch (error) {
    await close()
    throw error
  }
  const { port, tlsPort } = gateway
  const startedAt = new Date().toISOString()
  writeServerFile(config.home, { pid: process.pid, host: config.host, port, tlsPort, startedAt })
  print(banner(config, gateway, engines.choices))
  return {
    close,
    drain: () => gateway.drain(config.sessions.drainTime * 1000),
    get openSessions() {
      return openSessions()
    },
  }
}

async function openSessionStore(config: Config, logger: Logger): Promise<SessionStore> {
  const now = () => Date.now()
  const onError = (error: unknown) => logger.warn({ error: String(error) }, 'session store')
  const { store, redisUrl } = config.sessions
  if (store === 'redis' && redisUrl !== undefined) {
    const { createRedisStore } = await import('../sessions/redis-store.js')
    return createRedisStore({ url: redisUrl, onError })
  }
  if (store === 'memory') return createMemoryStore(now)
  return createFileStore({ folder: join(config.home, 'sessions'), now, onError })
}

async function startEngines(
  config: Config,
  context: { logger: Logger; signal: AbortSignal; say: (sentence: string) => void },
): Promise<RunningEngines> {
  // Each path loads its own modules: scripted engines start in a moment.
  if (config.engines === 'scripted') {
    const { startScriptedEngines } = await import('./start-scripted.js')
    return startScriptedEngines(config, context.logger)
  }
  const { fetchWhatIsMissing } = await import('./fetch-missing.js')
  await fetchWhatIsMissing(config, context.signal)
  const { startEmbeddedEngines } = await import('./start-embedded.js')
  return startEmbeddedEngines(config, context)
}

function floorDefaults({ turns, engines }: Config): FloorDefaults {
  const silenceMs = turns.silenceDurationMs ?? (engines === 'scripted' ? SCRIPTED_SILENCE_MS : undefined)
  return {
    ...(turns.startSensitivity && { startSensitivity: SENSITIVITIES[turns.startSensitivity] }),
    ...(turns.endSensitivity && { endSensitivity: SENSITIVITIES[turns.endSensitivity] }),
    ...(silenceMs === undefined ? {} : { silenceMs }),
    ...(turns.prefixPaddingMs === undefined ? {} : { onsetMs: turns.prefixPaddingMs }),
  }
}

const SENSITIVITIES = { high: 'HIGH', low: 'LOW' } as const

async function tlsFiles(config: Config): Promise<TlsFiles | undefined> {
  if (config.tlsPort === 0) return undefined
  const { SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE } = process.env
  return prepareTls({
    home: config.home,
    host: config.host,
    extraTrust: [SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE],
    nowMs: Date.now(),
  })
}
