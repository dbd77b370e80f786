/** Keeps event logs as one file for each session in a folder, readable by its owner alone. */
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../runtime/index.js'

export interface EventLogFiles {
  write(session: string, line: string): void
  end(session: string): void
}

export function createEventLogFiles(folder: string, logger: Logger): EventLogFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const files = new Map<string, WriteStream>()
  return {
    write(session, line) {
      let file = files.get(session)
      if (!file) {
        file = createWriteStream(join(folder, `${session}.jsonl`), { flags: 'a', mode: 0o600 })
        file.on('error', (error) => logger.error({ error: error.message }, 'the event log cannot be written'))
        files.set(session, file)
      }
      file.write(line)
    },
    end(session) {
      files.get(session)?.end()
      files.delete(session)
    },
  }
}
