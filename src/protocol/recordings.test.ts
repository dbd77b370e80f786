/** Sessions recorded from the real service: what clients sent must be understood, or refused for a stated reason. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { describe, expect, it } from 'vitest'

import { decodeClientMessage, ProtocolError, resolveModel } from './index.js'

const folder = resolve(import.meta.dirname, '../../../shared/recordings')
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.log')) : []

/** What this version does not do; everything else in the recordings must decode. */
const REFUSED: readonly RegExp[] = [
  /^setup\.tools is not supported yet/,
  /^toolResponse is not supported yet/,
]

/** Client frames are lines of `>`, a length, a space and the text. */
function clientFrames(file: string): string[] {
  const lines = readFileSync(resolve(folder, file), 'utf8').split('\n')
  return lines.flatMap((line) => /^>\d+ (.*)$/.exec(line)?.[1] ?? [])
}

/** Server frames span lines, from `<` and a length to a blank line. */
function serverFrames(file: string): unknown[] {
  const text = readFileSync(resolve(folder, file), 'utf8')
  return [...text.matchAll(/^<\d+ (\{.*?\n\})/gms)].map((match) => JSON.parse(match[1]!))
}

describe.skipIf(files.length === 0)('recorded sessions', () => {
  it.each(files)('%s', (file) => {
    const frames = clientFrames(file)
    expect(frames.length).toBeGreaterThan(0)
    for (const frame of frames) {
      try {
        const message = decodeClientMessage(frame)
        if (message.type === 'setup') resolveModel(message.setup.model)
        expect(message.notices ?? []).toEqual([])
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError)
        const { reason } = error as ProtocolError
        expect(
          REFUSED.some((pattern) => pattern.test(reason)),
          reason,
        ).toBe(true)
      }
    }
    for (const frame of serverFrames(file)) {
      const members = Object.keys(frame as object).filter((key) => key !== 'usageMetadata')
      expect(['setupComplete', 'serverContent', 'toolCall']).toContain(members.join())
    }
  })
})
