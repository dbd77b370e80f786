/**
 * Close codes, close reasons and the error that carries both. The reason is the only text that every
 * client library shows, so it names the field and the cure and fits a WebSocket close frame. Knows no message.
 */

/** 1007 malformed or invalid content, 1008 refused by policy or support, 1009 too big, 1011 our own failure. */
export type ProtocolCloseCode = 1007 | 1008 | 1009 | 1011

/** RFC 6455 §5.5: control frames carry at most 125 bytes, two of which are the close code. */
export const MAX_REASON_BYTES = 123

/** The one error that ends a connection on purpose. `reason` always fits a close frame. */
export class ProtocolError extends Error {
  readonly closeCode: ProtocolCloseCode
  readonly reason: string

  constructor(closeCode: ProtocolCloseCode, reason: string) {
    const fitting = closeReason(reason)
    super(fitting)
    this.name = 'ProtocolError'
    this.closeCode = closeCode
    this.reason = fitting
  }
}

/**
 * The error about the field at `path`: a sentence made of the path and `text`. Where it is too long for a close
 * frame the path loses its first members, never the cure.
 */
export function fieldError(closeCode: ProtocolCloseCode, path: string, text: string): ProtocolError {
  let shown = path
  while (!fitsReason(`${shown} ${text}`) && shown.includes('.')) {
    shown = `…${shown.slice(shown.indexOf('.', 1) + 1)}`
  }
  return new ProtocolError(closeCode, `${shown} ${text}`)
}

/** Shortens `text` to what a close frame holds, without splitting a character; a cut ends in "…". */
export function closeReason(text: string): string {
  return truncateUtf8(text, MAX_REASON_BYTES)
}

/** True if nothing of `text` would be cut. */
export function fitsReason(text: string): boolean {
  return closeReason(text) === text
}

/** Shortens `text` to at most `maxBytes` bytes of UTF-8, ending in "…" (3 bytes) where something was cut. */
export function truncateUtf8(text: string, maxBytes: number): string {
  let bytes = 0
  let keep = 0
  let index = 0
  for (const character of text) {
    bytes += utf8Length(character.codePointAt(0) ?? 0)
    index += character.length
    if (bytes <= maxBytes - 3) keep = index
    if (bytes > maxBytes) return `${text.slice(0, keep)}…`
  }
  return text
}

/** Lone surrogates are sent as U+FFFD, three bytes like every other character below U+10000 and above U+07FF. */
function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
