/**
 * `vivavoce models list|pull|verify`: what the catalog can do, for people. Also `fetchEverything`, which every command
 * that needs weights calls first. Reads the environment; all work is the catalog's.
 */
import type { Command } from 'commander'
import {
  CatalogError,
  defaultModelIds,
  defaultSourceOrder,
  ensureModels,
  ensureRuntime,
  findModel,
  isInstalled,
  type ListedModel,
  listModels,
  modelPaths,
  models,
  runtimeFor,
  runtimeNames,
  runtimePaths,
  type SourceType,
  verifyModels,
} from '../catalog/index.js'
import { addServeOptions, type Config, flagsFrom, loadConfig } from '../config/index.js'
import { INPUT_TOKEN_LIMIT } from '../protocol/index.js'
import { SEQUENCES, WINDOW_TOKENS } from './embedded-engines.js'
import { openHome } from './home.js'
import { createProgressDisplay, formatBytes } from './progress.js'

export interface FetchEverythingOptions {
  readonly home: string
  readonly models?: readonly string[]
  readonly offline?: boolean
  readonly thorough?: boolean
  readonly sources?: readonly SourceType[]
  readonly hubEndpoint?: string
  readonly signal: AbortSignal
}

/** Models and the runtimes they need, with progress on standard error. Throws as `ensureModels` and `ensureRuntime`. */
export async function fetchEverything(options: FetchEverythingOptions): Promise<void> {
  const ids = options.models ?? defaultModelIds
  const needed = new Set(ids.map((id) => runtimeFor(findModel(id).kind)))
  const display = createProgressDisplay({ output: process.stderr })
  const stop = new AbortController()
  const { home, offline = false } = options
  openHome(home)
  const shared = { onProgress: display.onProgress, signal: AbortSignal.any([options.signal, stop.signal]) }
  const work = [
    ensureModels({ ...options, ...shared }),
    ...[...needed].map((name) => ensureRuntime(name, { home, offline, ...shared })),
  ]
  try {
    // All of them are awaited, so that nothing is still writing when an error is reported.
    const results = await Promise.allSettled(
      work.map((one) =>
        one.catch((error: unknown) => {
          if (!(error instanceof CatalogError) || error.code.startsWith('disk')) stop.abort(error)
          throw error
        }),
      ),
    )
    options.signal.throwIfAborted()
    const failed = results
      .filter((result) => result.status === 'rejected')
      .map((result) => result.reason as unknown)
    if (failed.length > 0) throw failed[0]
  } finally {
    display.finish()
  }
}

export function registerModelsCommand(program: Command): void {
  const command = program.command('models').description('Weights and native runtimes: list, fetch, check.')

  const subcommand = (name: string) => addServeOptions(command.command(name), ['home', 'hubUrl', 'offline'])

  subcommand('list')
    .description('Print every model of the catalog with state, size, licence and measured cost.')
    .option('--json', 'print as JSON')
    .action(async ({ json }: { json?: boolean }, own: Command) => {
      const { home } = settings(own)
      const listed = await listModels(home)
      if (json)
        process.stdout.write(
          `${JSON.stringify(
            listed.map((entry) => jsonOf(home, entry)),
            null,
            2,
          )}\n`,
        )
      else process.stdout.write(await listText(home, listed))
    })

  subcommand('pull')
    .description('Fetch models, repairing what is damaged.')
    .argument('[ids...]', `any of ${models.map(({ id }) => id).join(', ')} (default: those that serve needs)`)
    .option('--sources <types>', `where from, in order: ${defaultSourceOrder.join(',')}`)
    .action((ids: string[], { sources }: { sources?: string }, own: Command) =>
      run(async (signal) => {
        const { home, hubUrl, offline } = settings(own)
        await fetchEverything({
          home,
          offline,
          hubEndpoint: hubUrl,
          thorough: true,
          signal,
          ...(ids.length > 0 ? { models: ids } : {}),
          ...(sources ? { sources: parseSources(sources) } : {}),
        })
        const pulled = ids.length > 0 ? ids : defaultModelIds
        for (const { terms, id } of pulled.map(findModel))
          if (terms) process.stdout.write(`${id}: ${terms}\n`)
        process.stdout.write(`Ready in ${home}: ${pulled.join(', ')}\n`)
        return 0
      }),
    )

  subcommand('verify')
    .description('Compute the checksums of models anew; exit code 1 if any is damaged or missing.')
    .argument('[ids...]', 'as for pull (default: all that are installed)')
    .action((ids: string[], _options: unknown, own: Command) =>
      run(async (signal) => {
        const { home } = settings(own)
        const everything = await listModels(home)
        const present = everything.filter(({ state }) => state !== 'missing').map(({ model }) => model.id)
        const results = await verifyModels(home, ids.length > 0 ? ids : present, { signal })
        for (const { id, state, problems } of results) {
          process.stdout.write(`${id}: ${state}\n`)
          for (const problem of problems.slice(0, 10)) process.stdout.write(`  ${problem}\n`)
          if (problems.length > 10) process.stdout.write(`  and ${problems.length - 10} more\n`)
        }
        const bad = results.filter(({ state }) => state !== 'intact').map(({ id }) => id)
        if (results.length === 0) process.stdout.write(`No models in ${home}. Run: vivavoce models pull\n`)
        if (bad.length > 0) process.stdout.write(`To repair, run: vivavoce models pull ${bad.join(' ')}\n`)
        return bad.length > 0 || results.length === 0 ? 1 : 0
      }),
    )
}

/** The subcommand's flags, the environment and the configuration file, as for `serve`. */
function settings(command: Command): Pick<Config, 'home' | 'hubUrl' | 'offline'> {
  return loadConfig({ flags: flagsFrom(command), env: process.env, cwd: process.cwd() }).config
}

function parseSources(text: string): SourceType[] {
  return text.split(',').map((name) => {
    const known = defaultSourceOrder.find((type) => type === name.trim())
    if (known) return known
    throw new CatalogError(
      'no-source',
      `--sources: there is no "${name.trim()}"; use any of ${defaultSourceOrder.join(', ')}, separated by commas.`,
    )
  })
}

/** ^C stops cleanly and keeps what can be resumed; a second ^C ends the process at once. */
async function run(work: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const interrupt = new AbortController()
  const onInterrupt = () => interrupt.abort()
  process.once('SIGINT', onInterrupt)
  process.once('SIGTERM', onInterrupt)
  try {
    process.exitCode = await work(interrupt.signal)
  } catch (error) {
    if (interrupt.signal.aborted) {
      process.stderr.write('Stopped. What has been fetched is kept: the same command goes on from there.\n')
      process.exitCode = 130
    } else if (error instanceof CatalogError) {
      process.stderr.write(`${error.message}\n`)
      process.exitCode = 1
    } else throw error
  } finally {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onInterrupt)
  }
}

const roles = {
  vad: 'voice activity',
  turn: 'turn end',
  tone: 'tone of voice',
  speaker: 'who speaks',
  asr: 'recognition',
  llm: 'language model',
  tts: 'synthesis',
  vision: 'pictures',
} as const

const count = (tokens: number) => tokens.toLocaleString('en')
/** Measured: 500 idle sessions with resumption, sockets included; a cache is 21 KiB for each token of the 1.5B model on x64, 28 KiB elsewhere. */
const BUDGETS = [
  'A conversation',
  `  announced     ${count(INPUT_TOKEN_LIMIT)} tokens of the service, a second of audio being 25; then the oldest turns go`,
  `  looked back   ${count(WINDOW_TOKENS)} tokens of the embedded language model, ending with the last turn`,
  `  memory        64 KB while idle; while it talks one of ${SEQUENCES} caches of the language model, 86 MB each (37 MB with 0.5B; a third more where the processor is no x64)`,
]

async function listText(home: string, listed: readonly ListedModel[]): Promise<string> {
  const rows = listed.map(({ model, state, downloadBytes, diskBytes }) => [
    model.id,
    roles[model.kind],
    state,
    formatBytes(downloadBytes),
    formatBytes(diskBytes),
    model.terms ? 'see terms' : model.licence,
    model.isDefault ? 'yes' : 'no',
    model.measuredCost,
  ])
  const runtimes = await Promise.all(
    runtimeNames.map(async (name) => {
      const paths = runtimePaths(home, name)
      return `  ${name} ${paths.version}: ${(await isInstalled(paths)) ? 'ready' : 'missing'}`
    }),
  )
  const terms = listed.flatMap(({ model }) => (model.terms ? [`Terms of ${model.id}: ${model.terms}`] : []))
  const header = ['ID', 'ROLE', 'STATE', 'DOWNLOAD', 'ON DISK', 'LICENCE', 'DEFAULT', 'MEASURED COST']
  return `${[table([header, ...rows]), '', 'Runtimes', ...runtimes, '', ...terms, ...BUDGETS, '', `Home: ${home}`].join('\n')}\n`
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function jsonOf(home: string, { model, state, downloadBytes, diskBytes }: ListedModel) {
  const { id, kind, title, isDefault, licence, licenceChain, terms = null, measuredCost } = model
  const { directory } = modelPaths(home, id)
  return {
    id,
    role: kind,
    title,
    state,
    isDefault,
    downloadBytes,
    diskBytes,
    directory,
    licence,
    licenceChain,
    terms,
    measuredCost,
  }
}
