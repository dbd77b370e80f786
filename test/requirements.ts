/** The manifest of rules: id → text, and which of them the conformance suite checks. Read from PROTOCOL.md. */

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export interface Requirement {
  readonly text: string
  /** Marked as checked from outside. */
  readonly conformance: boolean
}

const RULE = /^- \*\*([A-Z]+-\d+)\*\* (● )?(.+)$/

/** Throws where an id is there twice. */
function readRequirements(): ReadonlyMap<string, Requirement> {
  const found = new Map<string, Requirement>()
  for (const line of readFileSync(resolve(import.meta.dirname, '../PROTOCOL.md'), 'utf8').split('\n')) {
    const [, id, mark, text] = RULE.exec(line) ?? []
    if (id === undefined || text === undefined) continue
    if (found.has(id)) throw new Error(`PROTOCOL.md has two rules ${id}`)
    found.set(id, { text, conformance: mark !== undefined })
  }
  return found
}

export const REQUIREMENTS = readRequirements()
