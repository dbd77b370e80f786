/** The door of `config/`: load, check and print the configuration, and its flags. */

export { answersEverything, checkBind, isLoopbackHost } from './combinations.js'
export { ConfigError } from './error.js'
export { addServeOptions, flagsFrom } from './flags.js'
export { type Environment, type FlagValues, type LoadedConfig, type LoadOptions, loadConfig } from './load.js'
export { configAsJson, configAsYaml, sampleFile } from './print.js'
export type { Config, Origins } from './schema.js'
