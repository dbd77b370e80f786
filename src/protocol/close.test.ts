import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { closeReason, fieldError, MAX_REASON_BYTES, ProtocolError } from './close.js'

const bytesOf = (text: string) => new TextEncoder().encode(text).length

describe('closeReason', () => {
  it('keeps what fits and never splits a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const reason = closeReason(text)
        expect(bytesOf(reason)).toBeLessThanOrEqual(MAX_REASON_BYTES)
        if (bytesOf(text) <= MAX_REASON_BYTES) expect(reason).toBe(text)
        else expect(text.startsWith(reason.slice(0, -1)) && reason.endsWith('…')).toBe(true)
      }),
    )
  })

  it('uses all the room there is', () => {
    expect(bytesOf(closeReason('x'.repeat(123)))).toBe(123)
    expect(bytesOf(closeReason('x'.repeat(124)))).toBe(123)
    expect(bytesOf(closeReason('€'.repeat(42)))).toBe(123)
  })
})

describe('fieldError', () => {
  it('shortens the path before the cure', () => {
    const error = fieldError(1007, `setup.${'deeper.'.repeat(20)}field`, 'must be a number.')
    expect(error).toBeInstanceOf(ProtocolError)
    expect(error.reason).toMatch(/^…deeper\..*\.field must be a number\.$/)
    expect(bytesOf(error.reason)).toBeLessThanOrEqual(MAX_REASON_BYTES)
  })
})
