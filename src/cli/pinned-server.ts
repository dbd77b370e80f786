/** A server of our own for load measurements: in a process of its own, on a core of its own, with scripted engines. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

export interface PinnedServer {
  readonly url: string
  /** The core that it runs on; undefined where processes cannot be pinned. */
  readonly core: number | undefined
  /** Processor time of all its processes, ms. */
  cpuMs(): number | undefined
  footprint(): Promise<{ rssBytes: number; heapBytes: number }>
  stop(): Promise<void>
}

export interface PinnedServerOptions {
  readonly home: string
  /** silero = the real one beside the scripted rest. */
  readonly vad: 'scripted' | 'silero'
  readonly outputChunkMs: number
  readonly maxSessions: number
  readonly signal: AbortSignal
}

/** Pieces of 24 words of 0.25 s: six seconds of answer, without any computation. */
const REPLY = Array.from({ length: 24 }, (_, index) => `word${index + 1}`).join(' ')
const READY_DEADLINE_MS = 60_000

/** The server gets core 0; this process leaves it to it. */
export async function startPinnedServer(options: PinnedServerOptions): Promise<PinnedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'vivavoce-load-'))
  const script = join(folder, 'script.yaml')
  writeFileSync(script, `rules:\n  - reply: "${REPLY}"\n`)
  // A home of its own, so that no other command takes this server for the user's; weights are not copied.
  for (const name of ['models', 'runtimes']) symlinkSync(join(options.home, name), join(folder, name))
  const pinned = canPin()
  const program = process.argv[1] ?? ''
  const args = [
    ...process.execArgv,
    '--expose-gc',
    program,
    'serve',
    ...['--engines', 'scripted', '--script', script, '--home', folder],
    ...['--host', '127.0.0.1', '--port', '0', '--tls-port', '0', '--log-level', 'warn'],
    ...['--max-sessions', String(options.maxSessions), '--output-chunk-ms', String(options.outputChunkMs)],
    ...(options.vad === 'silero' ? ['--vad', 'silero'] : []),
  ]
  const [command, ...before] = pinned ? ['taskset', '-c', '0', process.execPath] : [process.execPath]
  const child = spawn(command!, [...before, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VIVAVOCE_'))),
  })
  if (pinned) execFileSync('taskset', ['-apc', `1-${availableParallelism() - 1}`, String(process.pid)])
  try {
    const url = await announcedUrl(child, options.signal)
    return {
      url,
      core: pinned ? 0 : undefined,
      cpuMs: () => cpuMsOfTree(child.pid!),
      async footprint() {
        const stats = (await (await fetch(`${url}/api/stats?gc`)).json()) as {
          processes: { rssBytes: number; heapBytes?: number; externalBytes?: number }[]
        }
        const [server] = stats.processes
        return {
          rssBytes: server?.rssBytes ?? 0,
          heapBytes: (server?.heapBytes ?? 0) + (server?.externalBytes ?? 0),
        }
      },
      async stop() {
        const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
        child.kill('SIGTERM')
        await ended
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function announcedUrl(child: ChildProcess, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const timer = setTimeout(() => reject(new Error('the server did not start in time')), READY_DEADLINE_MS)
    const settle = (act: () => void) => {
      clearTimeout(timer)
      act()
    }
    child.stdout?.on('data', (data: Buffer) => {
      text += String(data)
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0]
      if (url !== undefined) settle(() => resolve(url))
    })
    child.once('close', () => settle(() => reject(new Error('the server ended before it was ready'))))
    child.once('error', (error) => settle(() => reject(error)))
    signal.addEventListener('abort', () => settle(() => reject(signal.reason)), { once: true })
  })
}

function canPin(): boolean {
  if (availableParallelism() < 2) return false
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Linux counts in ticks of 10 ms. */
const TICK_MS = 10

/** User and system time of a process and its children; undefined without /proc. */
function cpuMsOfTree(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const own = (Number(fields[11]) + Number(fields[12])) * TICK_MS
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    return children.reduce((sum, child) => sum + (cpuMsOfTree(Number(child)) ?? 0), own)
  } catch {
    return undefined
  }
}
