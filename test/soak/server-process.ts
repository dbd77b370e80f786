/** A server that can be killed and started again in the same place. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cleanEnvironment, freePort, PROGRAM } from '../sdk/server.js'

export interface ServerProcess {
  readonly url: string
  /** `kill -9`, and the start of another on the same port and home. Resolves when that is ready. */
  killAndRestart(): Promise<void>
  /** As an operator stops it. */
  terminate(): Promise<void>
  stop(): Promise<void>
}

export interface ServerProcessOptions {
  /** YAML of the scripted engines; absent = the real ones of `home`. */
  readonly script?: string
  readonly home?: string
  readonly arguments?: readonly string[]
  readonly readyWithinMs?: number
}

export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'vivavoce-soak-'))
  const home = options.home ?? join(folder, 'home')
  const script = join(folder, 'script.yaml')
  if (options.script !== undefined) writeFileSync(script, options.script)
  const engines = options.script === undefined ? [] : ['--engines', 'scripted', '--script', script]
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const [command, ...program] = PROGRAM
  const fixed = [...program, 'serve', '--port', String(port), '--tls-port', '0', '--max-sessions', '500']
  let child = await start()

  async function start(): Promise<ChildProcess> {
    const started = spawn(command, [...fixed, ...engines, ...(options.arguments ?? [])], {
      cwd: folder,
      env: cleanEnvironment(home),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let words = ''
    started.stderr.on('data', (data) => {
      words = (words + String(data)).slice(-4_000)
    })
    const deadlineMs = performance.now() + (options.readyWithinMs ?? 60_000)
    for (;;) {
      const ready = await fetch(`${url}/readyz`).then(
        (response) => response.ok,
        () => false,
      )
      if (ready) return started
      if (started.exitCode !== null || performance.now() > deadlineMs)
        throw new Error(`the server is not ready:\n${words}`)
      await sleep(25)
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill(signal)
    await ended
  }

  return {
    url,
    async killAndRestart() {
      await end('SIGKILL')
      child = await start()
    },
    terminate: () => end('SIGTERM'),
    async stop() {
      await end('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
