/** Runs other programs (pip, npm, node) and finds them. Knows nothing of packages. */
import { spawn } from 'node:child_process'
import { basename, dirname, join } from 'node:path'
import { CatalogError } from './errors.js'
import { fileBytes } from './home.js'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
}

export interface CommandOptions {
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  readonly directory?: string
}

export interface CommandResult {
  readonly code: number | null
  /** The last 8,000 characters of each stream: enough for an error message. */
  readonly stdout: string
  readonly stderr: string
}

/** npm takes seconds to end after SIGTERM; what it leaves is deleted by us. */
const killAfterMs = 1_500

/** Resolves with any exit code; rejects with `ENOENT` where there is no such program, and with the signal's reason. */
export async function runCommand(command: Command, options: CommandOptions): Promise<CommandResult> {
  options.signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, [...command.args], {
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(options.directory ? { cwd: options.directory } : {}),
    })
    const tails = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        tails[stream] = (tails[stream] + text).slice(-8_000)
      })
    }
    let killTimer: NodeJS.Timeout | undefined
    const stop = () => {
      child.kill('SIGTERM')
      killTimer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    }
    options.signal.addEventListener('abort', stop, { once: true })
    const settle = () => {
      clearTimeout(killTimer)
      options.signal.removeEventListener('abort', stop)
    }
    child.once('error', (error) => {
      settle()
      reject(error)
    })
    child.once('close', (code) => {
      settle()
      if (options.signal.aborted) reject(options.signal.reason)
      else resolve({ code, ...tails })
    })
  })
}

const pipCandidates: readonly Command[] = [
  { file: 'python3', args: ['-m', 'pip'] },
  { file: 'python', args: ['-m', 'pip'] },
  { file: 'py', args: ['-3', '-m', 'pip'] },
  { file: 'pip3', args: [] },
  { file: 'pip', args: [] },
]

/** The first pip that answers; `undefined` where there is none. */
export async function findPip(options: CommandOptions): Promise<Command | undefined> {
  for (const candidate of pipCandidates) {
    try {
      const version = await runCommand({ ...candidate, args: [...candidate.args, '--version'] }, options)
      if (version.code === 0) return candidate
    } catch {
      options.signal.throwIfAborted()
    }
  }
  return undefined
}

/**
 * npm as a node script where its place is known (npm itself says so while it runs us; else beside node), so that no
 * shell is needed for `npm.cmd` on Windows; else `npm` of the PATH. Throws `CatalogError` where none answers.
 */
export async function findNpm(options: CommandOptions): Promise<Command> {
  const running = options.environment.npm_execpath
  if (running && /^npm-cli\.c?js$/.test(basename(running)) && (await fileBytes(running)) !== undefined)
    return { file: process.execPath, args: [running] }
  if (process.platform !== 'win32') {
    try {
      const version = await runCommand({ file: 'npm', args: ['--version'] }, options)
      if (version.code === 0) return { file: 'npm', args: [] }
    } catch {
      options.signal.throwIfAborted()
    }
  }
  const nodeDirectory = dirname(process.execPath)
  for (const modules of [
    join(nodeDirectory, 'node_modules'),
    join(nodeDirectory, '..', 'lib', 'node_modules'),
  ]) {
    const script = join(modules, 'npm', 'bin', 'npm-cli.js')
    if ((await fileBytes(script)) !== undefined) return { file: process.execPath, args: [script] }
  }
  throw new CatalogError(
    'runtime',
    'npm is needed and was not found. Install it (it comes with Node.js) or put it on the PATH.',
  )
}

/**
 * The environment for npm: what an outer `npm start` or `npm exec` left behind about its own project would redirect
 * the inner call; registries, proxies and certificates stay.
 */
export function npmEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own =
    /^npm_(package_|lifecycle_|command$|config_(prefix|local_prefix|global|location|workspaces?|omit|include|save|dry_run|package_lock_only)$)/i
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.test(name)))
}

/** The lines of a failed command that say why, in one line. */
export function failureLine({ stderr, stdout, code }: CommandResult): string {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim())
  const errors = lines.filter((line) => /^((npm )?err(or)?[!:\s]|\w*Error: )/i.test(line))
  const picked = (errors.length > 0 ? errors : lines.filter(Boolean)).slice(-2)
  return (picked.join(' / ') || `exit code ${code}`).slice(0, 400)
}
