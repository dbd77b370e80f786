/**
 * The settings as command-line flags: puts them on a commander command and takes back those that were given. A flag
 * left out is left to the other layers.
 */

import { type Command, Option } from 'commander'
import { FIELDS, type Field, SECTIONS } from './fields.js'
import type { FlagValues } from './load.js'

/** More of them are listed in the description instead of the flag's placeholder. */
const CHOICES_IN_PLACE = 4
const SHORT_LISTS = 'May be given more than once.'

/** Adds every setting, or only the `keys` named, and `--config`. */
export function addServeOptions(command: Command, keys?: readonly string[]): Command {
  for (const field of FIELDS) {
    if (keys === undefined || keys.includes(field.key)) addField(command, field)
  }
  return command.addOption(
    new Option(
      '--config <file>',
      'Configuration file. Else ./vivavoce.yaml, else the one in home.',
    ).helpGroup('Server:'),
  )
}

function addField(command: Command, field: Field): void {
  const many = field.choices.length > CHOICES_IN_PLACE ? ` One of ${field.choices.join(', ')}.` : ''
  const list = field.kind === 'list' ? ` ${SHORT_LISTS}` : ''
  const description = `${field.description}${many}${list}${defaultNote(field)}`
  const group = `${SECTIONS.find(({ name }) => field.key.startsWith(`${name}.`))?.description ?? 'Server'}`
  const option = (flags: string) => new Option(flags, description).helpGroup(`${group.replace(/\.$/, '')}:`)
  if (field.kind === 'boolean') {
    // The opposite form takes back what a file or a variable says; only the one that changes something is listed.
    command.addOption(option(`--${field.flag}`).hideHelp(field.defaultValue === true))
    command.addOption(option(`--no-${field.flag}`).hideHelp(field.defaultValue !== true))
    return
  }
  const value = field.path ? 'path' : field.kind === 'integer' ? 'number' : placeholder(field)
  const valued = option(`--${field.flag} <${value}>`)
  if (field.kind === 'list') {
    valued.argParser((text: string, earlier: string[] | undefined) => [...(earlier ?? []), text])
  }
  command.addOption(valued)
}

function placeholder(field: Field): string {
  if (field.choices.length > 0 && field.choices.length <= CHOICES_IN_PLACE) return field.choices.join('|')
  return field.key.toLowerCase().endsWith('url') ? 'url' : field.secret ? 'key' : 'value'
}

function defaultNote(field: Field): string {
  const value = field.defaultValue
  if (value === undefined || field.kind === 'boolean' || field.kind === 'list') return ''
  return ` (default: ${String(value)})`
}

/** The flags that were given on this command line, for `loadConfig`. */
export function flagsFrom(command: Command): FlagValues {
  const values: Record<string, unknown> = {}
  for (const field of FIELDS) {
    const attribute = camel(field.flag)
    if (command.getOptionValueSource(attribute) === 'cli')
      values[field.key] = command.getOptionValue(attribute)
  }
  return { values, configFile: command.getOptionValue('config') as string | undefined }
}

/** Commander's own spelling of a flag's attribute. */
const camel = (flag: string) => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
