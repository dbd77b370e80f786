/**
 * `vivavoce ask`: one question, spoken or typed, one answer. It reads the question, shows the transcripts as they come,
 * saves or plays the answer and says how long it took; the conversation itself is the server's.
 */

import { rm, stat, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { WebSocket } from 'ws'
import { pcm16ToFloat, writeWav } from '../audio/index.js'
import { connectLive, type LiveConfig } from '../client/index.js'
import { type AskReport, converse, OUTPUT_HZ } from './ask-conversation.js'
import { checkOutput, readInput } from './ask-input.js'
import { interruptible } from './interruptible.js'
import { fileProblem } from './named-file.js'
import { addOwnServerFlags, type OwnServerFlags, ownConfig } from './own-server.js'
import { startPlaying } from './play.js'
import { openServer } from './server-handle.js'
import { serverUrl } from './server-url.js'

export interface AskOptions extends OwnServerFlags {
  readonly output?: string
  readonly url?: string
  readonly apiKey?: string
  readonly voice?: string
  readonly model: string
  readonly system?: string
  readonly textOnly?: true
  readonly json?: true
}

export function registerAskCommand(program: Command): void {
  addOwnServerFlags(
    program
      .command('ask')
      .description('Ask one question, spoken or typed, and save or play the answer.')
      .argument('<question>', 'a WAV file, - for a WAV on standard input, or the question itself')
      .option(
        '-o, --output <file>',
        'write the answer as a WAV file instead of playing it; - for standard output',
      )
      .option(
        '--url <url>',
        'server to ask (default: the one that runs here, else one is started)',
        serverUrl,
      )
      .option('--api-key <key>', 'key for that server')
      .option('--voice <name>', 'name of the voice, e.g. Aoede')
      .option('--model <id>', 'model id', 'gemini-live-2.5-flash')
      .option('--system <text>', 'system instruction')
      .option('--text-only', 'answer as text, without a voice')
      .option('--json', 'print one JSON object at the end instead of text as it comes'),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  vivavoce ask question.wav -o answer.wav\n  vivavoce ask "What is a fugue?"',
    )
    .action((question: string, options: AskOptions) =>
      // A server that was started for the question must not outlive it.
      interruptible({ name: 'vivavoce ask', signals: ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE'] }, (signal) =>
        ask(question, options, signal),
      ),
    )
}

async function ask(question: string, options: AskOptions, signal: AbortSignal): Promise<void> {
  if (options.textOnly && options.output !== undefined) {
    throw new Error('--text-only makes no audio to write: leave out --output, or --text-only')
  }
  if (options.output !== undefined && options.output !== '-') await checkOutput(options.output)
  const input = await readInput(question)
  const config = ownConfig(options)
  const apiKey = options.apiKey ?? (options.url === undefined ? config.apiKeys[0] : undefined)
  // With the answer on standard output, or with --json, what people read goes to standard error or nowhere.
  const show = options.json ? () => {} : writerTo(options.output === '-' ? process.stderr : process.stdout)
  const onWait = (sentence: string) => void process.stderr.write(`${sentence}\n`)
  const server = await openServer({
    url: options.url,
    home: config.home,
    configFile: options.config,
    onWait,
    signal,
  })
  try {
    const client = await connectLive({
      url: server.url,
      model: options.model,
      config: setupFor(options),
      ...(apiKey === undefined ? {} : { apiKey }),
      WebSocket,
      signal,
    })
    const wantsPlayer = options.output === undefined && !options.textOnly && !options.json
    const playing = wantsPlayer ? startPlaying(OUTPUT_HZ) : undefined
    try {
      const { pcm16, ...report } = await converse(client, input, {
        show,
        play: (sound) => playing?.write(sound),
      })
      const output = pcm16.length > 0 ? options.output : undefined
      if (output === '-') await writeStandardOutput(wavOf(pcm16))
      else if (output !== undefined) await writeAnswer(output, wavOf(pcm16))
      signal.throwIfAborted()
      const played = await playing?.finish()
      if (options.json) process.stdout.write(`${JSON.stringify({ ...report, output, server })}\n`)
      else show(`\n${summary(report, options, played ? playing?.player : undefined)}\n`)
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      await client.close()
    }
  } finally {
    await server.stop()
  }
}

function setupFor({ textOnly, voice, system }: AskOptions): LiveConfig {
  const speech = { speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice ?? '' } } } }
  return {
    generationConfig: {
      responseModalities: textOnly ? ['TEXT'] : ['AUDIO'],
      ...(voice === undefined ? {} : speech),
    },
    ...(system === undefined ? {} : { systemInstruction: { parts: [{ text: system }] } }),
    inputAudioTranscription: {},
    ...(textOnly ? {} : { outputAudioTranscription: {} }),
  }
}

export function summary(
  report: Omit<AskReport, 'pcm16'>,
  options: AskOptions,
  player: string | undefined,
): string {
  const time = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`)
  const { firstOutputMs, totalMs, answerSeconds, totalTokens } = report
  const lines = [
    firstOutputMs === undefined
      ? 'No answer.'
      : `First ${options.textOnly ? 'text' : 'audio'} after ${time(firstOutputMs)}, all of it after ${time(totalMs)}.`,
  ]
  const tokens = totalTokens === undefined ? '' : `, ${totalTokens} tokens`
  if (answerSeconds > 0) lines.push(`${answerSeconds.toFixed(2)} s of speech${tokens}.`)
  if (options.output !== undefined && answerSeconds === 0)
    lines.push(`Nothing was written to ${options.output}: the answer has no audio.`)
  else if (options.output !== undefined)
    lines.push(`Written to ${options.output === '-' ? 'standard output' : options.output}.`)
  else if (answerSeconds > 0 && player === undefined) {
    lines.push(
      'Nothing was played: no aplay, afplay, pw-play or ffplay works here. Use -o answer.wav to save it.',
    )
  }
  return lines.join('\n')
}

/** All of it or nothing: what a full disk cut off is removed. */
async function writeAnswer(path: string, wav: Uint8Array): Promise<void> {
  try {
    await writeFile(path, wav)
  } catch (error) {
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    )
    if (isFile) await rm(path, { force: true })
    throw fileProblem(path, error)
  }
}

function writeStandardOutput(wav: Uint8Array): Promise<void> {
  // What went wrong with it is the program's business, whatever was written: see main.ts.
  return new Promise((resolve) => process.stdout.write(wav, () => resolve()))
}

function wavOf(pcm16: Uint8Array): Uint8Array {
  return writeWav(pcm16ToFloat(pcm16), OUTPUT_HZ)
}

function writerTo(stream: NodeJS.WriteStream): (text: string) => void {
  return (text) => void stream.write(text)
}
