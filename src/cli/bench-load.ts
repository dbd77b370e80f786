/** `vivavoce bench load`: sessions per core of the gateway, memory of idle ones, and real conversations side by side. */
import { type Command, Option } from 'commander'
import {
  aligned,
  createRandom,
  holds,
  type IdleMemory,
  type LatencyUnit,
  type LoadStep,
  type LoadTarget,
  latencyTable,
  measureIdle,
  measureLatency,
  measureStep,
  openResult,
  serverFacts,
} from '../bench/index.js'
import type { ConnectOptions } from '../client/index.js'
import {
  addServerFlags,
  configurationOf,
  readQuestions,
  resultPath,
  runBench,
  type ServerFlags,
  wholeNumber,
  wholeNumbers,
  withServer,
} from './bench-common.js'
import { ownConfig } from './own-server.js'
import { type PinnedServer, startPinnedServer } from './pinned-server.js'

interface LoadFlags extends ServerFlags {
  readonly steps: readonly number[]
  readonly seconds: number
  readonly limitMs: number
  readonly vad: 'scripted' | 'silero'
  readonly outputChunkMs: number
  readonly idle: number
  readonly seed: number
  readonly conversations?: number
  readonly turns: number
}

type LoadUnit = { readonly idle: IdleMemory } | { readonly alone: LoadStep } | { readonly step: LoadStep }

const WARM_UP_SECONDS = 5
/** People listen, and think. */
const THINK_MS = 1_000
const CONVERSATION_THINK_MS = 10_000
/** So few that they do not disturb each other. */
const ALONE_SESSIONS = 4

export function registerLoadBench(bench: Command): void {
  addServerFlags(
    bench
      .command('load')
      .description(
        'Sessions per core on scripted engines, 20 ms frames both ways, and memory of idle ones; or, with --conversations, real conversations side by side.',
      ),
  )
    .option(
      '--steps <numbers>',
      'sessions of each step, separated by commas',
      wholeNumbers,
      [25, 50, 75, 100, 125, 150, 175, 200, 250, 300],
    )
    .option('--seconds <number>', 'measured time of each step', wholeNumber, 20)
    .option('--limit-ms <number>', 'P99 of added latency up to which a step holds', wholeNumber, 20)
    .addOption(
      new Option('--vad <name>', 'silero: the real one beside the scripted rest')
        .choices(['scripted', 'silero'])
        .default('scripted'),
    )
    .option('--output-chunk-ms <number>', 'audio in each message of the server', wholeNumber, 20)
    .option('--idle <number>', 'idle sessions whose memory is measured', wholeNumber, 400)
    .option('--seed <number>', 'seed of the phases', wholeNumber, 1)
    .option(
      '--conversations <number>',
      'instead: so many real conversations at once, after one alone',
      wholeNumber,
    )
    .option('--turns <number>', 'turns of each part with --conversations', wholeNumber, 24)
    .option('--out <file>', 'result file (default: bench/results/load.json)')
    .action((flags: LoadFlags) =>
      runBench((signal) =>
        flags.conversations === undefined
          ? loadGateway(flags, signal)
          : withServer(flags, signal, (connect) =>
              loadEngines(flags, flags.conversations ?? 4, connect, signal),
            ),
      ),
    )
}

async function loadGateway(flags: LoadFlags, signal: AbortSignal): Promise<void> {
  if (flags.url !== undefined) {
    throw new Error(
      'bench load starts servers of its own, to pin them to a core; --url needs --conversations',
    )
  }
  const config = ownConfig(flags)
  const server = await startPinnedServer({
    home: config.home,
    vad: flags.vad,
    outputChunkMs: flags.outputChunkMs,
    maxSessions: 10_000,
    signal,
  })
  try {
    await climb(flags, server, signal)
  } finally {
    await server.stop()
  }
}

async function climb(flags: LoadFlags, server: PinnedServer, signal: AbortSignal): Promise<void> {
  const path = resultPath(flags, 'load')
  const configuration = { ...configurationOf(flags), pinned: server.core !== undefined }
  const file = openResult<LoadUnit>(path, 'load', configuration)
  const target: LoadTarget = { url: server.url, model: flags.model, cpuMs: server.cpuMs }
  const [question] = readQuestions()
  const schedule = {
    question: question!,
    seed: flags.seed,
    seconds: flags.seconds,
    warmUpSeconds: WARM_UP_SECONDS,
    thinkMs: THINK_MS,
  }
  if (!file.units.some((unit) => 'idle' in unit)) {
    file.add({ idle: await measureIdle(target, flags.idle, server.footprint) })
  }
  let alone = file.units.flatMap((unit) => ('alone' in unit ? [unit.alone] : []))[0]
  if (!alone) {
    alone = await measureStep(target, ALONE_SESSIONS, { ...schedule, aloneMs: 0 }, signal)
    file.add({ alone })
  }
  const steps = file.units.flatMap((unit) => ('step' in unit ? [unit.step] : []))
  const aloneMs = alone.responseMs?.p50 ?? 0
  for (const sessions of flags.steps.slice(steps.length)) {
    if (steps.some((step) => !holds(step, flags.limitMs))) break
    const step = await measureStep(target, sessions, { ...schedule, aloneMs }, signal)
    steps.push(step)
    file.add({ step })
    process.stderr.write(`${sessions} sessions: ${holds(step, flags.limitMs) ? 'holds' : 'too many'}\n`)
  }
  const held = steps.filter((step) => holds(step, flags.limitMs)).at(-1)
  const idle = file.units.flatMap((unit) => ('idle' in unit ? [unit.idle] : []))[0]
  const result = {
    sessionsPerCore: held?.sessions ?? 0,
    cpuShare: held?.cpuShare,
    limitMs: flags.limitMs,
    idle,
  }
  process.stdout.write(`${loadTable(alone, steps)}\n${idleLine(idle)}\n`)
  process.stdout.write(
    `sessions per core at P99 ≤ ${flags.limitMs} ms: ${result.sessionsPerCore}${server.core === undefined ? ' (not pinned)' : ''}\n`,
  )
  file.finish(true, result)
  process.stdout.write(`Result: ${path}\n`)
}

/** Each of several sessions asks, listens and thinks; one alone in the same run says what that costs. */
async function loadEngines(
  flags: LoadFlags,
  conversations: number,
  connect: ConnectOptions,
  signal: AbortSignal,
): Promise<void> {
  const path = resultPath(flags, 'load-conversations')
  const file = openResult<{ readonly part: number; readonly unit: LatencyUnit }>(
    path,
    'load-conversations',
    configurationOf(flags),
  )
  const random = createRandom(flags.seed)
  const results: Record<string, object> = {}
  const medians: number[] = []
  let complete = true
  for (const sessions of [1, conversations]) {
    const result = await measureLatency({
      connect,
      facts: serverFacts(connect.url, connect.apiKey),
      questions: readQuestions(),
      turns: flags.turns,
      sessions,
      turnsPerSession: Math.ceil(flags.turns / sessions),
      pauseMs: sessions === 1 ? THINK_MS : CONVERSATION_THINK_MS,
      phasesMs: Array.from({ length: sessions }, () => random() * CONVERSATION_THINK_MS),
      earlier: file.units.filter(({ part }) => part === sessions).map(({ unit }) => unit),
      onTurn: ({ voiceToVoiceMs, problem }, done) =>
        process.stderr.write(
          `${sessions}: ${done}/${flags.turns}  ${problem ?? `${Math.round(voiceToVoiceMs ?? 0)} ms`}\n`,
        ),
      onConversation: (units) => units.forEach((unit) => void file.add({ part: sessions, unit })),
      signal,
    })
    process.stdout.write(`${sessions} at once\n${latencyTable(result)}\n\n`)
    results[`sessions${sessions}`] = result
    complete &&= result.complete
    medians.push(result.voiceToVoiceMs?.p50 ?? Number.NaN)
  }
  const ratio = medians[1]! / medians[0]!
  process.stdout.write(`P50 of ${conversations} at once is ${ratio.toFixed(2)} × that of one\n`)
  file.finish(complete, { ...results, ratio })
  process.stdout.write(`Result: ${path}\n`)
}

function loadTable(alone: LoadStep, steps: readonly LoadStep[]): string {
  const ms = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(1))
  const row = (step: LoadStep) => [
    String(step.sessions),
    ms(step.responseMs?.p50),
    ms(step.addedMs?.p50),
    ms(step.addedMs?.p99),
    ms(step.latenessMs?.p50),
    ms(step.latenessMs?.p99),
    String(step.underruns),
    String(step.turns),
    step.cpuShare === undefined ? '-' : `${Math.round(step.cpuShare * 100)} %`,
    ms(step.generatorDelayMs?.p99),
    step.closed[0] ?? '',
  ]
  const head = [
    'sessions',
    'response P50',
    'added P50',
    'P99',
    'late P50',
    'P99',
    'under-runs',
    'turns',
    'cpu',
    'generator P99',
    '',
  ]
  return aligned([head, [...row({ ...alone, addedMs: undefined })], ...steps.map(row)])
}

function idleLine(idle: IdleMemory | undefined): string {
  if (!idle) return 'idle sessions: not measured'
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1024)} KiB`
  const heap = idle.sessionHeapBytes === undefined ? '' : ` (${kilobytes(idle.sessionHeapBytes)} in use)`
  return `idle session: ${kilobytes(idle.sessionBytes)}${heap} beyond the socket's ${kilobytes(idle.socketBytes)}`
}
