/**
 * The message that nearly all messages are: one piece of audio, spelled as the SDKs spell it. A regular expression takes it apart for a
 * tenth of what reading and checking any message costs. It decides nothing on its own: what it does not know, `decode.ts` reads.
 */
import type { ClientMessage } from './client-message.js'
import { decodePcm } from './realtime-input.js'

const MIME_TYPE = '"mime(?:T|_t)ype": ?"(audio/pcm(?:; ?rate=\\d+)?)"'
const DATA = '"data": ?"([\\w+/-]*={0,2})"'
const PATTERN = new RegExp(
  `^\\{"realtime(?:I|_i)nput": ?\\{"audio": ?\\{(?:${MIME_TYPE}, ?${DATA}|${DATA}, ?${MIME_TYPE})\\}\\}\\}$`,
)
/** A second and a half at 16 kHz: what is longer is rare, and not worth the expression's memory. */
const MAX_LETTERS = 64 * 1024

export function decodeAudioMessage(
  text: string,
  decodeBase64?: (text: string) => Uint8Array | undefined,
): ClientMessage | undefined {
  if (text.length > MAX_LETTERS) return undefined
  const found = PATTERN.exec(text)
  if (!found) return undefined
  const mimeType = found[1] ?? found[4]
  const data = found[2] ?? found[3]
  if (mimeType === undefined || data === undefined) return undefined
  return { type: 'realtime-input', audio: decodePcm(mimeType, data, 'realtimeInput.audio', decodeBase64) }
}
