/** The secret that tokens are sealed with: a file in the home folder, made at first use, readable by its owner only. */

import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

import { SEAL_KEY_BYTES } from './seal.js'

/** Throws an Error that names the file if it is there and no key. */
export function loadTokenKey(path: string): Uint8Array {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    // Never replaces what another server of this home has just written.
    writeFileSync(path, randomBytes(SEAL_KEY_BYTES), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const key = readFileSync(path)
  if (key.length !== SEAL_KEY_BYTES) {
    throw new Error(`${path} is not a token key of ${SEAL_KEY_BYTES} bytes: delete it, a new one is made.`)
  }
  return key
}
