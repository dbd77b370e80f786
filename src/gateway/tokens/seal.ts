/**
 * Sealed texts: JSON that only this server can read or make (AES-256-GCM), short enough for a header. Knows nothing of
 * what it seals.
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'

export interface Sealer {
  /** base64url. */
  seal(value: unknown): string
  /** Undefined for everything that this key has not sealed. */
  open(text: string): unknown
}

export const SEAL_KEY_BYTES = 32

const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Nothing that was sealed here is longer; it bounds what a text costs before it is known to be ours. */
const MAX_SEALED_LENGTH = 64 * 1024

export function createSealer(key: Uint8Array): Sealer {
  return {
    seal(value) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = deflateRawSync(JSON.stringify(value))
      return Buffer.concat([nonce, cipher.update(body), cipher.final(), cipher.getAuthTag()]).toString(
        'base64url',
      )
    },
    open(text) {
      if (text.length > MAX_SEALED_LENGTH) return undefined
      const bytes = Buffer.from(text, 'base64url')
      // One spelling for one token.
      if (bytes.toString('base64url') !== text) return undefined
      if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      try {
        const body = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
        return JSON.parse(inflateRawSync(Buffer.concat([body, decipher.final()])).toString('utf8'))
      } catch {
        return undefined
      }
    },
  }
}
