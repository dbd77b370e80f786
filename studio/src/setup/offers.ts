/**
 * What this server can do, asked of the very decoder that it is built with: whatever it refuses or accepts without
 * effect is not shown. So the Studio never has a dead switch, and new abilities appear by themselves.
 */

import { decodeClientMessage, ProtocolError } from 'vivavoce/protocol'

/** The refusal of the message, as the server would word it; undefined where it is accepted. */
export function refusalOf(message: object): string | undefined {
  try {
    decodeClientMessage(JSON.stringify(message))
    return undefined
  } catch (error) {
    if (error instanceof ProtocolError) return error.reason
    throw error
  }
}

/** True where the message is accepted and all of it has an effect. */
export function isOffered(message: object): boolean {
  try {
    return (decodeClientMessage(JSON.stringify(message)).notices ?? []).length === 0
  } catch {
    return false
  }
}

const MODEL = 'models/gemini-live-2.5-flash'

export const setupIsOffered = (setup: object): boolean => isOffered({ setup: { model: MODEL, ...setup } })

const blob = { mimeType: 'image/jpeg', data: '/9j/4AAQSkZJRg==' }

/** Abilities beyond the setup. */
export const OFFERS = {
  contextUpdate: isOffered({ contextUpdate: { systemInstruction: { parts: [{ text: 'x' }] } } }),
  tools: setupIsOffered({ tools: [{ functionDeclarations: [{ name: 'f', description: 'd' }] }] }),
  pictures: isOffered({ realtimeInput: { video: blob } }),
} as const
