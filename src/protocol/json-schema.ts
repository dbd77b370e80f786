/**
 * One form for the schemas of function arguments. The API takes them in an OpenAPI flavour (upper-case types,
 * `nullable`, sizes as text) or as JSON Schema; engines get JSON Schema with lower-case types. Knows no message.
 */

import type { JsonObject, JsonValue } from './client-message.js'

/** Members that hold one schema, a list of schemas, and schemas by name. */
const ONE = new Set([
  'items',
  'additionalProperties',
  'not',
  'contains',
  'propertyNames',
  'if',
  'then',
  'else',
])
const MANY = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems'])
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions'])

/** 64-bit numbers come as text. */
const SIZES = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'])

/** The OpenAPI flavour's own names for what JSON Schema spells otherwise. */
const RENAMED: Readonly<Record<string, string>> = { defs: '$defs', ref: '$ref' }

/** Examples and orderings say nothing about which values are valid. */
const DROPPED = new Set(['nullable', 'propertyOrdering', 'example'])

/** `schema` as JSON Schema: whatever is not an object (`true`, `false`, a mistake) is returned as it is. */
export function toJsonSchema(schema: JsonValue): JsonValue {
  if (!isObject(schema)) return schema
  const result: Record<string, JsonValue> = {}
  for (const [key, value] of Object.entries(schema)) {
    if (DROPPED.has(key)) continue
    const name = RENAMED[key] ?? key
    if (name === 'type') result.type = lowerCaseType(value)
    else if (ONE.has(name)) result[name] = toJsonSchema(value)
    else if (MANY.has(name) && Array.isArray(value)) result[name] = value.map(toJsonSchema)
    else if (NAMED.has(name) && isObject(value)) result[name] = eachSchema(value, schema.propertyOrdering)
    else if (SIZES.has(name) && typeof value === 'string') result[name] = Number(value)
    // `enum` is no format of a string, only the flavour's remark that values are listed.
    else if (name !== 'format' || value !== 'enum') result[name] = value
  }
  return schema.nullable === true ? orNull(result) : result
}

function lowerCaseType(type: JsonValue): JsonValue {
  if (Array.isArray(type)) return type.map(lowerCaseType)
  return typeof type === 'string' ? type.toLowerCase() : type
}

/** In the order that the developer asked for: a model writes arguments in the order of the schema. */
function eachSchema(schemas: JsonObject, ordering: JsonValue | undefined): JsonObject {
  const first = Array.isArray(ordering) ? ordering.filter((name) => typeof name === 'string') : []
  const names = new Set([...first.filter((name) => Object.hasOwn(schemas, name)), ...Object.keys(schemas)])
  return Object.fromEntries([...names].map((name) => [name, toJsonSchema(schemas[name] ?? {})]))
}

function orNull(schema: Record<string, JsonValue>): JsonObject {
  if (schema.type === undefined) return { anyOf: [schema, { type: 'null' }] }
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  const nullable = { ...schema, type: types.includes('null') ? types : [...types, 'null'] }
  return Array.isArray(schema.enum) && !schema.enum.includes(null)
    ? { ...nullable, enum: [...schema.enum, null] }
    : nullable
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
