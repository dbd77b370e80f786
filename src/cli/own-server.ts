/** The flags by which a command that talks to the server of this machine finds it, or starts one. */
import { homedir } from 'node:os'
import type { Command } from 'commander'
import { addServeOptions, type Config, loadConfig } from '../config/index.js'

export interface OwnServerFlags {
  readonly home?: string
  readonly config?: string
}

export function addOwnServerFlags(command: Command): Command {
  return addServeOptions(command, ['home'])
}

export function ownConfig({ home, config: configFile }: OwnServerFlags): Config {
  const flags = { values: home === undefined ? {} : { home }, configFile }
  return loadConfig({ flags, env: process.env, cwd: process.cwd(), home: homedir() }).config
}
