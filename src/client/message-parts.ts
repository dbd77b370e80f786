/** Reads what callers want most out of a server message: its audio and its text. */

import type { ServerMessage } from '../protocol/index.js'
import { base64ToBytes } from './base64.js'

/** PCM16 little-endian mono of the message, at the rate its mime type states (24000 where it states none). */
export function audioOf(
  message: ServerMessage,
): { readonly pcm16: Uint8Array; readonly sampleRateHz: number } | undefined {
  for (const part of partsOf(message)) {
    if (!('inlineData' in part) || !part.inlineData.mimeType.startsWith('audio/pcm')) continue
    const rate = /;\s*rate=(\d+)/.exec(part.inlineData.mimeType)?.[1]
    return { pcm16: base64ToBytes(part.inlineData.data), sampleRateHz: Number(rate ?? 24_000) }
  }
  return undefined
}

/** Text of the model's turn (TEXT modality), thoughts left out; empty where there is none. */
export function textOf(message: ServerMessage): string {
  return partsOf(message)
    .map((part) => ('text' in part && part.thought !== true ? part.text : ''))
    .join('')
}

function partsOf(message: ServerMessage) {
  return ('serverContent' in message && message.serverContent.modelTurn?.parts) || []
}
