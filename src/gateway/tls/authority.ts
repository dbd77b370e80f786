/**
 * Makes certificates: the local CA and the server certificates that it signs. The CA is constrained to local names and
 * private addresses, so that a leaked key can't impersonate the internet to whoever trusts it. It touches no files.
 */

import { createPrivateKey, generateKeyPair, randomBytes, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import forge from 'node-forge'
import { addressBytes, isPermitted, NAME_CONSTRAINTS_ID, nameConstraints } from './name-constraints.js'

export interface KeyedCertificate {
  readonly certificatePem: string
  readonly keyPem: string
}

export const CA_NAME = 'Vivavoce local CA'

const DAY_MS = 86_400_000
const CA_DAYS = 3_650
/** Below the 825 days that Apple's verifier allows for any server certificate. */
const LEAF_DAYS = 397
/** A client's clock may be behind ours. */
const BACKDATE_DAYS = 1
/** Certificates are replaced this long before they end. */
const RENEW_DAYS = 30
/** RSA, since that is what every TLS stack in use verifies; 2048 bits, made off the event loop. */
const KEY_BITS = 2048

const generateKeys = promisify(generateKeyPair)

async function newKeys(): Promise<{ publicKeyPem: string; keyPem: string }> {
  const { publicKey, privateKey } = await generateKeys('rsa', {
    modulusLength: KEY_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    // PKCS#1: the form that the certificate library reads.
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  return { publicKeyPem: publicKey, keyPem: privateKey }
}

function blank(publicKeyPem: string, commonName: string, nowMs: number, days: number): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKeyPem)
  // Positive and not zero, as RFC 5280 4.1.2.2 asks.
  certificate.serialNumber = `4${randomBytes(16).toString('hex').slice(1)}`
  certificate.validity.notBefore = new Date(nowMs - BACKDATE_DAYS * DAY_MS)
  certificate.validity.notAfter = new Date(nowMs + days * DAY_MS)
  certificate.setSubject([
    { name: 'commonName', value: commonName },
    { name: 'organizationName', value: 'Vivavoce' },
  ])
  return certificate
}

/** A new CA. `hosts` outside the private ranges are added to what it may sign for. Takes about 0.2 s of another thread. */
export async function createAuthority(hosts: readonly string[], nowMs: number): Promise<KeyedCertificate> {
  const { publicKeyPem, keyPem } = await newKeys()
  const certificate = blank(publicKeyPem, CA_NAME, nowMs, CA_DAYS)
  certificate.setIssuer(certificate.subject.attributes)
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
    nameConstraints(hosts),
  ])
  certificate.sign(forge.pki.privateKeyFromPem(keyPem), forge.md.sha256.create())
  return { certificatePem: unixLines(forge.pki.certificateToPem(certificate)), keyPem }
}

/** A server certificate for `hosts` (names and addresses). Each must be permitted by the CA: see `mayIssue`. */
export async function issueCertificate(
  authority: KeyedCertificate,
  hosts: readonly string[],
  nowMs: number,
): Promise<KeyedCertificate> {
  const { publicKeyPem, keyPem } = await newKeys()
  const issuer = forge.pki.certificateFromPem(authority.certificatePem)
  const certificate = blank(publicKeyPem, 'Vivavoce server', nowMs, LEAF_DAYS)
  certificate.setIssuer(issuer.subject.attributes)
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectKeyIdentifier' },
    // Python 3.13 verifies strictly and refuses a certificate without it.
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
    {
      name: 'subjectAltName',
      // Types 2 and 7 of RFC 5280 4.2.1.6: a DNS name and an address in its binary form.
      altNames: hosts.map((host) =>
        isIP(host) ? { type: 7, value: addressBytes(host).toString('latin1') } : { type: 2, value: host },
      ),
    },
  ])
  certificate.sign(forge.pki.privateKeyFromPem(authority.keyPem), forge.md.sha256.create())
  return { certificatePem: unixLines(forge.pki.certificateToPem(certificate)), keyPem }
}

const unixLines = (pem: string) => pem.replaceAll('\r\n', '\n')

/** Whether the pair belongs together and lasts for another month. False for anything that can't be read. */
export function isUsable(pair: KeyedCertificate, nowMs: number): boolean {
  try {
    const certificate = new X509Certificate(pair.certificatePem)
    const notAfterMs = Date.parse(certificate.validTo)
    const notBeforeMs = Date.parse(certificate.validFrom)
    return (
      certificate.checkPrivateKey(createPrivateKey(pair.keyPem)) &&
      notBeforeMs <= nowMs &&
      notAfterMs - RENEW_DAYS * DAY_MS > nowMs
    )
  } catch {
    return false
  }
}

/** Whether this CA may sign for `host`. */
export function mayIssue(authorityPem: string, host: string): boolean {
  const { extensions } = forge.pki.certificateFromPem(authorityPem) as unknown as { extensions: Extension[] }
  const constraints = extensions.find(({ id }) => id === NAME_CONSTRAINTS_ID)
  return constraints !== undefined && isPermitted(host, constraints.value)
}

interface Extension {
  readonly id: string
  /** DER. */
  readonly value: string
}

/** Whether `certificatePem` was signed by the CA and names every one of `hosts`. */
export function covers(certificatePem: string, authorityPem: string, hosts: readonly string[]): boolean {
  const certificate = new X509Certificate(certificatePem)
  const authority = new X509Certificate(authorityPem)
  return (
    certificate.verify(authority.publicKey) &&
    hosts.every(
      (host) => (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined,
    )
  )
}
