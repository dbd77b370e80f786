/**
 * The configuration for people to read: as YAML with origins, as JSON, and the sample file. Secrets never come out.
 */

import { stringify } from 'yaml'
import { FIELDS, type Field, SECTIONS } from './fields.js'
import type { LoadedConfig } from './load.js'
import type { Config } from './schema.js'

const REDACTED = '[redacted]'

function lookUp(config: Config, key: string): unknown {
  const [section, child] = key.split('.') as [keyof Config, string?]
  const value: unknown = config[section]
  return child === undefined ? value : (value as Record<string, unknown>)[child]
}

/** The value with secrets hidden: a list keeps its length, a URL loses user and password. */
function redacted(field: Field, value: unknown): unknown {
  if (field.secret && value !== undefined) return Array.isArray(value) ? value.map(() => REDACTED) : REDACTED
  if (typeof value === 'string' && /^https?:\/\/[^/]*@/.test(value)) {
    return value.replace(/\/\/[^/]*@/, `//${REDACTED}@`)
  }
  return value
}

const scalar = (value: unknown) =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trimEnd()

/** Lines of all fields, sections with a heading: `write` gives the lines of one field, not indented. */
function layOut(
  write: (field: Field, name: string) => string[],
  heading: (name: string) => string[],
): string {
  const lines: string[] = []
  let open: string | undefined
  for (const field of FIELDS) {
    const [first, child] = field.key.split('.') as [string, string?]
    if (child !== undefined && first !== open) lines.push(...heading(first))
    open = child === undefined ? undefined : first
    const indent = child === undefined ? '' : '  '
    lines.push(...write(field, child ?? first).map((line) => (line === '' ? '' : indent + line)))
  }
  return `${lines.join('\n')}\n`
}

export function configAsYaml(loaded: LoadedConfig): string {
  const head =
    '# The configuration in effect. Flags win over VIVAVOCE_* variables, over the file, over defaults.\n' +
    `# File: ${loaded.file ?? 'none found'}\n`
  const body = layOut(
    (field, name) => {
      const value = redacted(field, lookUp(loaded.config, field.key))
      const origin = loaded.origins[field.key] ?? 'default'
      if (value === undefined) return [`# ${name}: not set`]
      return [`${`${name}: ${scalar(value)}`.padEnd(40)} # ${origin}`]
    },
    (name) => [`${name}:`],
  )
  return head + body
}

/** `{ config, origins, file }`, secrets redacted. */
export function configAsJson(loaded: LoadedConfig): string {
  const config: Record<string, unknown> = {}
  for (const field of FIELDS) {
    const [first, child] = field.key.split('.') as [string, string?]
    const value = redacted(field, lookUp(loaded.config, field.key))
    if (child === undefined) config[first] = value
    else config[first] = { ...(config[first] as object | undefined), [child]: value }
  }
  return `${JSON.stringify({ config, origins: loaded.origins, file: loaded.file ?? null }, null, 2)}\n`
}

/** A complete `vivavoce.yaml` in which every line is a comment: take the `#` off what should differ
 * (prose has a space after its `#`, settings have none). */
export function sampleFile(): string {
  const head =
    '# vivavoce.yaml: in the working directory, in the home folder of Viva Voce, or named by --config.\n' +
    '# Every key also has a flag and a variable, given in brackets. The values are the defaults:\n# take the # off a line to change it.\n'
  return (
    head +
    layOut(
      (field, name) => [
        '',
        `# ${field.description} [--${field.kind === 'boolean' && field.defaultValue === true ? 'no-' : ''}${field.flag}, ${field.environmentName}]`,
        ...(field.choices.length > 0 ? [`# One of: ${field.choices.join(', ')}.`] : []),
        `#${name}:${field.defaultValue === undefined ? '' : ` ${scalar(field.defaultValue)}`}`,
      ],
      (name) => ['', `# ${SECTIONS.find((section) => section.name === name)?.description ?? ''}`, `${name}:`],
    )
  )
}
