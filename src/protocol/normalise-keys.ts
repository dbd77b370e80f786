/**
 * One spelling for every key: clients mix snake_case and camelCase at every level of one message. Sub-trees
 * whose keys belong to the user (arguments, results, labels, JSON schemas) are returned as they came.
 */

import { ProtocolError, truncateUtf8 } from './close.js'

/** Deeper than any message of the API; a deeper one would exhaust the stack of a recursive reader. */
const MAX_DEPTH = 64

/** Members whose value is the user's own data wherever they occur. */
const OPAQUE = new Set(['labels', 'parametersJsonSchema', 'responseJsonSchema', 'default', 'example'])

/** Members that are the user's own data below these parents only (`response` is also a schema elsewhere). */
const OPAQUE_BELOW: Readonly<Record<string, readonly string[]>> = {
  args: ['functionCall', 'functionCalls'],
  response: ['functionResponse', 'functionResponses'],
}

/** Members whose keys are the user's names and whose values are schemas again. */
const NAME_MAPS = new Set(['properties', 'defs'])

/**
 * Returns a copy of `value` with camelCase keys. Members that are null are left out: null means absent on this
 * wire. Throws a ProtocolError (1007) for nesting beyond 64 levels and for a key given in both spellings.
 */
export function normaliseKeys(value: unknown): unknown {
  return normalise(value, '', 0)
}

function normalise(value: unknown, parent: string, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) {
    throw new ProtocolError(
      1007,
      `The message is nested deeper than ${MAX_DEPTH} levels: send a flatter one.`,
    )
  }
  if (Array.isArray(value)) return value.map((item) => normalise(item, parent, depth + 1))
  const result: Record<string, unknown> = {}
  const asNames = NAME_MAPS.has(parent)
  for (const [key, member] of Object.entries(value)) {
    if (member === null || key === '__proto__') continue
    const name = asNames ? key : camelCase(key)
    if (Object.hasOwn(result, name)) {
      const shown = truncateUtf8(name, 40)
      throw new ProtocolError(
        1007,
        `"${shown}" is given twice, in snake_case and in camelCase: send it once.`,
      )
    }
    const opaque = !asNames && (OPAQUE.has(name) || OPAQUE_BELOW[name]?.includes(parent))
    result[name] = opaque ? member : normalise(member, asNames ? '' : name, depth + 1)
  }
  return result
}

function camelCase(key: string): string {
  if (!key.includes('_')) return key
  return key.replace(/(?<=.)_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
