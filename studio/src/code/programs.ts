/**
 * Writes runnable programs of a set-up: each connects, asks in text, and keeps the answer as a WAV file or prints it.
 * They are made of the setup message itself, so that nothing of it can be forgotten. Pure.
 */

import { goProgram } from './go'
import { pythonProgram } from './python'
import { typescriptProgram } from './typescript'
import { websocketProgram } from './websocket'

export interface ProgramInput {
  /** The setup message, its `model` as `models/…`. */
  readonly setup: { readonly model: string } & Readonly<Record<string, unknown>>
  /** Of the server, for programs that can do without TLS. */
  readonly url: string
  readonly secureUrl: string
}

export type ProgramLanguage = 'python' | 'typescript' | 'go' | 'websocket'

export const PROGRAMS: Readonly<Record<ProgramLanguage, (input: ProgramInput) => string>> = {
  python: pythonProgram,
  typescript: typescriptProgram,
  go: goProgram,
  websocket: websocketProgram,
}
