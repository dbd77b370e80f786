/**
 * Handles and seals. A handle is a secret of the client's: from it come the id under which the session is stored and the key that
 * opens the record. The store and its disk have neither; a server has them while the session is open.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

export interface SessionSecret {
  readonly bytes: Buffer
  /** Under which the record is stored; tells nothing of the key. */
  readonly id: string
  readonly key: Buffer
}

export interface Handle {
  readonly secret: SessionSecret
  /** Number of the checkpoint that the handle was given for. */
  readonly checkpoint: number
}

const SECRET_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const CIPHER = 'aes-256-gcm'

export function newSecret(): SessionSecret {
  return secretOf(randomBytes(SECRET_BYTES))
}

/** 48 characters of base64url. */
export function formatHandle(secret: SessionSecret, checkpoint: number): string {
  const number = Buffer.alloc(4)
  number.writeUInt32BE(checkpoint)
  return Buffer.concat([secret.bytes, number]).toString('base64url')
}

/** Undefined for anything that no server gave. */
export function parseHandle(text: string): Handle | undefined {
  if (!/^[\w-]{48}$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  return {
    secret: secretOf(bytes.subarray(0, SECRET_BYTES)),
    checkpoint: bytes.readUInt32BE(SECRET_BYTES),
  }
}

/** Nonce, AES-256-GCM ciphertext, tag. The id is authenticated with it: a record moved to another id does not open. */
export function seal(secret: SessionSecret, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, secret.key, nonce).setAAD(Buffer.from(secret.id))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Undefined where it was damaged, or sealed with another key. */
export function unseal(secret: SessionSecret, sealed: Uint8Array): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv(CIPHER, secret.key, nonce).setAAD(Buffer.from(secret.id))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch {
    return undefined
  }
}

function secretOf(bytes: Buffer): SessionSecret {
  const derive = (purpose: string, length: number) =>
    Buffer.from(hkdfSync('sha256', bytes, '', `vivavoce session ${purpose}`, length))
  return { bytes, id: derive('id', 18).toString('base64url'), key: derive('key', 32) }
}
