/** How the catalog writes down where a file may come from. */
import type { PartRow } from './digests.js'
import type { HttpsSource, HubSource, PackagePart, PackageSource } from './manifest.js'

export const hub = (repo: string, revision: string, path: string): HubSource => ({
  type: 'hub',
  repo,
  revision,
  path,
})
export const https = (url: string): HttpsSource => ({ type: 'https', url })

/** A file that one package carries whole. */
export const whole = (
  type: PackageSource['type'],
  { sha256, bytes }: { sha256: string; bytes: number },
  part: Omit<PackagePart, 'sha256' | 'bytes'>,
): PackageSource => ({ type, parts: [{ ...part, sha256, bytes }] })

/** A file cut into numbered packages. */
export const joined = (
  rows: readonly PartRow[],
  version: string,
  locate: (partNumber: number) => { name: string; member: string },
): PackageSource => ({
  type: 'pip',
  parts: rows.map(([sha256, bytes, packageBytes], index) => ({
    ...locate(index + 1),
    version,
    sha256,
    bytes,
    packageBytes,
  })),
})
