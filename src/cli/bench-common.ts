/** What every benchmark's command needs: its server, its connection, its result file and an end that keeps what was measured. */
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, InvalidArgumentError } from 'commander'
import { WebSocket } from 'ws'
import { type Question, readQuestion } from '../bench/index.js'
import type { ConnectOptions, LiveConfig } from '../client/index.js'
import { interruptible } from './interruptible.js'
import { readNamedFile } from './named-file.js'
import { addOwnServerFlags, type OwnServerFlags, ownConfig } from './own-server.js'
import { openServer } from './server-handle.js'
import { serverUrl } from './server-url.js'

/** Flags of every benchmark that talks to a server. */
export interface ServerFlags extends OwnServerFlags {
  readonly url?: string
  readonly apiKey?: string
  readonly model: string
  readonly voice?: string
  readonly system?: string
  readonly out?: string
}

/** Synthesised questions that come with the product. */
const QUESTIONS_FOLDER = fileURLToPath(new URL('../bench/questions/', import.meta.url))

export function addServerFlags(command: Command): Command {
  return addOwnServerFlags(command)
    .option(
      '--url <url>',
      'server to measure, any that speaks the Live API (default: the one that runs here, else one is started)',
      serverUrl,
    )
    .option('--api-key <key>', 'key for that server')
    .option('--model <id>', 'model id', 'gemini-live-2.5-flash')
    .option('--voice <name>', 'name of the voice')
    .option('--system <text>', 'system instruction of every session')
}

/** A run that is interrupted by ^C keeps what was measured and can be gone on with. Started with `nohup`, it survives its terminal. */
export function runBench(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const onInterrupt = () =>
    void process.stderr.write('\nStopping; what was measured is kept, the same command goes on from there.\n')
  return interruptible(
    { name: 'vivavoce bench', signals: ['SIGINT', 'SIGTERM', 'SIGPIPE'], onInterrupt },
    work,
  )
}

/** Finds or starts the server, and ends it where it was started. */
export async function withServer(
  flags: ServerFlags,
  signal: AbortSignal,
  work: (connect: ConnectOptions) => Promise<void>,
): Promise<void> {
  const config = ownConfig(flags)
  const apiKey = flags.apiKey ?? (flags.url === undefined ? config.apiKeys[0] : undefined)
  const onWait = (sentence: string) => void process.stderr.write(`${sentence}\n`)
  const server = await openServer({
    url: flags.url,
    home: config.home,
    configFile: flags.config,
    onWait,
    signal,
  })
  try {
    await work(connectOptions(flags, server.url, apiKey))
  } finally {
    await server.stop()
  }
}

function connectOptions(flags: ServerFlags, url: string, apiKey: string | undefined): ConnectOptions {
  const { model, voice, system } = flags
  const speechConfig = { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice ?? '' } } }
  const config: LiveConfig = {
    generationConfig: { responseModalities: ['AUDIO'], ...(voice === undefined ? {} : { speechConfig }) },
    ...(system === undefined ? {} : { systemInstruction: { parts: [{ text: system }] } }),
  }
  return { url, model, WebSocket, ...(apiKey === undefined ? {} : { apiKey }), config }
}

/** Without the flags that say where, not what; keys stay out of result files. */
export function configurationOf(flags: object): Record<string, unknown> {
  const { apiKey: _key, out: _out, home: _home, config: _config, ...rest } = flags as Record<string, unknown>
  return rest
}

/** The default has no time in it, so that the same command finds its unfinished result. */
export function resultPath(flags: { readonly out?: string }, benchmark: string): string {
  return flags.out ?? join('bench', 'results', `${benchmark}.json`)
}

export function readQuestions(files?: readonly string[]): Question[] {
  const paths =
    files ??
    readdirSync(QUESTIONS_FOLDER)
      .filter((name) => name.endsWith('.wav'))
      .sort()
      .map((name) => join(QUESTIONS_FOLDER, name))
  return paths.map((path) => readQuestion(basename(path), readNamedFile(path)))
}

/** A parser of lists of names, separated by commas. */
export function namesOf<Name extends string>(known: readonly Name[]): (text: string) => Name[] {
  return (text) =>
    text.split(',').map((given) => {
      const name = known.find((each) => each === given.trim())
      if (name === undefined)
        throw new InvalidArgumentError(`There is no "${given}"; use any of ${known.join(', ')}.`)
      return name
    })
}

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number ≥ 1.')
  return value
}

export function wholeNumbers(text: string): number[] {
  return text.split(',').map(wholeNumber)
}
