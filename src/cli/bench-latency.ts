/** `vivavoce bench latency`: voice-to-voice latency, or what long system instructions cost. */
import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import {
  type LatencyUnit,
  latencyTable,
  measureLatency,
  measureSystemPrompt,
  openResult,
  type SystemPromptResult,
  serverFacts,
  systemPromptTable,
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

interface LatencyFlags extends ServerFlags {
  readonly turns: number
  readonly turnsPerSession: number
  readonly sessions: number
  readonly wav?: readonly string[]
  readonly systemTokens?: readonly number[]
  readonly functions?: boolean
}

export function registerLatencyBench(bench: Command): void {
  addServerFlags(
    bench
      .command('latency')
      .description(
        'Voice-to-voice latency: questions streamed in real time, answers timed to the first audible sample.',
      ),
  )
    .option('--turns <number>', 'turns in all', wholeNumber, 30)
    .option(
      '--turns-per-session <number>',
      'turns of one conversation, after which a new one begins',
      wholeNumber,
      5,
    )
    .option('--sessions <number>', 'conversations at the same time', wholeNumber, 1)
    .option(
      '--wav <files...>',
      'recorded questions (default: the synthesised ones that come with the product)',
    )
    .option(
      '--system-tokens <sizes>',
      'instead: time to first audio under system instructions of so many tokens, separated by commas',
      wholeNumbers,
    )
    .option('--functions', 'with --system-tokens: half of them are functions, as the client declares them')
    .option('--out <file>', 'result file (default: bench/results/latency.json)')
    .action((flags: LatencyFlags) =>
      runBench((signal) =>
        withServer(flags, signal, (connect) =>
          flags.systemTokens === undefined
            ? measureVoice(flags, connect, signal)
            : measureSystem(flags.systemTokens, flags, connect, signal),
        ),
      ),
    )
}

async function measureVoice(
  flags: LatencyFlags,
  connect: ConnectOptions,
  signal: AbortSignal,
): Promise<void> {
  const questions = readQuestions(flags.wav)
  const path = resultPath(flags, 'latency')
  const configuration = { ...configurationOf(flags), questions: questions.map(({ name }) => name) }
  const file = openResult<LatencyUnit>(path, 'latency', configuration)
  if (file.resumed > 0) process.stderr.write(`Going on after ${file.resumed} turns of ${path}.\n`)
  const result = await measureLatency({
    connect,
    facts: serverFacts(connect.url, connect.apiKey),
    questions,
    turns: flags.turns,
    sessions: flags.sessions,
    turnsPerSession: flags.turnsPerSession,
    earlier: [...file.units],
    onTurn: ({ question, voiceToVoiceMs, problem, said }, done) => {
      const outcome = problem ?? `${Math.round(voiceToVoiceMs ?? 0)} ms  ${said.trim()}`
      process.stderr.write(`${done}/${flags.turns}  ${question}  ${outcome}\n`)
    },
    onConversation: (units) => units.forEach((unit) => void file.add(unit)),
    signal,
  })
  process.stdout.write(`${latencyTable(result)}\n`)
  file.finish(result.complete, result)
  process.stdout.write(`Result: ${path}\n`)
  if (result.problems > 0 || result.failure !== undefined) process.exitCode = 1
}

async function measureSystem(
  tokens: readonly number[],
  flags: LatencyFlags,
  connect: ConnectOptions,
  signal: AbortSignal,
): Promise<void> {
  const path = resultPath(flags, 'system-prompt')
  const { functions = false } = flags
  const questions = readQuestions(flags.wav)
  const file = openResult<SystemPromptResult>(path, 'system-prompt', configurationOf(flags))
  try {
    for (const size of tokens.slice(file.resumed)) {
      const nonce = randomUUID().slice(0, 8)
      file.add(
        await measureSystemPrompt({
          connect,
          requestedTokens: size,
          nonce,
          hasFunctions: functions,
          questions,
          signal,
        }),
      )
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    process.stdout.write(`${systemPromptTable(file.units)}\n`)
    file.finish(file.units.length === tokens.length, { sizes: file.units })
    process.stdout.write(`Result: ${path}\n`)
  }
}
