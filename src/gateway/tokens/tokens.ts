/**
 * Ephemeral tokens: makes them and says what a connection that presents one may do. A token carries everything it
 * permits, sealed, so that nothing is stored and a restart ends none; only uses are counted, where servers share
 * it, for as long as the token can begin sessions. Knows no HTTP and no store.
 */

import { randomUUID } from 'node:crypto'

import { closeError, closing, type SetupLock } from '../../protocol/index.js'
import { createSealer } from './seal.js'

/** What a token permits. Times are milliseconds since 1970. */
export interface TokenTerms {
  /** Sessions it may begin; 0: any number. */
  readonly uses: number
  /** Its end: sessions that were begun with it are closed. */
  readonly expiresAtMs: number
  /** Until when sessions may begin; resuming one is possible to its end. */
  readonly newSessionsUntilMs: number
  readonly lock: SetupLock
}

/** What one connection may do. */
export interface TokenGrant {
  readonly lock: SetupLock
  isExpired(): boolean
  /** Counts a session that begins. Rejects with a ProtocolError (1008) where none may. */
  begin(): Promise<void>
  /** Takes the last `begin` back: the session did not come to be. */
  giveBack(): Promise<void>
}

export interface EphemeralTokens {
  /** `issuer` is the key that the request was made with; without it the token is not accepted any more. */
  create(terms: TokenTerms, issuer: string | undefined): string
  /** A sentence that holds no credential where `token` is not good (any more). */
  grant(token: string): TokenGrant | { readonly refusal: string }
}

export const TOKEN_PREFIX = 'auth_tokens/'

export interface TokenOptions {
  /** 32 secret bytes; servers that share them accept each other's tokens. */
  readonly key: Uint8Array
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Whether the key that a token was made with is still one of the server's; asked by its fingerprint. */
  readonly isIssuer: (fingerprint: string | undefined) => boolean
  readonly fingerprint: (key: string) => string
  readonly count: CountUses
}

/** Adds to the uses of the token with this id, which are kept for `ttlMs` from the first; resolves with their number. */
export type CountUses = (id: string, by: 1 | -1, ttlMs: number) => Promise<number>

interface Sealed {
  readonly id: string
  readonly issuer?: string
  readonly terms: TokenTerms
}

export function createEphemeralTokens(options: TokenOptions): EphemeralTokens {
  const { now } = options
  const sealer = createSealer(options.key)
  return {
    create(terms, issuer) {
      const sealed: Sealed = {
        id: randomUUID(),
        ...(issuer !== undefined && { issuer: options.fingerprint(issuer) }),
        terms,
      }
      return TOKEN_PREFIX + sealer.seal(sealed)
    },

    grant(token) {
      const sealed = token.startsWith(TOKEN_PREFIX)
        ? (sealer.open(token.slice(TOKEN_PREFIX.length)) as Sealed | undefined)
        : undefined
      if (!sealed || !options.isIssuer(sealed.issuer)) {
        return { refusal: closing('token-unknown', {}).reason }
      }
      const { id, terms } = sealed
      const isExpired = () => now() >= terms.expiresAtMs
      if (isExpired()) return { refusal: closing('token-expired', {}).reason }
      return {
        isExpired,
        lock: terms.lock,
        async begin() {
          const leftMs = terms.newSessionsUntilMs - now()
          if (leftMs <= 0) throw closeError('token-closed', {})
          if (terms.uses === 0) return
          if ((await options.count(id, 1, leftMs)) <= terms.uses) return
          await options.count(id, -1, leftMs)
          throw closeError('token-used-up', { uses: terms.uses })
        },
        async giveBack() {
          const leftMs = terms.newSessionsUntilMs - now()
          if (terms.uses > 0 && leftMs > 0) await options.count(id, -1, leftMs)
        },
      }
    },
  }
}
