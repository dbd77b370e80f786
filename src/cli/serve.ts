/** `vivavoce serve`: reads the configuration, starts the server and keeps it until it is told to stop. */
import { homedir } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import type { Command } from 'commander'
import { addServeOptions, checkBind, flagsFrom, loadConfig } from '../config/index.js'
import { onBrokenPipe } from './broken-pipe.js'
import { createLog } from './log.js'
import { type RunningServer, startServer } from './server.js'

/** A second ^C, or this long after the drain, ends the process whatever it is doing. */
const STOP_DEADLINE_MS = 8_000

/**
 * Audio passes through short-lived buffers, which V8 answers with a collection a second. Its marking threads would share the cores with
 * the engines and with the event loop: pieces of an answer came up to 29 ms late (99th percentile, 100 sessions on a core), 5 ms
 * without them, and a tenth of a core is saved (docs/decisions/2026-11-what-a-session-costs.md).
 */
const COLLECTOR_FLAG = '--no-concurrent-marking'

export function registerServeCommand(program: Command): void {
  const command = program
    .command('serve', { isDefault: true })
    .description(
      'Start the server: fetch what is missing, load the engines, serve until ^C. Done where no command is named.',
    )
  addServeOptions(command).action(async () => {
    setFlagsFromString(COLLECTOR_FLAG)
    const { config } = loadConfig({
      flags: flagsFrom(command),
      env: process.env,
      cwd: process.cwd(),
      home: homedir(),
    })
    checkBind(config)
    const logger = createLog(config.logLevel, process.stderr.isTTY === true)
    const stop = new AbortController()
    let asked = false
    let server: RunningServer | undefined
    const onSignal = () => {
      if (asked) process.exit(130)
      asked = true
      if (!server) process.stderr.write('\nStopping …\n')
      setTimeout(() => process.exit(1), config.sessions.drainTime * 1000 + STOP_DEADLINE_MS).unref()
      stop.abort(new DOMException('stopped', 'AbortError'))
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
    // Nobody reads the log any more.
    onBrokenPipe(onSignal)
    try {
      server = await startServer(config, {
        logger,
        signal: stop.signal,
        print: (text) => process.stdout.write(text),
      })
      if (!stop.signal.aborted) {
        await new Promise<void>((resolve) =>
          stop.signal.addEventListener('abort', () => resolve(), { once: true }),
        )
      }
      if (server.openSessions > 0 && config.sessions.drainTime > 0) {
        const sessions = server.openSessions === 1 ? '1 session is' : `${server.openSessions} sessions are`
        const { drainTime } = config.sessions
        process.stderr.write(
          `\n${sessions} open: stopping in ${drainTime} s at the latest; ^C again stops at once.\n`,
        )
        await server.drain()
      }
      process.stderr.write('Stopping …\n')
      await server.close()
    } catch (error) {
      if (!stop.signal.aborted) throw error
    }
    // Idle keep-alive sockets of clients must not hold the process.
    process.exit(0)
  })
}
