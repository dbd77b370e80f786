/**
 * A session as a file: a zip of what was said and measured (`session.json`), the wire log (`wire.json`) and, where the
 * sound was recorded, one WAV for each side on one time axis. Any tool that opens zips can read it.
 */

import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from 'fflate'
import type { Conversation } from '../session/conversation'
import type { SavedTimeline } from '../session/timeline'
import type { WireEntry } from '../session/wire-log'
import type { Setup } from '../setup/fields'
import { readMonoWav, writeWav } from './wav'

export interface SavedSession {
  readonly setup: Setup
  readonly sessionId: string | undefined
  readonly durationMs: number
  readonly conversation: Conversation
  readonly meters: { readonly turns: number; readonly promptTokens: number; readonly responseTokens: number }
  readonly timeline: SavedTimeline
  readonly wire: readonly WireEntry[]
  readonly sound: Sound | undefined
}

export interface Sound {
  /** 16 kHz. */
  readonly input: Int16Array
  /** 24 kHz. */
  readonly output: Int16Array
}

const FORMAT = 'vivavoce-session'
const VERSION = 1

export function packSession(session: SavedSession): Uint8Array<ArrayBuffer> {
  const { wire, sound, ...rest } = session
  const files: Zippable = {
    'session.json': strToU8(JSON.stringify({ format: FORMAT, version: VERSION, ...rest })),
    'wire.json': strToU8(JSON.stringify(wire)),
    // Sound hardly shrinks, and trying takes long.
    ...(sound && {
      'you.wav': [writeWav([sound.input], 16_000), { level: 0 }],
      'model.wav': [writeWav([sound.output], 24_000), { level: 0 }],
    }),
  }
  return zipSync(files) as Uint8Array<ArrayBuffer>
}

/** Throws where the bytes are no session of a version that is known here. */
export function unpackSession(bytes: Uint8Array): SavedSession {
  const files = unzipSync(bytes)
  const head = files['session.json']
  if (head === undefined) throw new Error('it has no session.json')
  const { format, version, ...rest } = JSON.parse(strFromU8(head))
  if (format !== FORMAT || version !== VERSION) throw new Error(`it is ${format} ${version}`)
  const { 'wire.json': wire, 'you.wav': you, 'model.wav': model } = files
  return {
    ...rest,
    wire: wire === undefined ? [] : JSON.parse(strFromU8(wire)),
    sound: you && model && { input: readMonoWav(you), output: readMonoWav(model) },
  }
}
