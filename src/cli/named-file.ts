/** Files that the user named: read, or said in words that name them why not. */
import { readFileSync } from 'node:fs'

const REASONS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `there is no file ${path}`,
  ENOTDIR: (path) => `there is no file ${path}`,
  EISDIR: (path) => `${path} is a folder: name a file in it`,
  EACCES: (path) => `${path} is not accessible: its permissions forbid it`,
  EPERM: (path) => `${path} is not accessible: its permissions forbid it`,
  EROFS: (path) => `${path} lies on a file system that cannot be written`,
  ENOSPC: (path) => `the disk of ${path} is full`,
  EDQUOT: (path) => `the disk of ${path} is full`,
}

export function fileProblem(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException
  return new Error(REASONS[code ?? '']?.(path) ?? `${path}: ${message}`, { cause: error })
}

/** Throws a `fileProblem`. */
export function readNamedFile(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw fileProblem(path, error)
  }
}
