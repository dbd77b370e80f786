/**
 * One spelling for every key: clients mix snake_case and camelCase at every level of one message. Sub-trees
 * whose keys belong to the user (arguments, results, labels, JSON schemas) are returned as they came.
 */

import { closeError, truncateUtf8 } from './close.js'

/** Deeper than any message of the API; a deeper one would exhaust the stack of a recursive reader. */
const MAX_DEPTH = 64

/**
 * Far beyond a long conversation or a large set of tools. Checking costs up to 10 µs per value, so a message made
 * of millions of tiny ones would keep the event loop, and with it every session, waiting for seconds.
 */
const MAX_VALUES = 20_000

/** Members whose value is the user's own data wherever they occur. */
const OPAQUE = new Set(['labels', 'parametersJsonSchema', 'responseJsonSchema', 'default', 'example'])

/** Members that are the user's own data below these parents only (`response` is also a schema elsewhere). */
const OPAQUE_BELOW: ReadonlyMap<string, readonly string[]> = new Map([
  ['args', ['functionCall', 'functionCalls']],
  ['response', ['functionResponse', 'functionResponses']],
])

/** Members whose keys are the user's names and whose values are schemas again. */
const NAME_MAPS = new Set(['properties', 'defs', '$defs'])

/**
 * Returns a copy of `value` with camelCase keys. Members that are null are left out: null means absent on this
 * wire. Throws a ProtocolError (1007) for nesting beyond 64 levels, for more than 20,000 values and for a key given
 * in both spellings.
 */
export function normaliseKeys(value: unknown): unknown {
  return normalise(value, '', 0, { values: 0 })
}

function normalise(value: unknown, parent: string, depth: number, count: { values: number }): unknown {
  count.values += 1
  if (count.values > MAX_VALUES) {
    throw closeError('message-too-many-values', { limit: MAX_VALUES })
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) {
    throw closeError('message-too-deep', { limit: MAX_DEPTH })
  }
  if (Array.isArray(value)) return value.map((item) => normalise(item, parent, depth + 1, count))
  const result: Record<string, unknown> = {}
  const asNames = NAME_MAPS.has(parent)
  for (const [key, member] of Object.entries(value)) {
    if (member === null || key === '__proto__') continue
    const name = asNames ? key : camelCase(key)
    if (Object.hasOwn(result, name)) {
      throw closeError('message-key-twice', { key: truncateUtf8(name, 40) })
    }
    const opaque = !asNames && (OPAQUE.has(name) || OPAQUE_BELOW.get(name)?.includes(parent))
    result[name] = opaque ? member : normalise(member, asNames ? '' : name, depth + 1, count)
  }
  return result
}

function camelCase(key: string): string {
  if (!key.includes('_')) return key
  return key.replace(/(?<=.)_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
