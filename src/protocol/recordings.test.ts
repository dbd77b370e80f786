/** Sessions recorded from the real service: what clients sent must be understood. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { describe, expect, it } from 'vitest'

import { decodeClientMessage, resolveModel } from './index.js'

const folder = resolve(import.meta.dirname, '../../../shared/recordings')
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.log')) : []

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
      const message = decodeClientMessage(frame)
      if (message.type === 'setup') resolveModel(message.setup.model)
      expect(message.notices ?? []).toEqual([])
    }
    for (const frame of serverFrames(file)) {
      const members = Object.keys(frame as object).filter((key) => key !== 'usageMetadata')
      expect(['setupComplete', 'serverContent', 'toolCall']).toContain(members.join())
    }
  })
})
