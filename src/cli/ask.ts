/**
 * `vivavoce ask`: one question, spoken or typed, one answer. It reads the question, shows the transcripts as they come,
 * saves or plays the answer and says how long it took; the conversation itself is the server's.
 */

import { access, constants, readFile, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, extname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Command } from 'commander'
import { WebSocket } from 'ws'
import { floatToPcm16, pcm16ToFloat, readWav, resample, writeWav } from '../audio/index.js'
import { audioOf, connectLive, type LiveClient, type LiveConfig, textOf } from '../client/index.js'
import { loadConfig } from '../config/index.js'
import { type Playing, startPlaying } from './play.js'
import { openServer } from './server-handle.js'

export interface AskOptions {
  readonly output?: string
  readonly url?: string
  readonly apiKey?: string
  readonly voice?: string
  readonly model: string
  readonly system?: string
  readonly textOnly?: true
  readonly json?: true
}

export type AskInput = { readonly text: string } | { readonly pcm16: Uint8Array; readonly seconds: number }

export interface AskReport {
  readonly heard: string
  readonly answer: string
  /** From the end of sending the question to the first audio (first text with --text-only). */
  readonly firstOutputMs: number | undefined
  readonly totalMs: number
  readonly answerSeconds: number
  readonly totalTokens: number | undefined
}

const INPUT_HZ = 16_000
const OUTPUT_HZ = 24_000
/** 100 ms: small enough for any server's message limit, large enough to be cheap. */
const CHUNK_BYTES = INPUT_HZ * 2 * 0.1
const AUDIO_FILES = ['.wav', '.wave', '.pcm', '.mp3', '.m4a', '.ogg', '.flac', '.opus', '.aac', '.webm']

export function registerAskCommand(program: Command): void {
  program
    .command('ask')
    .description('Ask one question, spoken or typed, and save or play the answer.')
    .argument('<question>', 'a WAV file, - for a WAV on standard input, or the question itself')
    .option(
      '-o, --output <file>',
      'write the answer as a WAV file instead of playing it; - for standard output',
    )
    .option('--url <url>', 'server to ask (default: the one that runs here, else one is started)')
    .option('--api-key <key>', 'key for that server')
    .option('--voice <name>', 'name of the voice, e.g. Aoede')
    .option('--model <id>', 'model id', 'gemini-live-2.5-flash')
    .option('--system <text>', 'system instruction')
    .option('--text-only', 'answer as text, without a voice')
    .option('--json', 'print one JSON object at the end instead of text as it comes')
    .addHelpText(
      'after',
      '\nExamples:\n  vivavoce ask question.wav -o answer.wav\n  vivavoce ask "What is a fugue?"',
    )
    .action(async (question: string, options: AskOptions) => {
      const interruption = new AbortController()
      const onInterrupt = () => interruption.abort(new Error('interrupted'))
      // A server that was started for the question must not outlive it.
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
      for (const name of signals) process.once(name, onInterrupt)
      try {
        await ask(question, options, interruption.signal)
      } catch (error) {
        process.stderr.write(`vivavoce ask: ${(error as Error).message}\n`)
        process.exitCode = interruption.signal.aborted ? 130 : 1
      } finally {
        for (const name of signals) process.off(name, onInterrupt)
      }
    })
}

async function ask(question: string, options: AskOptions, signal: AbortSignal): Promise<void> {
  if (options.textOnly && options.output !== undefined) {
    throw new Error('--text-only makes no audio to write: leave out --output, or --text-only')
  }
  if (options.output !== undefined && options.output !== '-') await checkOutput(options.output)
  const input = await readInput(question)
  const { config } = loadConfig({ env: process.env, cwd: process.cwd(), home: homedir() })
  const apiKey = options.apiKey ?? (options.url === undefined ? config.apiKeys[0] : undefined)
  // With the answer on standard output, or with --json, what people read goes to standard error or nowhere.
  const show = options.json ? () => {} : writerTo(options.output === '-' ? process.stderr : process.stdout)
  const onWait = (sentence: string) => void process.stderr.write(`${sentence}\n`)
  const server = await openServer({ url: options.url, home: config.home, onWait, signal })
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
      const { pcm16, ...report } = await converse(client, input, show, playing)
      signal.throwIfAborted()
      const output = pcm16.length > 0 ? options.output : undefined
      if (output === '-') process.stdout.write(wavOf(pcm16))
      else if (output !== undefined) await writeFile(output, wavOf(pcm16))
      const played = await playing?.finish()
      if (options.json) process.stdout.write(`${JSON.stringify({ ...report, output, server })}\n`)
      else show(`\n${summary(report, options, played ? playing?.player : undefined)}\n`)
    } finally {
      await client.close()
    }
  } finally {
    await server.stop()
  }
}

/** Before the question is asked, since the answer would be lost. */
export async function checkOutput(path: string): Promise<void> {
  const file = await stat(path).catch(() => undefined)
  if (file?.isDirectory()) throw new Error(`${path} is a folder: name a file for the answer`)
  const folder = dirname(path)
  if ((await stat(folder).catch(() => undefined)) === undefined) {
    throw new Error(`there is no folder ${folder} for the answer`)
  }
  await access(file ? path : folder, constants.W_OK).catch(() => {
    throw new Error(`${path} cannot be written: choose another --output`)
  })
}

/** Text unless it names a file. Throws where it can only have been meant as one. */
export async function readInput(question: string): Promise<AskInput> {
  if (question === '-') return readAudio('standard input', await buffer(process.stdin))
  try {
    return readAudio(question, await readFile(question))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === undefined) throw error
    const extension = extname(question).toLowerCase()
    if (AUDIO_FILES.includes(extension) && !question.includes(' ')) {
      throw new Error(code === 'ENOENT' ? `there is no file ${question}` : (error as Error).message)
    }
  }
  if (question.trim() === '') throw new Error('the question is empty')
  return { text: question }
}

function readAudio(name: string, bytes: Uint8Array): AskInput {
  try {
    const { samples, sampleRateHz } = readWav(bytes)
    if (samples.length === 0) throw new Error('the recording is empty')
    return {
      pcm16: floatToPcm16(resample(samples, sampleRateHz, INPUT_HZ)),
      seconds: samples.length / sampleRateHz,
    }
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`)
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

/** Asks, and reads up to the end of the turn. Rejects where the session ends before. */
async function converse(
  client: LiveClient,
  input: AskInput,
  show: (text: string) => void,
  playing: Playing | undefined,
): Promise<AskReport & { pcm16: Uint8Array }> {
  const startMs = performance.now()
  if ('text' in input) client.sendText(input.text)
  else {
    for (let start = 0; start < input.pcm16.length; start += CHUNK_BYTES) {
      client.sendAudio(input.pcm16.subarray(start, start + CHUNK_BYTES), INPUT_HZ)
    }
    client.audioStreamEnd()
  }
  const askedMs = performance.now()
  const speakers = { heard: '', answer: '' }
  const add = (speaker: 'heard' | 'answer', words: string) => {
    if (words === '') return
    if (speakers[speaker] === '') {
      const first = speakers.heard === '' && speakers.answer === ''
      show(`${first ? '' : '\n'}${speaker === 'heard' ? 'You' : 'Answer'}: ${words.trimStart()}`)
    } else show(words)
    speakers[speaker] += words
  }
  const chunks: Uint8Array[] = []
  let firstOutputMs: number | undefined
  for await (const message of client) {
    const audio = audioOf(message)
    const text = textOf(message)
    if (audio !== undefined || text !== '') firstOutputMs ??= performance.now() - askedMs
    if (audio !== undefined) {
      chunks.push(audio.pcm16)
      playing?.write(audio.pcm16)
    }
    add('answer', text)
    if (!('serverContent' in message)) continue
    add('heard', message.serverContent.inputTranscription?.text ?? '')
    add('answer', message.serverContent.outputTranscription?.text ?? '')
    if (!message.serverContent.turnComplete) continue
    const pcm16 = Buffer.concat(chunks)
    return {
      heard: speakers.heard.trim(),
      answer: speakers.answer.trim(),
      firstOutputMs,
      totalMs: performance.now() - startMs,
      answerSeconds: pcm16.length / 2 / OUTPUT_HZ,
      totalTokens: message.usageMetadata?.totalTokenCount,
      pcm16,
    }
  }
  throw new Error('the session ended before the answer')
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

function wavOf(pcm16: Uint8Array): Uint8Array {
  return writeWav(pcm16ToFloat(pcm16), OUTPUT_HZ)
}

function writerTo(stream: NodeJS.WriteStream): (text: string) => void {
  return (text) => void stream.write(text)
}
