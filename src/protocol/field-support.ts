/**
 * Judges the fields of a message against a table of decisions: used, ignored with a notice, or refused. A
 * field that is in no table is ignored with a notice too. Knows the tables' form, not their content.
 */

import { fieldError, type ProtocolError, truncateUtf8 } from './close.js'

/** One row per field. `path` is camelCase with dots, list positions left out. */
export type FieldSupport =
  /** It has its effect. Its own members are judged too where rows exist below it. */
  | { readonly path: string; readonly decision: 'used' }
  /** Its absence changes no answer: accepted, and logged with `why`. */
  | { readonly path: string; readonly decision: 'ignored'; readonly why: string }
  /** Its absence would be missed: refused with `cure`, if `asked` (default: it has any content) says it is wanted. */
  | {
      readonly path: string
      readonly decision: 'refused'
      readonly cure: string
      readonly asked?: (value: unknown) => boolean
    }

/** More would only help someone who wants to fill a log. */
const MAX_NOTICES = 20

/** A table, indexed by path. */
export interface SupportTable {
  readonly rows: readonly FieldSupport[]
  readonly byPath: ReadonlyMap<string, FieldSupport>
  /** Paths that have rows below them. */
  readonly parents: ReadonlySet<string>
}

export function supportTable(rows: readonly FieldSupport[]): SupportTable {
  return {
    rows,
    byPath: new Map(rows.map((row) => [row.path, row])),
    parents: new Set(rows.map((row) => row.path.slice(0, row.path.lastIndexOf('.')))),
  }
}

/**
 * Returns the notices about `value`, found at `path`. Throws a ProtocolError (1008) for the first refused field.
 */
export function judgeFields(table: SupportTable, path: string, value: object): string[] {
  const notices: string[] = []
  const notice = (text: () => string): void => {
    if (notices.length < MAX_NOTICES) notices.push(text())
  }
  for (const [key, member] of Object.entries(value)) {
    const memberPath = `${path}.${key}`
    const row = table.byPath.get(memberPath)
    if (!row) {
      notice(() => unknownField(table.rows, memberPath, key))
    } else if (row.decision === 'ignored') {
      if (hasContent(member)) notice(() => `${memberPath} is accepted without effect: ${row.why}`)
    } else if (row.decision === 'refused') {
      if ((row.asked ?? hasContent)(member)) throw refusal(row.path, row.cure)
    } else if (table.parents.has(memberPath)) {
      for (const item of Array.isArray(member) ? member : [member]) {
        if (isObject(item)) notices.push(...judgeFields(table, memberPath, item))
      }
    }
  }
  return notices.slice(0, MAX_NOTICES)
}

function refusal(path: string, cure: string): ProtocolError {
  return fieldError(1008, path, `is not supported yet: ${cure}.`)
}

function unknownField(rows: readonly FieldSupport[], path: string, key: string): string {
  const elsewhere = rows.find((row) => row.decision === 'used' && row.path.endsWith(`.${key}`))
  const hint = elsewhere ? `; did you mean ${elsewhere.path}?` : ''
  return `Unknown field ${truncateUtf8(path, 120)} is ignored${hint}`
}

/** False for what a client sends to say "nothing": false, an empty string, list or object. */
function hasContent(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (isObject(value)) return Object.keys(value).length > 0
  return value !== false && value !== '' && value !== undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
