import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { closeReason, closing, fieldError, MAX_REASON_BYTES, ProtocolError } from './close.js'
import { CLOSE_CATALOGUE, type CloseId } from './close-catalogue.js'

const MEMBERS = 'setup, clientContent, realtimeInput, toolResponse, contextUpdate'

const bytesOf = (text: string) => new TextEncoder().encode(text).length

describe('closeReason', () => {
  it('keeps what fits and never splits a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300, size: 'max' }), (text) => {
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

describe('[ERR-1] the catalogue of closings', () => {
  const entries = Object.entries(CLOSE_CATALOGUE)

  it.each(entries)('%s fits a close frame and says what to do', (id, { reason, cure }) => {
    const values = Object.fromEntries(
      [...reason.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name]) => [
        name!,
        name === 'members' ? MEMBERS : 'v'.repeat(10),
      ]),
    )
    const text = closing(id as CloseId, values as never).reason
    expect(text).not.toMatch(/…$|\{[a-z]+\}|undefined/)
    expect(bytesOf(text)).toBeLessThanOrEqual(MAX_REASON_BYTES)
    expect(cure).toMatch(/^[A-Z].*\.$/)
  })

  it('[ERR-2] no value makes a reason too long', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...entries),
        fc.string({ unit: 'grapheme', maxLength: 200, size: 'max' }),
        ([id, { reason }], text) => {
          const values = Object.fromEntries(
            [...reason.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name]) => [name!, text]),
          )
          expect(bytesOf(closing(id as CloseId, values as never).reason)).toBeLessThanOrEqual(
            MAX_REASON_BYTES,
          )
        },
      ),
    )
  })

  it('[ERR-3] is the only source of errors that close a connection', () => {
    const src = resolve(import.meta.dirname, '..')
    const wrong = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter(
        (path) =>
          /^(protocol|core|runtime|gateway)\b.*(?<!\.test)\.ts$/.test(path) &&
          path !== join('protocol', 'close.ts'),
      )
      .filter((path) => /new ProtocolError\(|\.close\(1\d\d\d\b/.test(readFileSync(join(src, path), 'utf8')))
    expect(wrong).toEqual([])
  })
})
