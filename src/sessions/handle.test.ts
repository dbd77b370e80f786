import { describe, expect, it } from 'vitest'
import { formatHandle, newSecret, parseHandle, seal, unseal } from './handle.js'

describe('a handle', () => {
  it('leads back to its secret and checkpoint', () => {
    const secret = newSecret()
    const handle = parseHandle(formatHandle(secret, 4_000_000_000))
    expect(handle?.checkpoint).toBe(4_000_000_000)
    expect(handle?.secret.id).toBe(secret.id)
    expect(handle?.secret.key.equals(secret.key)).toBe(true)
  })

  it.each(['', 'H1', 'x'.repeat(47), `${'x'.repeat(47)}!`, 'x'.repeat(5_000)])('%j is none', (text) => {
    expect(parseHandle(text)).toBeUndefined()
  })

  it('shows neither id nor key of another', () => {
    expect(newSecret().id).not.toBe(newSecret().id)
    const secret = newSecret()
    expect(secret.bytes.includes(secret.key.subarray(0, 8))).toBe(false)
  })
})

describe('a seal', () => {
  const plain = Buffer.from('what was said')

  it('opens with its own secret alone', () => {
    const secret = newSecret()
    const sealed = seal(secret, plain)
    expect(sealed.includes(plain)).toBe(false)
    expect(unseal(secret, sealed)?.toString()).toBe('what was said')
    expect(unseal(newSecret(), sealed)).toBeUndefined()
  })

  it('does not open where a byte was changed, the record cut, or moved to another id', () => {
    const secret = newSecret()
    const sealed = seal(secret, plain)
    for (const at of [0, 15, sealed.length - 1]) {
      const changed = Buffer.from(sealed)
      changed[at] = changed[at]! ^ 1
      expect(unseal(secret, changed)).toBeUndefined()
    }
    expect(unseal(secret, sealed.subarray(0, 20))).toBeUndefined()
    expect(unseal({ ...secret, id: 'other' }, sealed)).toBeUndefined()
  })
})
