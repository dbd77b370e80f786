/**
 * The certificates that this machine trusts already: the files of the operating system, those that the user's
 * environment names, or, where there are neither, the ones that Node carries.
 */

import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'

/** Where Debian and Alpine, Fedora and RHEL, SUSE, macOS and the BSDs keep all CAs in one file. The first found is used. */
const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
  '/usr/local/etc/ssl/cert.pem',
]

/** The certificates in a PEM text, comments dropped, one PEM block each. */
export function pemBlocks(text: string): string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  return blocks.map((block) => `${block.replaceAll('\r\n', '\n')}\n`)
}

export function pemToDer(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')
}

function readBlocks(path: string | undefined): string[] {
  if (!path) return []
  try {
    return pemBlocks(readFileSync(path, 'utf8'))
  } catch {
    // A file that is not there or not readable trusts nothing.
    return []
  }
}

/** Every certificate once, by content. `extraFiles` (a company's proxy CA, say) are added to the system's. */
export function systemCertificates(extraFiles: readonly (string | undefined)[]): string[] {
  const found = SYSTEM_FILES.map(readBlocks).find((blocks) => blocks.length > 0)
  const all = [...(found ?? rootCertificates), ...extraFiles.flatMap(readBlocks)]
  const byContent = new Map(
    all.map((pem) => [pemToDer(pem).toString('base64'), pem.endsWith('\n') ? pem : `${pem}\n`]),
  )
  return [...byContent.values()]
}
