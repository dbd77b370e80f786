/**
 * Downloads one file of known size and digest over HTTP into a partial file that survives an interruption. Knows the
 * partial and its validator, not where the file goes afterwards.
 */
import { createHash } from 'node:crypto'
import { type FileHandle, open, readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { hashFileInto } from './checksum.js'
import { SourceFailure, systemCode } from './errors.js'
import { fileBytes } from './home.js'
import type { HttpAnswer, HttpClient } from './http.js'

export interface HttpFileRequest {
  readonly url: string
  readonly bytes: number
  readonly sha256: string
  /** Grows from try to try and from run to run; complete and verified when the call resolves. */
  readonly partialPath: string
  readonly onBytes: (doneBytes: number) => void
  readonly signal: AbortSignal
}

/**
 * Throws `SourceFailure` when this URL can't give the file: the partial is then gone, unless the connection broke, in
 * which case it is kept for the next run. Throws the signal's reason after an abort, the partial kept.
 */
export async function downloadHttpFile(http: HttpClient, file: HttpFileRequest): Promise<void> {
  const { retryDelaysMs } = http.timings
  let failures = 0
  let resumedInVain = false
  for (;;) {
    const before = (await fileBytes(file.partialPath)) ?? 0
    try {
      const outcome = await attempt(http, file, before)
      if (outcome === 'complete') return
      if (outcome === 'wrong-after-resume') {
        // The kept beginning may have been at fault: once more from the start.
        if (resumedInVain) throw new SourceFailure(`its parts do not fit together`)
        resumedInVain = true
      }
    } catch (error) {
      file.signal.throwIfAborted()
      if (error instanceof SourceFailure || isDiskError(error)) throw error
      const after = (await fileBytes(file.partialPath)) ?? 0
      failures = after > before ? 1 : failures + 1
      const delayMs = retryDelaysMs[failures - 1]
      if (delayMs === undefined) throw new SourceFailure(`the connection kept failing (${describe(error)})`)
      await sleep(error instanceof RetryLater ? Math.max(delayMs, error.waitMs) : delayMs, undefined, {
        signal: file.signal,
      })
    }
  }
}

class RetryLater extends Error {
  readonly waitMs: number
  constructor(status: number, waitMs: number) {
    super(`HTTP ${status}`)
    this.waitMs = waitMs
  }
}

async function attempt(
  http: HttpClient,
  file: HttpFileRequest,
  partialBytes: number,
): Promise<'complete' | 'restart' | 'wrong-after-resume'> {
  const { url, bytes, sha256, partialPath, signal } = file
  const validatorPath = `${partialPath}.etag`
  const start = partialBytes < bytes ? partialBytes : 0
  const validator = start > 0 ? await readFile(validatorPath, 'utf8').catch(() => '') : ''
  const headers: Record<string, string> = start > 0 ? { range: `bytes=${start}-` } : {}
  // A weak validator may not be used with If-Range (RFC 9110 §13.1.5).
  if (validator.startsWith('"')) headers['if-range'] = validator

  const answer = await http.get(url, headers, signal)
  const offset = await acceptAnswer(answer, file, start, validator)
  if (offset === undefined) {
    await discard(file)
    return 'restart'
  }
  await writeFile(validatorPath, answer.header('etag') ?? '')
  const hash = createHash('sha256')
  if (offset > 0) await hashFileInto(hash, partialPath, signal)
  const handle = await open(partialPath, offset > 0 ? 'r+' : 'w')
  let done = offset
  try {
    file.onBytes(done)
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      if (done + chunk.length > bytes)
        throw new SourceFailure(`it sends more than the expected ${bytes} bytes`)
      await writeAll(handle, chunk, done)
      hash.update(chunk)
      done += chunk.length
      file.onBytes(done)
    }
  } finally {
    await handle.close()
  }
  signal.throwIfAborted()
  if (done < bytes) throw new Error(`the connection ended after ${done} of ${bytes} bytes`)
  const actual = hash.digest('hex')
  if (actual === sha256) {
    await rm(validatorPath, { force: true })
    return 'complete'
  }
  await discard(file)
  if (offset > 0) return 'wrong-after-resume'
  throw new SourceFailure(`wrong checksum: expected ${sha256}, got ${actual}`)
}

/** Where the body belongs in the file; `undefined` = what was kept is of no use, ask again from the start. */
async function acceptAnswer(
  answer: HttpAnswer,
  file: HttpFileRequest,
  start: number,
  validator: string,
): Promise<number | undefined> {
  const refuse = async (reason: string): Promise<never> => {
    await answer.body.dump()
    await discard(file)
    throw new SourceFailure(reason)
  }
  const announced = answer.linkedEtag?.replace(/^W\//, '').replaceAll('"', '')
  if (announced && /^[0-9a-f]{64}$/.test(announced) && announced !== file.sha256)
    return refuse(`it has other bytes: expected sha256 ${file.sha256}, offered ${announced}`)

  switch (answer.status) {
    case 200: {
      const length = answer.header('content-length')
      if (length !== undefined && Number(length) !== file.bytes)
        return refuse(`it has ${length} bytes, expected ${file.bytes}`)
      return 0
    }
    case 206: {
      const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.header('content-range') ?? '')
      const etag = answer.header('etag') ?? ''
      const sameFile = range?.[2] === '*' || Number(range?.[2]) === file.bytes
      if (sameFile && Number(range?.[1]) === start && (validator === '' || etag === '' || etag === validator))
        return start
      await answer.body.dump()
      return undefined
    }
    case 416:
      await answer.body.dump()
      return undefined
    case 408:
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504: {
      await answer.body.dump()
      const seconds = Number(answer.header('retry-after') ?? 0)
      throw new RetryLater(answer.status, Number.isFinite(seconds) ? Math.min(seconds, 30) * 1000 : 0)
    }
    case 404:
    case 410:
      return refuse(`${new URL(file.url).host} has no such file (HTTP ${answer.status})`)
    default:
      return refuse(`${new URL(file.url).host} answers HTTP ${answer.status}`)
  }
}

async function discard(file: HttpFileRequest): Promise<void> {
  await rm(file.partialPath, { force: true })
  await rm(`${file.partialPath}.etag`, { force: true })
}

/** Writes every byte at a position; a single `write` may take fewer. */
export async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    const { bytesWritten } = await handle.write(chunk, written, chunk.length - written, position + written)
    written += bytesWritten
  }
}

const diskCodes = new Set([
  'ENOSPC',
  'EDQUOT',
  'EACCES',
  'EPERM',
  'EROFS',
  'EIO',
  'EMFILE',
  'ENOENT',
  'EISDIR',
])
const isDiskError = (error: unknown) => diskCodes.has(systemCode(error) ?? '')

const describe = (error: unknown) =>
  systemCode(error) ?? (error instanceof Error ? error.message : String(error))
