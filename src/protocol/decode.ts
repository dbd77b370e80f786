/** Turns one frame from a client into a ClientMessage, or throws the ProtocolError that closes the connection. */

import { decodeAudioMessage } from './audio-message.js'
import type { ClientMessage } from './client-message.js'
import { closeError, truncateUtf8 } from './close.js'
import { parseClientContent } from './content.js'
import { parseContextUpdate } from './context-update.js'
import { normaliseKeys } from './normalise-keys.js'
import { parseRealtimeInput } from './realtime-input.js'
import { parseSetup } from './setup.js'
import { effectiveSetup, fixedBy, refuseLockedChange, type SetupLock } from './setup-lock.js'
import { refuseUnknownFields } from './strict.js'
import { parseToolResponse } from './tool-response.js'

export interface DecodeOptions {
  /** A faster base64 decoder of the platform; returns undefined for text that is not base64. */
  readonly decodeBase64?: (text: string) => Uint8Array | undefined
  /** Fields of `setup` that are not the client's to choose, nor to change later. */
  readonly lock?: SetupLock
  /** Refuses fields that the API does not define, as the real service does. */
  readonly strict?: boolean
}

type Decoder = (value: unknown, options: DecodeOptions) => ClientMessage

/** The members of the client's union: a message has exactly one. */
const DECODERS: Readonly<Record<string, Decoder>> = {
  setup: (value, { lock }) => (lock && isObject(value) ? lockedSetup(value, lock) : parseSetup(value)),
  clientContent: (value, options) => parseClientContent(value, options.decodeBase64),
  realtimeInput: (value, options) => parseRealtimeInput(value, options.decodeBase64),
  toolResponse: parseToolResponse,
  contextUpdate: parseContextUpdate,
}

const MEMBERS = Object.keys(DECODERS)

/**
 * Decodes a text or binary frame: one JSON object with exactly one known member, in either key spelling.
 * Unknown members beside it become notices. Throws a ProtocolError: 1007 for what is malformed, 1008 for what
 * is not supported.
 */
export function decodeClientMessage(data: string | Uint8Array, options: DecodeOptions = {}): ClientMessage {
  const text = typeof data === 'string' ? data : decodeUtf8(data)
  const audio = decodeAudioMessage(text, options.decodeBase64)
  if (audio) return audio
  const message = normaliseKeys(parseJson(text))
  if (!isObject(message)) {
    throw closeError('message-not-an-object', { members: MEMBERS.join(', ') })
  }
  if (options.strict) refuseUnknownFields(message)
  const keys = Object.keys(message)
  const known = keys.filter((key) => Object.hasOwn(DECODERS, key))
  const [member, second] = known
  if (second !== undefined) {
    throw closeError('message-two-members', { first: member!, second })
  }
  if (member === undefined) {
    const found = keys[0] === undefined ? 'nothing' : `"${truncateUtf8(keys[0], 24)}"`
    throw closeError('message-unknown-member', { found, members: MEMBERS.join(', ') })
  }
  const decoded = DECODERS[member]!(message[member], options)
  if (options.lock) refuseLockedChange(decoded, options.lock)
  const unknown = keys.filter((key) => key !== member).slice(0, 10)
  if (unknown.length === 0) return decoded
  const notices = unknown.map((key) => `Unknown field ${truncateUtf8(key, 120)} is ignored`)
  return { ...decoded, notices: [...(decoded.notices ?? []), ...notices] }
}

function lockedSetup(value: Readonly<Record<string, unknown>>, lock: SetupLock): ClientMessage {
  const decoded = parseSetup(effectiveSetup(value, lock))
  return { ...decoded, setup: { ...decoded.setup, fixed: fixedBy(lock) } }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw closeError('message-not-utf8', {})
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const notANumber = /[:[,]\s*(-?Infinity|NaN)\b/.exec(text)?.[1]
    throw notANumber === undefined
      ? closeError('message-not-json', {})
      : closeError('message-not-a-number', { found: notANumber })
  }
}
