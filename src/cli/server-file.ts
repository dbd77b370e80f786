/**
 * `<home>/servers/<process id>.json`, one for each server that runs with this home: by it other commands find the one
 * that was started last. `serve` writes and removes its own.
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ServerFile {
  readonly pid: number
  readonly host: string
  readonly port: number
  /** Absent where TLS is off. */
  readonly tlsPort?: number | undefined
  /** ISO 8601. */
  readonly startedAt: string
}

/** The server that was started last with this home; undefined where none runs. */
export function readServerFile(home: string): ServerFile | undefined {
  return filesIn(home)
    .flatMap((path) => readFile(path) ?? [])
    .filter(({ pid }) => isAlive(pid))
    .sort((one, other) => other.startedAt.localeCompare(one.startedAt))[0]
}

/** Also removes the files of servers that are gone. */
export function writeServerFile(home: string, file: ServerFile): void {
  mkdirSync(folderOf(home), { recursive: true })
  for (const path of filesIn(home)) {
    const other = readFile(path)
    if (other === undefined || !isAlive(other.pid)) rmSync(path, { force: true })
  }
  writeFileSync(pathOf(home, file.pid), `${JSON.stringify(file, null, 2)}\n`)
}

export function removeServerFile(home: string, pid: number): void {
  rmSync(pathOf(home, pid), { force: true })
}

const folderOf = (home: string) => join(home, 'servers')
const pathOf = (home: string, pid: number) => join(folderOf(home), `${pid}.json`)

function filesIn(home: string): string[] {
  try {
    return readdirSync(folderOf(home)).map((name) => join(folderOf(home), name))
  } catch {
    return []
  }
}

/** Undefined where the file is gone or being written. */
function readFile(path: string): ServerFile | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ServerFile
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
