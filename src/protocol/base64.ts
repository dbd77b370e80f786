/** Base64 without any platform: either alphabet, padded or not, in one pass. Knows nothing of what it decodes. */

const INVALID = -1

/** Six-bit value by ASCII code; both alphabets at once, since no character means two things. */
const VALUES = (() => {
  const values = new Int8Array(128).fill(INVALID)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  for (let value = 0; value < alphabet.length; value++) values[alphabet.charCodeAt(value)] = value
  for (const [character, value] of [
    ['+', 62],
    ['-', 62],
    ['/', 63],
    ['_', 63],
  ] as const) {
    values[character.charCodeAt(0)] = value
  }
  return values
})()

/**
 * Decodes standard or URL-safe base64 with up to two padding characters, complete or missing. Returns undefined
 * for anything else: another character (white space included) or a length that no byte string has.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  let length = text.length
  while (length > text.length - 2 && length > 0 && text.charCodeAt(length - 1) === 61 /* = */) length--
  const rest = length & 3
  if (rest === 1) return undefined

  const bytes = new Uint8Array(Math.floor((length * 3) / 4))
  const whole = length - rest
  let out = 0
  // An invalid character makes its value negative and one beyond ASCII makes `codes` large; both are sticky.
  let codes = 0
  let invalid = 0
  for (let index = 0; index < whole; index += 4) {
    const a = text.charCodeAt(index)
    const b = text.charCodeAt(index + 1)
    const c = text.charCodeAt(index + 2)
    const d = text.charCodeAt(index + 3)
    codes |= a | b | c | d
    const bits = (VALUES[a]! << 18) | (VALUES[b]! << 12) | (VALUES[c]! << 6) | VALUES[d]!
    invalid |= bits
    bytes[out++] = bits >> 16
    bytes[out++] = bits >> 8
    bytes[out++] = bits
  }
  if (rest > 0) {
    const a = text.charCodeAt(whole)
    const b = text.charCodeAt(whole + 1)
    const c = rest === 3 ? text.charCodeAt(whole + 2) : 65 /* A, no bits */
    codes |= a | b | c
    const bits = (VALUES[a]! << 18) | (VALUES[b]! << 12) | (VALUES[c]! << 6)
    invalid |= bits
    bytes[out++] = bits >> 16
    if (rest === 3) bytes[out++] = bits >> 8
  }
  return invalid < 0 || codes > 127 ? undefined : bytes
}
