/** Turns one frame from a client into a ClientMessage, or throws the ProtocolError that closes the connection. */

import type { ClientMessage } from './client-message.js'
import { ProtocolError } from './close.js'

export interface DecodeOptions {
  /** A faster base64 decoder of the platform; returns undefined for text that is not base64. */
  readonly decodeBase64?: (text: string) => Uint8Array | undefined
}

export function decodeClientMessage(_data: string | Uint8Array, _options: DecodeOptions = {}): ClientMessage {
  throw new ProtocolError(1011, 'The decoder is being written.')
}
