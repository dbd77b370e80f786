/**
 * Reads a script for the scripted engines from YAML text. Every mistake is reported with its line, its place and,
 * for a misspelt key, the nearest known one. Knows nothing of the file system.
 */
import { closest } from 'fastest-levenshtein'
import { isMap, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import type { z } from 'zod'
import {
  delaysSchema,
  failSchema,
  matchSchema,
  ruleSchema,
  type Script,
  scriptSchema,
  toolCallSchema,
} from './script.js'

/** The keys allowed in the object that stands under each key; '' is the file itself. */
const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(scriptSchema.shape),
  rules: Object.keys(ruleSchema.shape),
  match: Object.keys(matchSchema.shape),
  delaysMs: Object.keys(delaysSchema.shape),
  fail: Object.keys(failSchema.shape),
  toolCalls: Object.keys(toolCallSchema.shape),
  audioMs: ['min', 'max'],
}
const REPORTED_MISTAKES = 10

/** `source` names the text in messages (`script.yaml:7: …`). Throws `Error` with one line for each mistake. */
export function loadScript(yamlText: string, source: string): Script {
  const lines = new LineCounter()
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false })
  const syntax = document.errors[0]
  if (syntax !== undefined) {
    throw new Error(`${source}:${lines.linePos(syntax.pos[0]).line}: not valid YAML: ${syntax.message}`)
  }
  const result = scriptSchema.safeParse(document.toJS() ?? {})
  if (result.success) return result.data

  const mistakes = result.error.issues.flatMap((issue) => describeIssue(issue))
  const messages = mistakes.slice(0, REPORTED_MISTAKES).map(({ path, problem }) => {
    const offset = offsetOf(document.contents, path)
    const place = path.length === 0 ? '' : `${pathText(path)}: `
    return `${source}:${lines.linePos(offset).line}: ${place}${problem}`
  })
  if (mistakes.length > REPORTED_MISTAKES) messages.push(`and ${mistakes.length - REPORTED_MISTAKES} more`)
  throw new Error(messages.join('\n'))
}

interface Mistake {
  readonly path: readonly PropertyKey[]
  readonly problem: string
}

function describeIssue(issue: z.core.$ZodIssue): Mistake[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, problem: issue.message }]
  const container = issue.path.findLast((part) => typeof part === 'string') ?? ''
  const known = KNOWN_KEYS[container]
  return issue.keys.map((key) => ({
    path: [...issue.path, key],
    problem: known ? `unknown key; the nearest one is \`${closest(key, [...known])}\`` : 'unknown key',
  }))
}

/** Where the value at the path begins, or its key if it has one, or the nearest enclosing value that exists. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root
  let offset = root?.range?.[0] ?? 0
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === part)
      if (pair === undefined) break
      offset = (pair.key as Node).range?.[0] ?? offset
      node = pair.value
    } else {
      node = (node as { get?: (key: unknown, keepScalar: true) => unknown } | null)?.get?.(part, true)
      if (node === undefined || node === null) break
      offset = (node as Node).range?.[0] ?? offset
    }
  }
  return offset
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`,
    )
    .join('')
}
