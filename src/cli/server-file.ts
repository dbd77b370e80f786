/** `<home>/server.json`, by which commands find the server that runs on this machine. Reads it; `serve` writes it. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ServerFile {
  readonly pid: number
  readonly host: string
  readonly port: number
  /** Absent where TLS is off. */
  readonly tlsPort?: number
}

/** The server that runs with this home; undefined where there is none, or only the file of one that is gone. */
export function readServerFile(home: string): ServerFile | undefined {
  try {
    const file = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as ServerFile
    return isAlive(file.pid) ? file : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It exists, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
