/**
 * Holds a model's arguments against the declared schema: mends what is only a slip of form ("5" for 5, "On" for "on",
 * a property nobody declared), refuses the rest with a reason. Knows nothing of who made them.
 */
import { z } from 'zod'
import type { FunctionDeclaration, JsonObject, JsonValue } from '../engine/index.js'

export type FittedArguments = { readonly args: JsonObject } | { readonly problem: string }

/** A schema that is no schema (an unknown type) is not held against anybody: the arguments pass as they are. */
export function fitArguments(declaration: FunctionDeclaration, value: unknown): FittedArguments {
  const { name, parameters = { type: 'object', properties: {} } } = declaration
  if (!isObject(value)) return { problem: `the arguments of ${name} are no JSON object` }
  const args = mend(value, parameters, parameters) as JsonObject
  const check = checkerOf(parameters)
  const checked = check?.safeParse(args)
  if (checked === undefined || checked.success) return { args }
  const issue = checked.error.issues[0]
  return { problem: `argument ${issue?.path.join('.') || '(all)'} of ${name}: ${issue?.message}` }
}

/** The schema behind a `$ref` inside the same document; a cycle of bare references ends nowhere, so only a few are followed. */
export function resolveSchema(schema: JsonValue | undefined, root: JsonObject): JsonObject {
  let found: JsonValue | undefined = schema
  for (let step = 0; step < 8; step++) {
    if (!isObject(found)) return {}
    if (typeof found.$ref !== 'string') return found
    const path = found.$ref.replace(/^#\/?/, '').split('/').filter(Boolean)
    found = path.reduce<JsonValue | undefined>(
      (at, key) => (isObject(at) ? at[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined),
      root,
    )
  }
  return {}
}

export function schemaTypes(schema: JsonObject): readonly string[] {
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type]
  const named = types.filter((type) => typeof type === 'string')
  return schema.nullable === true && named.length > 0 ? [...named, 'null'] : named
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const checkers = new WeakMap<JsonObject, z.ZodType | null>()

function checkerOf(parameters: JsonObject): z.ZodType | null {
  let checker = checkers.get(parameters)
  if (checker === undefined) {
    try {
      checker = z.fromJSONSchema(parameters as Parameters<typeof z.fromJSONSchema>[0])
    } catch {
      checker = null
    }
    checkers.set(parameters, checker)
  }
  return checker
}

function mend(value: JsonValue, declared: JsonValue | undefined, root: JsonObject): JsonValue {
  const schema = resolveSchema(declared, root)
  const types = schemaTypes(schema)
  if (isObject(value)) return mendObject(value, schema, root)
  if (Array.isArray(value)) return value.map((item) => mend(item, schema.items, root))
  if (types.length === 0 || types.includes(typeof value)) return mendEnum(value, schema)
  // A single value where a list is asked for.
  if (types.includes('array')) return [mend(value, schema.items, root)]
  if (typeof value === 'string') {
    const text = value.trim()
    const isNumeric = types.includes('number') || types.includes('integer')
    if (isNumeric && text !== '' && Number.isFinite(Number(text))) return Number(text)
    if (types.includes('boolean') && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
    if (types.includes('null') && /^(null|none|)$/i.test(text)) return null
  }
  if (types.includes('string') && value !== null) return mendEnum(String(value), schema)
  return value
}

function mendObject(value: JsonObject, schema: JsonObject, root: JsonObject): JsonValue {
  const { properties, required, additionalProperties } = schema
  if (!isObject(properties)) return value
  const needed = Array.isArray(required) ? required : []
  const mended: Record<string, JsonValue> = {}
  for (const [key, item] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key)
    if (!known && additionalProperties !== true && !isObject(additionalProperties)) continue
    const fitted = known ? mend(item, properties[key], root) : item
    const nullAllowed = !known || schemaTypes(resolveSchema(properties[key], root)).includes('null')
    // "null" is how models leave an optional argument out.
    if (fitted === null && !nullAllowed && !needed.includes(key)) continue
    mended[key] = fitted
  }
  return mended
}

function mendEnum(value: JsonValue, schema: JsonObject): JsonValue {
  const values = schema.enum
  if (!Array.isArray(values) || typeof value !== 'string' || values.includes(value)) return value
  const plain = (text: string) => text.toLowerCase().replace(/[\s_-]+/g, '_')
  return values.find((one) => typeof one === 'string' && plain(one) === plain(value)) ?? value
}
