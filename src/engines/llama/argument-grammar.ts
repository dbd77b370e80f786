/**
 * Writes the GBNF grammar in which nothing but calls of the declared functions can be written, with arguments that are
 * valid JSON of the declared shape and no property that was not declared. Knows nothing of models; what a grammar can't
 * express (`pattern`, `multipleOf`) is left to the check afterwards.
 */
import type { FunctionDeclaration, JsonObject, JsonValue } from '../../engine/index.js'
import { isObject, resolveSchema, schemaTypes } from '../function-arguments.js'
import { CALL_SEPARATOR } from './function-notation.js'

/** More in one answer is a model that lost its way. */
export const MAX_CALLS = 8

/** Nesting of schemas that refer to themselves. */
const MAX_DEPTH = 6
/** Runaway strings: a spoken request has no longer ones. */
const MAX_STRING_CHARACTERS = 400
const MAX_ITEMS = 32

const COMMON_RULES = `
char ::= [^"\\\\\\x00-\\x1F\\x7F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4})
string ::= "\\"" char{0,${MAX_STRING_CHARACTERS}} "\\""
integer ::= "-"? ("0" | [1-9] [0-9]{0,14})
number ::= integer ("." [0-9]{1,12})?
boolean ::= "true" | "false"
null ::= "null"
anything ::= string | number | boolean | null | "[" (anything (", " anything)*)? "]" | anyobject
anyobject ::= "{" (string ": " anything (", " string ": " anything)*)? "}"
date ::= "\\"" day "\\""
time ::= "\\"" clock "\\""
datetime ::= "\\"" day "T" clock "\\""
day ::= [0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])
clock ::= ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] (":" [0-5] [0-9] "Z"?)?
`.trim()

/** What follows the name of the first function: its arguments, and further calls. */
export function callGrammar(functions: readonly FunctionDeclaration[], first: string): string {
  const rules: string[] = []
  const rule = (body: string): string => {
    const name = `r${rules.length}`
    rules.push(`${name} ::= ${body}`)
    return name
  }
  const shapes = new Map(
    functions.map(({ name, parameters }) => [name, argumentRule(parameters ?? {}, rule)] as const),
  )
  const calls = [...shapes].map(([name, shape]) =>
    rule(`${literal(name).replace(/^"\\"|\\""$/g, '"')} " " ${shape}`),
  )
  const one = rule(calls.join(' | '))
  const opening = shapes.get(first) ?? one
  return `root ::= " " ${opening} ("${CALL_SEPARATOR}" ${one}){0,${MAX_CALLS - 1}}\n${rules.join('\n')}\n${COMMON_RULES}\n`
}

/** One JSON value of a schema. Texts may be as long as they are wanted. */
export function valueGrammar(schema: JsonObject): string {
  const rules: string[] = []
  const root = argumentRule(
    schema,
    (body) => {
      rules.push(`r${rules.length} ::= ${body}`)
      return `r${rules.length - 1}`
    },
    true,
  )
  const common = COMMON_RULES.replace(`char{0,${MAX_STRING_CHARACTERS}}`, 'char*')
  return `root ::= ${root}\n${rules.join('\n')}\n${common}\n`
}

/** `anyValue`: it need not be an object. Separators are those that models are trained on: `", "` and `": "`. */
function argumentRule(root: JsonObject, rule: (body: string) => string, anyValue = false): string {
  function schemaRule(declared: JsonValue | undefined, depth: number): string {
    const schema = resolveSchema(declared, root)
    if (depth > MAX_DEPTH) return 'anything'
    if (schema.const !== undefined) return literal(schema.const)
    if (Array.isArray(schema.enum)) return oneOf(schema.enum.map(literal))
    const branches = schema.anyOf ?? schema.oneOf
    if (Array.isArray(branches)) return oneOf(branches.map((branch) => schemaRule(branch, depth + 1)))
    const types = schemaTypes(schema)
    if (types.length === 0) return isObject(schema.properties) ? objectOf(schema, depth) : 'anything'
    return oneOf(types.map((type) => typed(type, schema, depth)))
  }

  function typed(type: string, schema: JsonObject, depth: number): string {
    if (type === 'object') return objectOf(schema, depth)
    if (type === 'array') return arrayOf(schema, depth)
    if (type === 'string') return stringOf(schema)
    if (type === 'integer') return integerBetween(...integerBounds(schema))
    if (type === 'number')
      return lowerBound(schema) >= 0 ? '("0" | [1-9] [0-9]{0,14}) ("." [0-9]{1,12})?' : 'number'
    return type === 'boolean' || type === 'null' ? type : 'anything'
  }

  function arrayOf(schema: JsonObject, depth: number): string {
    const item = rule(schemaRule(schema.items, depth + 1))
    const least = countOf(schema.minItems, 0)
    const most = Math.max(1, least, Math.min(MAX_ITEMS, countOf(schema.maxItems, MAX_ITEMS)))
    const more = `${item} (", " ${item}){${Math.max(0, least - 1)},${most - 1}}`
    return `"[" ${least > 0 ? more : `(${more})?`} "]"`
  }

  /** Declared order. `begun` and `empty`: what may follow when something has been written, or nothing. */
  function objectOf(schema: JsonObject, depth: number): string {
    if (!isObject(schema.properties)) return 'anyobject'
    const required = Array.isArray(schema.required) ? schema.required : []
    let begun = '""'
    let empty = '""'
    for (const [key, property] of Object.entries(schema.properties).reverse()) {
      const pair = rule(`${literal(key)} ": " (${schemaRule(property, depth + 1)})`)
      const isOptional = !required.includes(key)
      const nextEmpty = rule(`${pair} ${begun}${isOptional ? ` | ${empty}` : ''}`)
      begun = rule(`", " ${pair} ${begun}${isOptional ? ` | ${begun}` : ''}`)
      empty = nextEmpty
    }
    return `"{" ${empty} "}"`
  }

  function stringOf(schema: JsonObject): string {
    if (schema.format === 'date') return 'date'
    if (schema.format === 'time') return 'time'
    if (schema.format === 'date-time') return 'datetime'
    if (schema.minLength === undefined && schema.maxLength === undefined) return 'string'
    const least = countOf(schema.minLength, 0)
    const most = Math.min(countOf(schema.maxLength, MAX_STRING_CHARACTERS), MAX_STRING_CHARACTERS)
    return `"\\"" char{${Math.min(least, most)},${most}} "\\""`
  }

  if (anyValue) return rule(schemaRule(root, 0))
  // A function without parameters has the arguments {}.
  return rule(objectOf({ properties: {}, ...resolveSchema(root, root) }, 0))
}

function literal(value: JsonValue): string {
  const json = JSON.stringify(value)
  const escaped = json.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')
  return `"${escaped}"`
}

function oneOf(alternatives: readonly string[]): string {
  if (alternatives.length === 0) return 'anything'
  return alternatives.length === 1 ? alternatives[0]! : `(${alternatives.join(' | ')})`
}

function countOf(value: JsonValue | undefined, otherwise: number): number {
  // Google's schemas write counts as strings too: int64 in JSON.
  const count = Number(value ?? Number.NaN)
  return Number.isInteger(count) && count >= 0 ? count : otherwise
}

function lowerBound({ minimum, exclusiveMinimum }: JsonObject): number {
  return Math.max(numberOr(minimum, -Infinity), numberOr(exclusiveMinimum, -Infinity))
}

function integerBounds(schema: JsonObject): [number, number] {
  const least = Math.max(
    Math.ceil(numberOr(schema.minimum, -Infinity)),
    Math.floor(numberOr(schema.exclusiveMinimum, -Infinity)) + 1,
  )
  const most = Math.min(
    Math.floor(numberOr(schema.maximum, Infinity)),
    Math.ceil(numberOr(schema.exclusiveMaximum, Infinity)) - 1,
  )
  return [least, most]
}

function numberOr(value: JsonValue | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}

/** Exactly the integers of the range where it is bounded below by 0 or more; else only the sign is fixed. */
export function integerBetween(least: number, most: number): string {
  if (least > most) return 'integer'
  if (least < 0 || least > 1e9) return 'integer'
  if (!Number.isFinite(least)) return 'integer'
  if (most > 1e9) return least === 0 ? '("0" | [1-9] [0-9]{0,14})' : '([1-9] [0-9]{0,14})'
  const parts: string[] = []
  // Split at powers of ten, so that both ends have the same number of digits.
  for (let from = least; from <= most; ) {
    const to = Math.min(most, 10 ** String(from).length - 1)
    parts.push(...sameLength(String(from), String(to)))
    from = to + 1
  }
  return oneOf(parts)
}

function sameLength(from: string, to: string): string[] {
  if (from === to) return [`"${from}"`]
  if (from.length === 1) return [`[${from}-${to}]`]
  const [first, last] = [Number(from[0]), Number(to[0])]
  const [restFrom, restTo] = [from.slice(1), to.slice(1)]
  if (first === last) return sameLength(restFrom, restTo).map((rest) => `"${first}" ${rest}`)
  const zeros = '0'.repeat(restFrom.length)
  const nines = '9'.repeat(restFrom.length)
  const parts: string[] = []
  const low = restFrom === zeros ? first : first + 1
  const high = restTo === nines ? last : last - 1
  if (low > first) parts.push(...sameLength(restFrom, nines).map((rest) => `"${first}" ${rest}`))
  if (low <= high) parts.push(`[${low}-${high}] [0-9]{${zeros.length}}`)
  if (high < last) parts.push(...sameLength(zeros, restTo).map((rest) => `"${last}" ${rest}`))
  return parts
}
