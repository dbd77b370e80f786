/** The folder of everything that is kept: made and tried before anything is written there, so that a bad one is told by its name. */
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'its permissions forbid writing',
  EPERM: 'its permissions forbid writing',
  EROFS: 'that file system cannot be written',
  ENOSPC: 'the disk is full',
  ENOENT: 'no folder can be made there',
  ENOTDIR: 'a file is in the way',
  EEXIST: 'a file is in the way',
}

/** More than the certificates and keys of a first start take. */
const PROBE_BYTES = 512 * 1024

/** Throws an Error with the reason and the cure. */
export function openHome(home: string): void {
  try {
    makeFolder(home)
    tryWriting(join(home, `.probe-${process.pid}`))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = REASONS[code ?? ''] ?? message
    throw new Error(`${home} cannot be the home: ${reason}. Choose another with --home or VIVAVOCE_HOME.`, {
      cause: error,
    })
  }
}

/** Permissions alone don't say it: a file system may be read-only, or full. */
function tryWriting(path: string): void {
  try {
    writeFileSync(path, Buffer.alloc(PROBE_BYTES))
  } finally {
    rmSync(path, { force: true })
  }
}

/** One folder at a time: Node's own recursion never ends where the system denies that the parent exists (in /proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) throw Object.assign(new Error(path), { code: 'ENOTDIR' })
    return
  }
  makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process made it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !existsSync(path)) throw error
  }
}
