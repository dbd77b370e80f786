/**
 * Close codes, close reasons and the error that carries both. The reason is the only text that every
 * client library shows, so it names the field and the cure and fits a WebSocket close frame. Knows no message.
 */

import { CLOSE_CATALOGUE, type CloseCode, type CloseId, type CloseValues } from './close-catalogue.js'

/** RFC 6455 §5.5: control frames carry at most 125 bytes, two of which are the close code. */
export const MAX_REASON_BYTES = 123

/** The one error that ends a connection on purpose. `reason` always fits a close frame. */
export class ProtocolError extends Error {
  readonly closeCode: CloseCode
  readonly reason: string

  constructor({ code, reason }: Closing) {
    super(reason)
    this.name = 'ProtocolError'
    this.closeCode = code
    this.reason = reason
  }
}

/** What a close frame holds. */
export interface Closing {
  readonly code: CloseCode
  readonly reason: string
}

/** The entry `id` of the catalogue with its values filled in; a reason that is too long is cut. */
export function closing<Id extends CloseId>(id: Id, values: CloseValues<Id>): Closing {
  const { code, reason } = CLOSE_CATALOGUE[id]
  const text = reason.replace(/\{([a-zA-Z]+)\}/g, (_, name: string) =>
    String((values as Readonly<Record<string, unknown>>)[name]),
  )
  return { code, reason: closeReason(text) }
}

/** As `closing`, to be thrown. */
export function closeError<Id extends CloseId>(id: Id, values: CloseValues<Id>): ProtocolError {
  return new ProtocolError(closing(id, values))
}

/**
 * The error about the field at `path`: a sentence made of the path and `problem`. Where it is too long for a close
 * frame the path loses its first members, never the cure.
 */
export function fieldError(code: 1007 | 1008, path: string, problem: string): ProtocolError {
  let field = path
  while (!fitsReason(`${field} ${problem}`) && field.includes('.')) {
    field = `…${field.slice(field.indexOf('.', 1) + 1)}`
  }
  return closeError(code === 1007 ? 'field-invalid' : 'field-unsupported', { field, problem })
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
