/** `vivavoce bench`: runs the benchmarks of `bench/` against a server and keeps their results in files. */

import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, InvalidArgumentError } from 'commander'
import { WebSocket } from 'ws'
import {
  latencyTable,
  measureLatency,
  measureSystemPrompt,
  type Question,
  readQuestion,
  type SystemPromptResult,
  serverFacts,
  systemPromptTable,
  writeResult,
} from '../bench/index.js'
import type { ConnectOptions } from '../client/index.js'
import { loadConfig } from '../config/index.js'
import { openServer, type ServerHandle } from './server-handle.js'

interface LatencyFlags {
  readonly url?: string
  readonly apiKey?: string
  readonly model: string
  readonly voice?: string
  readonly system?: string
  readonly turns: number
  readonly turnsPerSession: number
  readonly sessions: number
  readonly wav?: readonly string[]
  readonly systemTokens?: readonly number[]
  readonly out?: string
}

/** Synthesised questions that come with the product. */
const QUESTIONS_FOLDER = fileURLToPath(new URL('../bench/questions/', import.meta.url))

export function registerBenchCommand(program: Command): void {
  const bench = program.command('bench').description('Measure a server from the side of its clients.')
  bench
    .command('latency')
    .description(
      'Voice-to-voice latency: questions streamed in real time, answers timed to the first audible sample.',
    )
    .option('--url <url>', 'server to measure (default: the one that runs here, else one is started)')
    .option('--api-key <key>', 'key for that server')
    .option('--model <id>', 'model id', 'gemini-live-2.5-flash')
    .option('--voice <name>', 'name of the voice')
    .option('--system <text>', 'system instruction of every session')
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
      'instead: time to first audio under system instructions of these sizes',
      sizes,
    )
    .option('--out <file>', 'result file (default: bench/results/<benchmark>-<time>.json)')
    .action(async (flags: LatencyFlags) => {
      const interruption = new AbortController()
      const onInterrupt = () => {
        process.stderr.write('\nStopping; what was measured is kept.\n')
        interruption.abort(new Error('interrupted'))
      }
      process.once('SIGINT', onInterrupt)
      try {
        await runLatency(flags, interruption.signal)
      } catch (error) {
        process.stderr.write(`vivavoce bench: ${(error as Error).message}\n`)
        process.exitCode = 1
      } finally {
        process.off('SIGINT', onInterrupt)
        if (interruption.signal.aborted) process.exitCode = 130
      }
    })
}

async function runLatency(flags: LatencyFlags, signal: AbortSignal): Promise<void> {
  const questions = flags.systemTokens === undefined ? readQuestions(flags.wav) : []
  const { config } = loadConfig({ env: process.env, cwd: process.cwd(), home: homedir() })
  const apiKey = flags.apiKey ?? (flags.url === undefined ? config.apiKeys[0] : undefined)
  const onWait = (sentence: string) => void process.stderr.write(`${sentence}\n`)
  const server = await openServer({ url: flags.url, home: config.home, onWait, signal })
  try {
    const connect = connectOptions(flags, server, apiKey)
    if (flags.systemTokens === undefined) await measureVoice(flags, connect, questions, signal)
    else await measureSystem(flags.systemTokens, flags, connect, signal)
  } finally {
    await server.stop()
  }
}

async function measureVoice(
  flags: LatencyFlags,
  connect: ConnectOptions,
  questions: readonly Question[],
  signal: AbortSignal,
): Promise<void> {
  const result = await measureLatency({
    connect,
    facts: serverFacts(connect.url, connect.apiKey),
    questions,
    turns: flags.turns,
    sessions: flags.sessions,
    turnsPerSession: flags.turnsPerSession,
    onTurn: ({ question, voiceToVoiceMs, problem, said }, done) => {
      const outcome = problem ?? `${Math.round(voiceToVoiceMs ?? 0)} ms  ${said.trim()}`
      process.stderr.write(`${done}/${flags.turns}  ${question}  ${outcome}\n`)
    },
    signal,
  })
  process.stdout.write(`${latencyTable(result)}\n`)
  save(flags, 'latency', { ...flags, questions: questions.map(({ name }) => name) }, result)
  if (result.problems > 0 || result.failure !== undefined) process.exitCode = 1
}

async function measureSystem(
  tokens: readonly number[],
  flags: LatencyFlags,
  connect: ConnectOptions,
  signal: AbortSignal,
): Promise<void> {
  const results: SystemPromptResult[] = []
  try {
    for (const size of tokens) {
      results.push(await measureSystemPrompt(connect, size, randomUUID().slice(0, 8), signal))
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    process.stdout.write(`${systemPromptTable(results)}\n`)
    save(flags, 'system-prompt', { ...flags }, { complete: results.length === tokens.length, sizes: results })
  }
}

function connectOptions(
  flags: LatencyFlags,
  server: ServerHandle,
  apiKey: string | undefined,
): ConnectOptions {
  const { model, voice, system } = flags
  const speechConfig = { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice ?? '' } } }
  return {
    url: server.url,
    model,
    WebSocket,
    ...(apiKey === undefined ? {} : { apiKey }),
    config: {
      generationConfig: { responseModalities: ['AUDIO'], ...(voice === undefined ? {} : { speechConfig }) },
      ...(system === undefined ? {} : { systemInstruction: { parts: [{ text: system }] } }),
    },
  }
}

function readQuestions(files: readonly string[] | undefined): Question[] {
  const paths =
    files ??
    readdirSync(QUESTIONS_FOLDER)
      .filter((name) => name.endsWith('.wav'))
      .sort()
      .map((name) => join(QUESTIONS_FOLDER, name))
  return paths.map((path) => readQuestion(basename(path), readFileSync(path)))
}

/** Keys stay out of result files. */
function save(
  flags: LatencyFlags,
  benchmark: string,
  configuration: Record<string, unknown>,
  result: object,
): void {
  const { apiKey: _, out: __, ...rest } = configuration
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const path = flags.out ?? join('bench', 'results', `${benchmark}-${time}.json`)
  writeResult(path, benchmark, rest, result)
  process.stdout.write(`Result: ${path}\n`)
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number ≥ 1.')
  return value
}

function sizes(text: string): number[] {
  return text.split(',').map(wholeNumber)
}
