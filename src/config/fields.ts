/**
 * The schema as a flat list of fields, each with its flag, its environment name and what it allows in words. The one
 * table that flags, environment, file, printing and messages share. It reads no value from anywhere.
 */

import { distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { configSchema, FLAG_NAMES, PATH_KEYS, SECRET_KEYS } from './schema.js'

export interface Field {
  /** Dotted key, e.g. `llm.url`. */
  readonly key: string
  readonly kind: 'boolean' | 'integer' | 'text' | 'list'
  readonly description: string
  /** What a value must be, ending the sentence "expected …". */
  readonly allowed: string
  readonly choices: readonly string[]
  /** `undefined` where the key may stay unset. */
  readonly defaultValue: unknown
  /** Without the two dashes. */
  readonly flag: string
  readonly environmentName: string
  readonly secret: boolean
  readonly path: boolean
  readonly schema: z.ZodType
}

export interface Section {
  readonly name: string
  readonly description: string
}

/** The part of JSON Schema that our leaves produce. */
interface LeafSchema {
  readonly type?: string
  /** Of a URL. */
  readonly schemes?: readonly string[]
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
}

const kebab = (name: string) =>
  name.replaceAll('.', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

function describeAllowed(leaf: LeafSchema): string {
  if (leaf.enum) return `one of ${leaf.enum.join(', ')}`
  if (leaf.type === 'integer') return `a whole number from ${leaf.minimum} to ${leaf.maximum}`
  if (leaf.type === 'boolean') return 'true or false'
  if (leaf.type === 'array') return 'a list of texts'
  if (leaf.schemes) {
    const beginnings = leaf.schemes.map((scheme) => `${scheme}://`)
    return `a URL that starts with ${beginnings.slice(0, -1).join(', ')} or ${beginnings.at(-1)}`
  }
  return 'a text that is not empty'
}

function leafField(key: string, schema: z.ZodType): Field {
  const leaf = z.toJSONSchema(schema, { io: 'input' }) as LeafSchema
  const kinds = { boolean: 'boolean', integer: 'integer', array: 'list' } as const
  return {
    key,
    kind: kinds[leaf.type as keyof typeof kinds] ?? 'text',
    description: schema.description ?? '',
    allowed: describeAllowed(leaf),
    choices: leaf.enum ?? [],
    defaultValue: schema.parse(undefined),
    flag: FLAG_NAMES[key] ?? kebab(key),
    environmentName: `VIVAVOCE_${kebab(key).replaceAll('-', '_').toUpperCase()}`,
    secret: SECRET_KEYS.has(key),
    path: PATH_KEYS.has(key),
    schema,
  }
}

const entries = Object.entries(configSchema.shape)

export const SECTIONS: readonly Section[] = entries
  .filter(([, schema]) => schema instanceof z.ZodObject)
  .map(([name, schema]) => ({ name, description: schema.description ?? '' }))

/** In the order of the schema. */
export const FIELDS: readonly Field[] = entries.flatMap(([name, schema]) =>
  schema instanceof z.ZodObject
    ? Object.entries(schema.shape).map(([child, leaf]) => leafField(`${name}.${child}`, leaf as z.ZodType))
    : [leafField(name, schema)],
)

/** A name of which more than every third letter is wrong is not misspelt: it was made up, or belongs to another version. */
const LETTERS_PER_MISTAKE = 3

/** The known name that is closest to a misspelt one, case ignored; undefined where none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase()
  let best: string | undefined
  let least = Math.ceil(name.length / LETTERS_PER_MISTAKE)
  for (const candidate of known) {
    const mistakes = distance(lower, candidate.toLowerCase())
    if (mistakes > least || (mistakes === least && best !== undefined)) continue
    best = candidate
    least = mistakes
  }
  return best
}
