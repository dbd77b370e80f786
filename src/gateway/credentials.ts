/**
 * Decides whether a request may use this server: finds every credential it presents, in all the places where SDKs put
 * one, and compares them with what is accepted. Credentials are never logged, forwarded or kept.
 */

import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { closing } from '../protocol/index.js'
import { isLoopbackAddress } from './loopback.js'
import type { RequestCheck, RequestFacts } from './options.js'

export interface CredentialOptions {
  /** Empty: no key is needed, on loopback or where `insecure` says so. */
  readonly apiKeys: readonly string[]
  /** Without keys, let in who comes from other machines as well. */
  readonly insecure: boolean
  /** Tokens handed out on this machine; good for requests from this machine only. */
  readonly acceptsLocalToken: (token: string) => boolean
}

export interface CredentialCheck {
  /** Undefined to let a request in, else a sentence that holds no credential. */
  readonly check: RequestCheck
  /** The key that a request presents, if it is one of this server. */
  readonly keyOf: (request: RequestFacts) => string | undefined
}

/** Query parameters and header forms of protocol.md 1.2; one request may carry several. */
export function presentedCredentials(request: { url: string; headers: IncomingHttpHeaders }): string[] {
  const query = new URL(request.url, 'http://server').searchParams
  const authorization = /^\s*(?:bearer|token)\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1]
  const keyHeader = request.headers['x-goog-api-key']
  const found = [
    ...query.getAll('key'),
    ...query.getAll('access_token'),
    ...(Array.isArray(keyHeader) ? keyHeader : [keyHeader]),
    authorization,
  ]
  return found.filter((value): value is string => value !== undefined && value !== '')
}

/** What a key is recognised by without being told: fit to be kept. */
export function keyFingerprint(key: string): string {
  return digest(key).toString('base64url').slice(0, 16)
}

export function createCredentialCheck(options: CredentialOptions): CredentialCheck {
  // Digests have one length, so that comparing them tells nothing about the keys, not even how long they are.
  const keyDigests = options.apiKeys.map(digest)
  const isKey = (credential: string) => {
    const given = digest(credential)
    let matches = 0
    for (const key of keyDigests) matches += Number(timingSafeEqual(key, given))
    return matches > 0
  }

  const check = (request: RequestFacts) => {
    const isLocal = isLoopbackAddress(request.remoteAddress)
    if (keyDigests.length === 0) {
      if (isLocal || options.insecure) return undefined
      return closing('credential-none', {}).reason
    }
    const credentials = presentedCredentials(request)
    const isAccepted = (credential: string) =>
      isKey(credential) || (isLocal && options.acceptsLocalToken(credential))
    if (credentials.some(isAccepted)) return undefined
    return credentials.length === 0
      ? closing('credential-missing', {}).reason
      : closing('credential-unknown', {}).reason
  }
  return { check, keyOf: (request) => presentedCredentials(request).find(isKey) }
}

const digest = (text: string) => createHash('sha256').update(text).digest()
