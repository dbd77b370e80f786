/** Starts the real program with scripted engines for a suite, and reads the environment that `vivavoce env` sets. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

export const ROOT = resolve(import.meta.dirname, '../..')
/** How a TypeScript program is run: `node --import TSX program.ts`. */
export const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const MAIN = resolve(ROOT, process.env.VIVAVOCE_TEST_MAIN ?? 'src/cli/main.ts')
/** The program from its sources, or the built one that VIVAVOCE_TEST_MAIN names, which starts without a compiler. */
export const PROGRAM: readonly [string, ...string[]] = MAIN.endsWith('.ts')
  ? [process.execPath, '--import', TSX, MAIN]
  : [process.execPath, MAIN]

/** What a program may take where other suites keep the cores busy. */
export const PATIENCE_MS = 150_000

export interface TestServer {
  readonly url: string
  readonly tlsUrl: string
  readonly home: string
  /** What a user's shell has after `eval "$(vivavoce env)"`. */
  environment(): NodeJS.ProcessEnv
  /** At once and without a word, as a crash does it, with `kill`. */
  stop(how?: 'kill'): Promise<void>
}

export interface TestServerOptions {
  /** YAML of the scripted engines. */
  readonly script?: string
  readonly arguments?: readonly string[]
  /** A home that exists already, with weights; a fresh one else. */
  readonly home?: string
  readonly readyWithinMs?: number
  /** Of a server that was stopped, to take its place. */
  readonly port?: number
}

/** Rejects with the server's own words where it ends or does not become ready in time. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'vivavoce-sdk-'))
  const home = options.home ?? join(folder, 'home')
  const ports = { port: options.port ?? (await freePort()), tlsPort: await freePort() }
  const script = join(folder, 'script.yaml')
  if (options.script !== undefined) writeFileSync(script, options.script)
  const engines = options.home === undefined ? ['--engines', 'scripted'] : []
  const [command, ...program] = PROGRAM
  const child = spawn(
    command,
    [
      ...[...program, 'serve', '--port', String(ports.port), '--tls-port', String(ports.tlsPort), ...engines],
      ...(options.script === undefined ? [] : ['--script', script]),
      ...(options.arguments ?? []),
    ],
    { cwd: folder, env: cleanEnvironment(home), stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let words = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      words = (words + String(data)).slice(-8000)
    })
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async (how?: 'kill') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(how ? 'SIGKILL' : 'SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(timer)
    rmSync(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${ports.port}`
  const deadlineMs = performance.now() + (options.readyWithinMs ?? PATIENCE_MS)
  while (!(await isReady(url))) {
    if (child.exitCode !== null || performance.now() > deadlineMs) {
      await stop()
      throw new Error(`the server is not ready:\n${words}`)
    }
    await sleep(100)
  }
  return {
    url,
    tlsUrl: `https://127.0.0.1:${ports.tlsPort}`,
    home,
    environment: () => shellEnvironment(home),
    stop,
  }
}

/** The caller's environment without anything that would lead a client or the server elsewhere. */
export function cleanEnvironment(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VIVAVOCE|GOOGLE|GEMINI|GCE|CLOUDSDK)_/.test(name),
  )
  return { ...Object.fromEntries(kept), VIVAVOCE_HOME: home }
}

function shellEnvironment(home: string): NodeJS.ProcessEnv {
  const output = execFileSync(
    'sh',
    ['-c', 'lines=$("$@" env) && eval "$lines" && env -0', 'sh', ...PROGRAM],
    {
      cwd: ROOT,
      env: cleanEnvironment(home),
      encoding: 'utf8',
    },
  )
  const entries = output.split('\0').filter((entry) => entry !== '')
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  )
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok
  } catch {
    return false
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

/** Raw PCM16 at 16 kHz with half a second of silence behind it: the recording where it lies beside the checkout, else tones. */
export function questionPcm(name = 'hello_are_you_there.pcm'): Buffer {
  try {
    return readFileSync(join(ROOT, '../shared/fixtures', name))
  } catch {
    const samples = new Int16Array(16_000 * 2)
    for (let index = 0; index < 16_000 * 1.5; index++) {
      const syllable = index % 4000 < 3200 ? 1 : 0
      samples[index] = 9000 * syllable * Math.sin((2 * Math.PI * 220 * index) / 16_000)
    }
    return Buffer.from(samples.buffer)
  }
}
