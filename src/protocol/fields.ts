/**
 * Building blocks of the message schemas: numbers, booleans and enums as liberal as the wire, and the step
 * from a failed schema to a close reason that names the field and what it must be. Knows no message.
 */

import { z } from 'zod'

import { fieldError } from './close.js'

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

export interface NumberRange {
  readonly min: number
  readonly max: number
  readonly integer?: true
}

/** A number or its decimal text (`20`, `20.0`, `"20"`), never NaN or infinite. */
export function numberField({ min, max, integer }: NumberRange) {
  const cure = `must be ${integer ? 'a whole number' : 'a number'} from ${min} to ${max}`
  const number = z.number({ error: cure }).min(min, cure).max(max, cure)
  return z
    .preprocess(
      (value) => (typeof value === 'string' && DECIMAL.test(value.trim()) ? Number(value) : value),
      integer ? number.refine(Number.isInteger, cure) : number,
    )
    .optional()
}

/** A boolean or its text. */
export function booleanField() {
  return z
    .preprocess(
      (value) => (value === 'true' ? true : value === 'false' ? false : value),
      z.boolean({ error: 'must be true or false' }),
    )
    .optional()
}

export function textField() {
  return z.string({ error: 'must be a string' }).optional()
}

/** One of `names`, in any case, else the message is `cure`; `UNSPECIFIED`, `…_UNSPECIFIED` and the empty string mean absent. */
export function enumField<const Name extends string>(
  names: readonly [Name, ...Name[]],
  cure = `must be ${names.join(' or ')}`,
) {
  return z
    .preprocess((value) => {
      if (typeof value !== 'string') return value
      const name = value.toUpperCase()
      return name === '' || /(^|_)UNSPECIFIED$/.test(name) ? undefined : name
    }, z.enum(names, { error: cure }).optional())
    .optional()
}

/** An object with at least these members; others are kept for the support table to judge. */
export function objectField<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.looseObject(shape, { error: 'must be an object' })
}

/** A list; a single value stands for a list of one. */
export function listField<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item).optional(),
  )
}

/** Parses `value` as the member `root` of a message; throws a ProtocolError (1007) for the first wrong field. */
export function parseField<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  root: string,
): z.infer<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw fieldError(1007, fieldPath(root, issue?.path ?? []), `${issue?.message ?? 'is invalid'}.`)
}

/** `setup`, `["tools", 0, "name"]` → `setup.tools[0].name`. */
export function fieldPath(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}.${String(step)}`),
    root,
  )
}
