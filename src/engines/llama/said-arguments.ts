/**
 * Holds a call's arguments against what was said: an optional one that nobody mentioned is left out, and words that nobody said show
 * that the call was made up. Knows nothing of models.
 */
import type { FunctionDeclaration, JsonObject, JsonValue } from '../../engine/index.js'
import { isObject, resolveSchema, schemaTypes } from '../function-arguments.js'
import { namesNumber, plainWords } from './spoken-values.js'

/** Longer texts are composed rather than repeated. */
const MAX_QUOTED_CHARACTERS = 60
/** Inflection: "shoe" and "shoes", "Sevilla" and "Seville". */
const STEM_LETTERS = 4

export interface SaidArguments {
  readonly args: JsonObject
  /** No required text of the call has a word in common with what was said. */
  readonly isInvented: boolean
}

export function keepSaid(
  { parameters = {} }: FunctionDeclaration,
  args: JsonObject,
  said: string,
): SaidArguments {
  const root = resolveSchema(parameters, parameters)
  const properties = isObject(root.properties) ? root.properties : {}
  const required = Array.isArray(root.required) ? root.required : []
  const stems = new Set(plainWords(said).map(stem))
  const isSaid = (value: string) => {
    const words = plainWords(value)
    return words.length === 0 || words.filter((word) => stems.has(stem(word))).length * 2 >= words.length
  }
  const hasNumber = namesNumber(said)
  let texts = 0
  let invented = 0
  const kept = Object.entries(args).filter(([key, value]) => {
    const schema = resolveSchema(properties[key], parameters)
    const isNeeded = required.includes(key)
    if (typeof value === 'number' && !Array.isArray(schema.enum)) return isNeeded || hasNumber
    if (!isQuoted(value, schema)) return true
    const wasSaid = isSaid(value)
    if (!isNeeded) return wasSaid
    texts++
    if (!plainWords(value).some((word) => stems.has(stem(word)))) invented++
    return true
  })
  return { args: Object.fromEntries(kept), isInvented: texts > 0 && invented === texts }
}

/** Free text that repeats words of the user. */
function isQuoted(value: JsonValue, schema: JsonObject): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_QUOTED_CHARACTERS &&
    schemaTypes(schema).includes('string') &&
    !Array.isArray(schema.enum) &&
    schema.const === undefined &&
    schema.format === undefined &&
    schema.pattern === undefined
  )
}

function stem(word: string): string {
  return word.slice(0, STEM_LETTERS)
}
