/**
 * Puts the layers together: flags over environment over file over defaults, each value checked where it comes from.
 * Reads the configuration file and nothing else; environment and working directory are handed in.
 */

import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { checkCombinations } from './combinations.js'
import { ConfigError, shown } from './error.js'
import { FIELDS, type Field, nearest } from './fields.js'
import { findConfigFile, type Layer, type LayerValue, readConfigFile } from './file.js'
import { type Config, configSchema, type Origins } from './schema.js'

export type Environment = Readonly<Record<string, string | undefined>>

/** What the command line said: dotted key → value, and the file it named. */
export interface FlagValues {
  readonly values: Readonly<Record<string, unknown>>
  readonly configFile?: string | undefined
}

export interface LoadOptions {
  readonly flags?: FlagValues
  readonly env: Environment
  /** Working directory: `vivavoce.yaml` is looked for here first. */
  readonly cwd: string
  /** The user's home directory, for `~` and the default of `home`. Default: as the system says. */
  readonly home?: string
}

export interface LoadedConfig {
  readonly config: Config
  readonly origins: Origins
  /** The file that was read, if there was one. */
  readonly file: string | undefined
}

const PREFIX = 'VIVAVOCE_'
const CONFIG_FILE_NAME = 'VIVAVOCE_CONFIG'
/** Names with our prefix that are no settings: the file to read, and what only the test suites read. */
const isOther = (name: string) => name === CONFIG_FILE_NAME || /^VIVAVOCE_(TEST_|REQUIRE_ALL$)/.test(name)

/** Throws a ConfigError that lists every problem found in all layers. */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const { env, cwd, home: userHome = homedir() } = options
  const flags = options.flags ?? { values: {} }
  const flagLayer: Layer = new Map(
    Object.entries(flags.values).map(([key, value]) => [
      key,
      { value, origin: `--${fieldOf(key).flag}`, base: cwd },
    ]),
  )
  const problems: string[] = []
  const environmentLayer = readEnvironment(env, cwd, problems)

  // `home` may hold the file, so flag and environment decide it before the file can.
  const early = flagLayer.get('home') ?? environmentLayer.get('home')
  const searchHome = absolute(String(early?.value ?? fieldOf('home').defaultValue), cwd, userHome)
  const file = findConfigFile(flags.configFile ?? (env[CONFIG_FILE_NAME] || undefined), cwd, searchHome)
  const fileLayer: Layer = file === undefined ? new Map() : collect(() => readConfigFile(file), problems)

  const origins: Record<string, string> = {}
  const flat = new Map<string, unknown>()
  for (const field of FIELDS) {
    // Every layer is checked, so that a mistake in the file shows even while a flag covers it.
    const layered = [flagLayer, environmentLayer, fileLayer].map((layer) => layer.get(field.key))
    const checked = layered.map((given) => given && checkValue(field, given, userHome, problems))
    const winner = layered.findIndex((given) => given !== undefined)
    flat.set(field.key, winner < 0 ? defaultOf(field, userHome) : checked[winner])
    origins[field.key] = layered[winner]?.origin ?? 'default'
  }
  if (problems.length > 0) throw new ConfigError(problems)

  const config = configSchema.parse(nest(flat))
  const combinations = checkCombinations(config, origins)
  if (combinations.problems.length > 0) throw new ConfigError(combinations.problems)
  return { config: combinations.config, origins: combinations.origins, file }
}

function fieldOf(key: string): Field {
  const field = FIELDS.find((candidate) => candidate.key === key)
  if (!field) throw new Error(`no setting is called ${key}`)
  return field
}

function collect(read: () => Layer, problems: string[]): Layer {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    problems.push(...error.problems)
    return new Map()
  }
}

function readEnvironment(env: Environment, cwd: string, problems: string[]): Layer {
  const layer = new Map<string, LayerValue>()
  const names = FIELDS.map((field) => field.environmentName)
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || isOther(name)) continue
    const field = FIELDS.find(({ environmentName }) => environmentName === name)
    if (!field) {
      const bare = (variable: string) => variable.slice(PREFIX.length)
      const hint = nearest(bare(name), [...names, CONFIG_FILE_NAME].map(bare))
      const cure = hint === undefined ? 'Unset it, or see vivavoce config.' : `Did you mean ${PREFIX}${hint}?`
      problems.push(`The environment variable ${name} is no setting. ${cure}`)
    } else if (value) {
      // An empty variable counts as unset: shells and compose files can't express "unset" otherwise.
      layer.set(field.key, { value, origin: name, base: cwd })
    }
  }
  return layer
}

/** The value with its final type; on a mistake a problem is noted and the result is not used. */
function checkValue(field: Field, given: LayerValue, userHome: string, problems: string[]): unknown {
  const value = typeof given.value === 'string' ? fromText(field, given.value) : given.value
  const result = field.schema.safeParse(value)
  if (!result.success || value === null) {
    const got = shown(given.value, field.secret)
    problems.push(`${field.key} (from ${given.origin}): got ${got}, expected ${field.allowed}.`)
    return undefined
  }
  return field.path ? absolute(String(result.data), given.base, userHome) : result.data
}

/** Flags and variables are text; a text that can't be read as the field's kind is left for the schema to refuse. */
function fromText(field: Field, text: string): unknown {
  const trimmed = text.trim()
  if (field.kind === 'integer' && /^[-+]?\d+$/.test(trimmed)) return Number(trimmed)
  if (field.kind === 'boolean' && /^(true|1|yes|on)$/i.test(trimmed)) return true
  if (field.kind === 'boolean' && /^(false|0|no|off)$/i.test(trimmed)) return false
  if (field.kind === 'list') return trimmed.split(',').map((item) => item.trim())
  return field.kind === 'text' ? trimmed : text
}

function defaultOf(field: Field, userHome: string): unknown {
  return field.path && field.defaultValue !== undefined
    ? absolute(String(field.defaultValue), userHome, userHome)
    : field.defaultValue
}

function absolute(path: string, base: string, userHome: string): string {
  if (path === '~' || path.startsWith('~/') || path.startsWith('~\\')) return join(userHome, path.slice(1))
  return isAbsolute(path) ? path : resolve(base, path)
}

function nest(flat: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const nested: Record<string, unknown> = {}
  for (const [key, value] of flat) {
    const [section, child] = key.split('.') as [string, string?]
    if (child === undefined) nested[section] = value
    else nested[section] = { ...(nested[section] as object | undefined), [child]: value }
  }
  return nested
}
