/**
 * The TLS files under `<home>/tls`: the local CA, the server's certificate, and the two lists of trusted certificates
 * that clients are pointed at. Makes what is missing, renews what is about to end, leaves the rest as it is.
 */

import { X509Certificate } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CA_NAME,
  covers,
  createAuthority,
  issueCertificate,
  isUsable,
  type KeyedCertificate,
  mayIssue,
} from './authority.js'
import { pemToDer, systemCertificates } from './system-certificates.js'
import { createTrustStore } from './trust-store.js'

export { TRUST_STORE_PASSWORD } from './trust-store.js'

export interface TlsPaths {
  readonly folder: string
  /** Our CA alone. */
  readonly ca: string
  /** The system's CAs and ours. */
  readonly bundle: string
  /** The same as `bundle`, for Java. */
  readonly trustStore: string
}

export interface TlsFiles {
  /** The server's certificate, PEM. */
  readonly cert: string
  /** Its private key, PEM. */
  readonly key: string
  readonly paths: TlsPaths
}

export interface TlsOptions {
  /** Folder of everything that Viva Voce keeps. */
  readonly home: string
  /** The address that the server is bound to. */
  readonly host: string
  /** Files with further CAs that clients trusted so far (`SSL_CERT_FILE`, `NODE_EXTRA_CA_CERTS`). */
  readonly extraTrust?: readonly (string | undefined)[]
  /** Wall time, ms since 1970. */
  readonly nowMs: number
}

/** Between writing key and certificate lie milliseconds; a process that died there is not waited for long. */
const CLAIM_WAIT_MS = 1_000
const CLAIM_POLL_MS = 20

const FILES = { ca: 'ca.pem', caKey: 'ca.key', cert: 'server.pem', key: 'server.key' }

export function tlsPaths(home: string): TlsPaths {
  const folder = join(home, 'tls')
  return {
    folder,
    ca: join(folder, FILES.ca),
    bundle: join(folder, 'bundle.pem'),
    trustStore: join(folder, 'truststore.p12'),
  }
}

/** Throws where the folder can't be written. First use makes two RSA keys, about half a second; later uses read files. */
export async function prepareTls(options: TlsOptions): Promise<TlsFiles> {
  const paths = tlsPaths(options.home)
  const { nowMs } = options
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 })
  const { required, welcome } = serverNames(options.host)

  let authority = readPair(paths.folder, FILES.ca, FILES.caKey)
  const mayName = (host: string) => authority !== undefined && mayIssue(authority.certificatePem, host)
  if (!authority || !isUsable(authority, nowMs) || !required.every(mayName)) {
    const made = await createAuthority([...required, ...welcome], nowMs)
    if (authority) writePair(paths.folder, FILES.ca, FILES.caKey, made)
    authority = authority ? made : await claimAuthority(paths.folder, nowMs, made)
  }
  // A new name of the machine is not worth a new CA, which every program in use would have to learn.
  const hosts = [...required, ...welcome.filter(mayName)]
  let server = readPair(paths.folder, FILES.cert, FILES.key)
  if (
    !server ||
    !isUsable(server, nowMs) ||
    !covers(server.certificatePem, authority.certificatePem, hosts)
  ) {
    server = await issueCertificate(authority, hosts, nowMs)
    writePair(paths.folder, FILES.cert, FILES.key, server)
  }
  writeTrust(paths, authority.certificatePem, options.extraTrust ?? [])
  return { cert: server.certificatePem, key: server.keyPem, paths }
}

/** What the certificate must name, and what it names where the CA may: this machine, however it is called. */
function serverNames(host: string): { required: string[]; welcome: string[] } {
  const bound = plainName(host)
  const isWildcard = bound === '0.0.0.0' || bound === '::'
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const own = isWildcard ? addresses.map(({ address }) => plainName(address)) : []
  const required = [...new Set(['localhost', '127.0.0.1', '::1', ...(isWildcard ? [] : [bound])])]
  // Names with characters outside a DNS name can't stand in a certificate; nobody connects by them either.
  const welcome = [plainName(hostname()), ...own].filter((name) => /^[a-z0-9.:-]+$/.test(name))
  return { required, welcome: [...new Set(welcome)].filter((name) => !required.includes(name)) }
}

/** Lower case, without brackets, scope id or final dot. */
const plainName = (host: string) => host.toLowerCase().replace(/^\[|\]$|%.*$|\.$/g, '')

/**
 * `serve` and `env` may both start in an empty home at once, and must end with one CA: writes `made` and returns it,
 * or returns the one that another process wrote meanwhile.
 */
async function claimAuthority(
  folder: string,
  nowMs: number,
  made: KeyedCertificate,
): Promise<KeyedCertificate> {
  try {
    // The key is the claim: only one process can create it.
    writeFileSync(join(folder, FILES.caKey), made.keyPem, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    for (let waitedMs = 0; waitedMs < CLAIM_WAIT_MS; waitedMs += CLAIM_POLL_MS) {
      const other = readPair(folder, FILES.ca, FILES.caKey)
      if (other && isUsable(other, nowMs)) return other
      await sleep(CLAIM_POLL_MS)
    }
  }
  writePair(folder, FILES.ca, FILES.caKey, made)
  return made
}

function readPair(folder: string, certificate: string, key: string): KeyedCertificate | undefined {
  const paths = [join(folder, certificate), join(folder, key)] as const
  if (!paths.every((path) => existsSync(path))) return undefined
  return { certificatePem: readFileSync(paths[0], 'utf8'), keyPem: readFileSync(paths[1], 'utf8') }
}

/** The key goes first: a pair that another process half wrote does not match and is made again. */
function writePair(folder: string, certificate: string, key: string, pair: KeyedCertificate): void {
  writeWhole(join(folder, key), pair.keyPem, 0o600)
  writeWhole(join(folder, certificate), pair.certificatePem, 0o644)
}

/** Readers see the old file or the new one, never a part. */
function writeWhole(path: string, content: string | Buffer, mode: number): void {
  const temporary = `${path}.${process.pid}.part`
  try {
    writeFileSync(temporary, content, { mode })
    chmodSync(temporary, mode)
    renameSync(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function writeTrust(paths: TlsPaths, caPem: string, extraTrust: readonly (string | undefined)[]): void {
  // In a shell that already uses our bundle it is the only place that still holds what was trusted before it.
  const others = systemCertificates(extraTrust).filter((pem) => !isOurs(pem))
  const bundle = [...others, caPem].join('')
  if (
    existsSync(paths.bundle) &&
    existsSync(paths.trustStore) &&
    readFileSync(paths.bundle, 'utf8') === bundle
  )
    return
  const store = createTrustStore([
    { alias: 'vivavoce-local-ca', der: pemToDer(caPem) },
    ...others.map((pem, index) => ({ alias: `system-${index + 1}`, der: pemToDer(pem) })),
  ])
  writeWhole(paths.trustStore, store, 0o644)
  writeWhole(paths.bundle, bundle, 0o644)
}

function isOurs(pem: string): boolean {
  // The name stands in the certificate as plain text; only what holds it is worth parsing.
  return pemToDer(pem).includes(CA_NAME) && new X509Certificate(pem).subject.includes(`CN=${CA_NAME}`)
}
