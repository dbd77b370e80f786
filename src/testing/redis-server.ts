/** A Redis or Valkey server of this machine on a free port, for tests; undefined, with a printed reason, where there is none. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@redis/client'

export interface RedisServer {
  readonly url: string
  /** Stops it and starts it again with what it had on disk. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** The program's name. Throws where everything is required. */
export function findRedis(): string | undefined {
  for (const name of ['redis-server', 'valkey-server']) {
    if (spawnSync(name, ['--version']).status === 0) return name
  }
  if (process.env.VIVAVOCE_REQUIRE_ALL) throw new Error('VIVAVOCE_REQUIRE_ALL is set, but there is no Redis')
  process.stderr.write('skipped, neither redis-server nor valkey-server is installed\n')
  return undefined
}

export async function startRedis(program: string): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'vivavoce-redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let child = await start()

  async function start(): Promise<ChildProcess> {
    const started = spawn(
      program,
      ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'],
      { stdio: 'ignore' },
    )
    for (let attempt = 0; ; attempt++) {
      const client = createClient({ url, socket: { reconnectStrategy: false } })
      client.on('error', () => {})
      const up = await client.connect().then(
        () => client.ping().then(() => true),
        () => false,
      )
      client.destroy()
      if (up) return started
      if (attempt > 100 || started.exitCode !== null) throw new Error(`${program} does not start`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  const stop = async () => {
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGTERM')
    await ended
  }
  return {
    url,
    async restart() {
      await stop()
      child = await start()
    },
    async stop() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
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
