#!/usr/bin/env node
/** The `vivavoce` command: puts its subcommands together and turns errors into one readable line. */
import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { closest } from 'fastest-levenshtein'
import { registerAskCommand } from './ask.js'
import { registerBenchCommand } from './bench.js'
import { watchForBrokenPipes } from './broken-pipe.js'
import { registerConfigCommand } from './config.js'
import { registerConformanceCommand } from './conformance.js'
import { registerDoctorCommand } from './doctor.js'
import { registerEnvCommand } from './env.js'
import { registerModelsCommand } from './models.js'
import { registerReplayCommand } from './replay.js'
import { registerServeCommand } from './serve.js'
import { registerTokenCommand } from './token.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const program = new Command('vivavoce')
  .description(
    'Self-hosted Live API server: two-way voice conversations over the wire protocol of the Gemini Live API.',
  )
  .version(version)
  .showHelpAfterError('(see --help)')
  .addHelpText(
    'after',
    `
Settings come from flags, then VIVAVOCE_* variables, then vivavoce.yaml, then defaults: vivavoce config.

Examples:
  vivavoce serve --engines scripted      no weights: answers at once, for trying out and for tests
  vivavoce ask "Why is the sky blue?" -o answer.wav
  vivavoce serve --help                  every setting`,
  )

watchForBrokenPipes()
registerServeCommand(program)
registerModelsCommand(program)
registerAskCommand(program)
registerEnvCommand(program)
registerTokenCommand(program)
registerConformanceCommand(program)
registerConfigCommand(program)
registerDoctorCommand(program)
registerBenchCommand(program)
registerReplayCommand(program)

// Without this a misspelled command would be a surplus argument of `serve`, which runs where none is named.
const [word] = process.argv.slice(2)
const commands = [...program.commands.map((command) => command.name()), 'help']
if (word !== undefined && !word.startsWith('-') && !commands.includes(word)) {
  program.error(`error: unknown command '${word}'\n(Did you mean ${closest(word, commands)}?)`)
}

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`vivavoce: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
