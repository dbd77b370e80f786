/**
 * Reads `vivavoce.yaml` into flat values with their `file:line`. It knows which keys exist, not what they may hold.
 */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import { ConfigError } from './error.js'
import { FIELDS, nearest, SECTIONS } from './fields.js'

export const FILE_NAME = 'vivavoce.yaml'

/** A value as one layer gives it, before it is checked. */
export interface LayerValue {
  readonly value: unknown
  /** `--port`, `VIVAVOCE_PORT` or `/path/vivavoce.yaml:3`. */
  readonly origin: string
  /** Folder that a relative path in this layer starts from. */
  readonly base: string
}

export type Layer = ReadonlyMap<string, LayerValue>

/** The first file of: the one named, `vivavoce.yaml` in `cwd`, the same in `home`. A named file must exist. */
export function findConfigFile(named: string | undefined, cwd: string, home: string): string | undefined {
  if (named !== undefined) {
    const path = resolve(cwd, named)
    if (!existsSync(path)) throw new ConfigError([`The configuration file ${path} does not exist.`])
    return path
  }
  return [join(cwd, FILE_NAME), join(home, FILE_NAME)].find((path) => existsSync(path))
}

/** Throws a ConfigError that lists every syntax error and every unknown key with its line. */
export function readConfigFile(path: string): Layer {
  const lines = new LineCounter()
  const document = parseDocument(readText(path), { lineCounter: lines })
  const at = (offset: number | undefined) => `${path}:${lines.linePos(offset ?? 0).line}`
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => `${at(error.pos[0])}: ${error.message.split('\n')[0]}`),
    )
  }
  const layer = new Map<string, LayerValue>()
  const root = document.contents
  if (root === null || (isScalar(root) && root.value === null)) return layer
  if (!isMap(root)) throw new ConfigError([`${at(0)}: expected lines of the form "key: value".`])

  const problems: string[] = []
  const base = dirname(path)

  const readMap = (map: YAMLMap, section: string | undefined) => {
    const prefix = section === undefined ? '' : `${section}.`
    for (const pair of map.items) {
      const keyNode = pair.key as Node
      const key = `${prefix}${isScalar(keyNode) ? String(keyNode.value) : String(keyNode)}`
      const origin = at(keyNode.range?.[0])
      const valueNode = pair.value as Node | null
      if (FIELDS.some((field) => field.key === key)) {
        layer.set(key, { value: valueNode?.toJS(document) ?? null, origin, base })
      } else if (section === undefined && SECTIONS.some(({ name }) => name === key)) {
        // A section whose lines are all commented out is null.
        if (isMap(valueNode)) readMap(valueNode, key)
        else if (!isEmpty(valueNode)) problems.push(sectionProblem(key, origin))
      } else {
        problems.push(`${origin}: there is no setting "${key}". ${suggestion(key, section)}`)
      }
    }
  }
  readMap(root, undefined)
  if (problems.length > 0) throw new ConfigError(problems)
  return layer
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError([`The configuration file ${path} can't be read: ${(error as Error).message}`])
  }
}

const isEmpty = (node: Node | null) => node === null || (isScalar(node) && node.value === null)

function sectionProblem(name: string, origin: string): string {
  const children = FIELDS.filter(({ key }) => key.startsWith(`${name}.`)).map(({ key }) =>
    key.slice(name.length + 1),
  )
  return `${origin}: "${name}" is a section: put ${children.join(', ')} on indented lines below it.`
}

/** Inside a section its own keys are meant; outside, `llmUrl` should find `llm.url`. */
function suggestion(key: string, section: string | undefined): string {
  const keys = FIELDS.map((field) => field.key)
  if (section === undefined) {
    const hint = nearest(key, [...keys, ...SECTIONS.map(({ name }) => name)])
    return hint === undefined ? 'See vivavoce config.' : `Did you mean "${hint}"?`
  }
  const prefix = `${section}.`
  const children = keys.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
  const hint = nearest(key.slice(prefix.length), children)
  return hint === undefined ? `There are ${children.join(', ')}.` : `Did you mean "${prefix}${hint}"?`
}
