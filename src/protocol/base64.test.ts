import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decodeBase64Fast } from '../gateway/decode-base64.js'
import { decodeBase64 } from './base64.js'

describe.each([
  ['portable', decodeBase64],
  ['platform', decodeBase64Fast],
])('base64, %s decoder', (_, decode) => {
  it('decodes either alphabet, padded or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const standard = Buffer.from(bytes).toString('base64')
        const urlSafe = Buffer.from(bytes).toString('base64url')
        const padding = '='.repeat((4 - (urlSafe.length % 4)) % 4)
        for (const text of [standard, standard.replace(/=+$/, ''), urlSafe, urlSafe + padding]) {
          expect(Array.from(decode(text)!)).toEqual(Array.from(bytes))
        }
      }),
    )
  })

  it.each(['A', 'AAAAA', 'A===', '====', 'AA*A', 'AAA\n', ' AAA', 'AA==AA', 'AAAé', 'AAA\u0141', 'AAA😀'])(
    'refuses %j',
    (text) => expect(decode(text)).toBeUndefined(),
  )
})

it('both decoders give the same verdict on any text', () => {
  const character = fc.oneof(fc.constantFrom(...'AZaz09+/-_='), fc.string({ minLength: 1, maxLength: 1 }))
  fc.assert(
    fc.property(fc.array(character, { maxLength: 24, size: 'max' }), (characters) => {
      const text = characters.join('')
      const [portable, platform] = [decodeBase64(text), decodeBase64Fast(text)]
      expect(portable && Array.from(portable)).toEqual(platform && Array.from(platform))
    }),
    { numRuns: 1000 },
  )
})
