/**
 * Which server a command talks to: the one the user names, the one that runs on this machine, or one that is started
 * for the command and ended after it. It knows how servers are found and started, not what is asked of them.
 */

import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { readServerFile } from './server-file.js'

export interface ServerHandle {
  /** HTTP address without a path. */
  readonly url: string
  readonly origin: 'named' | 'running' | 'started'
  /** Ends the server where it was started for this command; does nothing otherwise. */
  stop(): Promise<void>
}

export interface ServerRequest {
  /** As `serverUrl` gives it. */
  readonly url?: string | undefined
  readonly home: string
  /** For a server that is started; else it finds its own. */
  readonly configFile?: string | undefined
  /** Called with a sentence before a wait that a user would notice. */
  readonly onWait: (sentence: string) => void
  readonly signal: AbortSignal
  /** Rejects where none runs, instead of starting one. */
  readonly onlyRunning?: true
}

/** The first start fetches weights of more than a gigabyte. */
const START_DEADLINE_MS = 60 * 60_000
const PROBE_MS = 5_000
const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])
const UNTRUSTED = /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|CERT_|ERR_TLS_CERT)/
/** After this a server that was told to end is killed. */
const STOP_DEADLINE_MS = 10_000

/** Resolves once the server is warmed up. Rejects where it cannot be started or the signal aborts. */
export async function openServer(request: ServerRequest): Promise<ServerHandle> {
  if (request.url !== undefined) {
    await checkReachable(request.url)
    return { url: request.url, origin: 'named', stop: async () => {} }
  }
  const running = await findRunning(request)
  if (running !== undefined) return running
  if (request.onlyRunning)
    throw new Error('no server runs here: start `vivavoce serve`, or name one with --url')
  return start(request)
}

async function findRunning(request: ServerRequest): Promise<ServerHandle | undefined> {
  const isRunning = () => readServerFile(request.home) !== undefined
  const file = readServerFile(request.home)
  if (file === undefined) return undefined
  const url = `http://${reachableHost(file.host)}:${file.port}`
  const readiness = await askReadiness(url)
  if (readiness === 'absent') return undefined
  if (readiness === 'warming') {
    request.onWait(`Waiting for the server at ${url} to warm up …`)
    await waitUntilReady(url, isRunning, request.signal)
  }
  return { url, origin: 'running', stop: async () => {} }
}

async function start(request: ServerRequest): Promise<ServerHandle> {
  request.onWait('No server is running; starting one for this command …')
  const [port, tlsPort] = await Promise.all([freePort(), freePort()])
  const program = process.argv[1]
  if (program === undefined)
    throw new Error('cannot tell how this program was started: start `vivavoce serve` first')
  const ports = ['--host', '127.0.0.1', '--port', String(port), '--tls-port', String(tlsPort)]
  const configFile = request.configFile === undefined ? [] : ['--config', request.configFile]
  const child = spawn(
    process.execPath,
    [...process.execArgv, program, 'serve', ...ports, '--home', request.home, ...configFile],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let lastWords = ''
  child.stderr.on('data', (data: Buffer) => {
    lastWords = (lastWords + String(data)).slice(-4000)
    // The progress of a first start must be seen; a pipe has no use for it.
    if (process.stderr.isTTY) process.stderr.write(data)
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS)
    await ended
    clearTimeout(timer)
  }
  const url = `http://127.0.0.1:${port}`
  try {
    await waitUntilReady(url, () => child.exitCode === null && child.signalCode === null, request.signal)
  } catch (error) {
    await stop()
    throw request.signal.aborted ? error : new Error(`${(error as Error).message}\n${lastWords}`.trim())
  }
  return { url, origin: 'started', stop }
}

async function waitUntilReady(url: string, isRunning: () => boolean, signal: AbortSignal): Promise<void> {
  const deadlineMs = performance.now() + START_DEADLINE_MS
  while ((await askReadiness(url)) !== 'ready') {
    if (!isRunning()) throw new Error('the server ended before it was ready; try `vivavoce doctor`')
    if (performance.now() > deadlineMs)
      throw new Error(`the server at ${url} did not become ready within an hour`)
    await sleep(100, undefined, { signal })
  }
}

/** Throws where nothing answers at an address, or where this program cannot trust what does. Any answer over HTTP will do. */
export async function checkReachable(url: string, certificates?: 'any certificate'): Promise<void> {
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PROBE_MS) })
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException
    if (UNREACHABLE.has(code ?? '')) {
      throw new Error(
        `no server answers at ${url} (${code}): start one with \`vivavoce serve\`, or correct the address`,
      )
    }
    if (UNTRUSTED.test(code ?? '') && certificates === undefined) {
      throw new Error(
        `the certificate of ${url} is not trusted (${code}): for a server of this machine run eval "$(vivavoce env)" first, or use its plain port`,
      )
    }
    // A server that speaks nothing but WebSocket may fail otherwise.
  }
}

async function askReadiness(url: string): Promise<'ready' | 'warming' | 'absent'> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) })
    return response.ok ? 'ready' : response.status === 503 ? 'warming' : 'absent'
  } catch {
    return 'absent'
  }
}

/** A server that listens everywhere is reached on loopback. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
