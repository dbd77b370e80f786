/** `vivavoce config`: prints the configuration in effect with the origin of every value, or a sample file. */

import type { Command } from 'commander'
import {
  addServeOptions,
  configAsJson,
  configAsYaml,
  flagsFrom,
  loadConfig,
  sampleFile,
} from '../config/index.js'

export function registerConfigCommand(program: Command): void {
  const command = program
    .command('config')
    .description('Print the configuration in effect and where each value comes from; secrets are hidden.')
    .option('--json', 'print { config, origins, file } as JSON')
    .option('--sample', 'print a vivavoce.yaml with every setting, its meaning and its default')
  addServeOptions(command).action(() => {
    const { json, sample } = command.opts<{ json?: boolean; sample?: boolean }>()
    if (sample) {
      process.stdout.write(sampleFile())
      return
    }
    const loaded = loadConfig({ flags: flagsFrom(command), env: process.env, cwd: process.cwd() })
    process.stdout.write(json ? configAsJson(loaded) : configAsYaml(loaded))
  })
}
