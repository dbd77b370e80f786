/**
 * Makes one response: language model → clauses → synthesis → client, every step taking its turn on the processor. It reports
 * what happened (`output`, `generated`, `failed`) and decides nothing; aborting its signal stops it, with no further byte sent.
 */
import { createAsyncQueue } from '../engine/async-queue.js'
import {
  type Conversation,
  EngineError,
  type GenerationUsage,
  type Prompt,
  type Sampling,
  SPEECH_OUTPUT_HZ,
  type Synthesizer,
  type VoiceOptions,
} from '../engine/index.js'
import { textMessage } from '../protocol/index.js'
import { createClauseSplitter } from './clauses.js'
import type { Clock } from './clock.js'
import { type ComputeGate, PRIORITY } from './compute-gate.js'
import type { SessionConnection } from './connection.js'
import { LETTERS_PER_SECOND, leadNeededSeconds, type SpeechPace } from './speech-pace.js'
import { createVoiceOutput, type VoiceOutput } from './voice-output.js'

export interface ResponderOptions {
  readonly conversation: Conversation
  readonly synthesizer: Synthesizer
  readonly gate: ComputeGate
  readonly clock: Clock
  readonly pace: SpeechPace
  readonly connection: SessionConnection
  readonly modality: 'AUDIO' | 'TEXT'
  readonly outputTranscription: boolean
  readonly sampling: Sampling
  readonly voice: VoiceOptions
  readonly live: () => boolean
}

export type ResponderMilestone = 'first-token' | 'first-clause' | 'first-audio'

export interface ResponderReport {
  progress(): void
  milestone(name: ResponderMilestone): void
  /** A piece left for the client; `audioMs` is 0 for text. */
  output(text: string, audioMs: number): void
  generated(usage: GenerationUsage): void
}

/** A voice that was never slower than this behind the language model: answers are rarely longer (the cap is 200 tokens). */
const EXPECTED_ANSWER_SECONDS = 8
const NO_USAGE: GenerationUsage = { promptTokens: 0, cachedTokens: 0, outputTokens: 0 }

/** Resolves when all was sent and reported; rejects with `EngineError`, or with the signal's reason. */
export async function respond(
  options: ResponderOptions,
  prompt: Prompt,
  signal: AbortSignal,
  report: ResponderReport,
): Promise<void> {
  const texts = generate(options, prompt, signal, report)
  const usage =
    options.modality === 'TEXT'
      ? await write(options, texts, report)
      : await speak(options, texts, signal, report)
  signal.throwIfAborted()
  report.generated(usage)
}

/** Says a given sentence instead of what the model would say. Falls back to text where the voice has failed as well. */
export async function say(
  options: ResponderOptions,
  sentence: string,
  signal: AbortSignal,
  report: ResponderReport,
): Promise<void> {
  async function* given(): AsyncGenerator<string, GenerationUsage> {
    yield sentence
    return NO_USAGE
  }
  if (options.modality === 'TEXT') await write(options, given(), report)
  else await speak(options, given(), signal, report)
  signal.throwIfAborted()
  report.generated(NO_USAGE)
}

/** The model's text as it comes, one step of computation at a time. Returns the usage. */
async function* generate(
  options: ResponderOptions,
  prompt: Prompt,
  signal: AbortSignal,
  report: ResponderReport,
): AsyncGenerator<string, GenerationUsage> {
  const parts = options.conversation.generate(prompt, options.sampling, signal)[Symbol.asyncIterator]()
  let began = false
  try {
    for (;;) {
      const priority = began ? PRIORITY.nextToken : PRIORITY.firstToken
      const { done, value } = await options.gate.run('llm', priority, signal, () => parts.next())
      if (done) throw new EngineError('engine-failed', 'The language model ended without saying so.')
      report.progress()
      if (value.type === 'end') return value.usage
      if (value.type === 'prefill') continue
      if (!began) report.milestone('first-token')
      began = true
      yield value.text
    }
  } finally {
    await parts.return?.()
  }
}

async function write(
  options: ResponderOptions,
  texts: AsyncGenerator<string, GenerationUsage>,
  report: ResponderReport,
): Promise<GenerationUsage> {
  for (;;) {
    const { done, value } = await texts.next()
    if (done) return value
    options.connection.send(textMessage(value))
    report.output(value, 0)
  }
}

interface SpokenPiece {
  readonly samples: Float32Array
  /** What the clause says, with its first piece; empty with the others. */
  readonly text: string
}

async function speak(
  options: ResponderOptions,
  texts: AsyncGenerator<string, GenerationUsage>,
  outer: AbortSignal,
  report: ResponderReport,
): Promise<GenerationUsage> {
  // One stage's failure ends the others.
  const stop = new AbortController()
  const signal = AbortSignal.any([outer, stop.signal])
  const clauses = createAsyncQueue<string>()
  const backlog = { letters: 0, textDone: false }
  const output = createVoiceOutput({
    connection: options.connection,
    clock: options.clock,
    signal,
    transcription: options.outputTranscription,
    live: options.live,
    onOutput: (text, audioMs) => report.output(text, audioMs),
  })

  const write = async (): Promise<GenerationUsage> => {
    const splitter = createClauseSplitter()
    const add = (found: string[]) => {
      for (const clause of found) {
        report.milestone('first-clause')
        backlog.letters += clause.length
        clauses.push(clause)
      }
    }
    for (;;) {
      const { done, value } = await texts.next()
      add(done ? splitter.flush() : splitter.push(value))
      if (!done) continue
      backlog.textDone = true
      clauses.end()
      return value
    }
  }
  const voice = async () => {
    const pieces = synthesise(options, clauses, backlog, signal, report)
    await play(options, pieces, backlog, output)
  }

  try {
    const [usage] = await Promise.all([write(), voice()])
    return usage
  } catch (error) {
    stop.abort(error)
    throw error
  }
}

async function* synthesise(
  options: ResponderOptions,
  clauses: AsyncIterable<string>,
  backlog: { letters: number },
  signal: AbortSignal,
  report: ResponderReport,
): AsyncGenerator<SpokenPiece> {
  const { gate, clock, pace, synthesizer } = options
  let first = true
  for await (const clause of clauses) {
    const askedAt = clock.now()
    const pieces = await gate.run(
      'tts',
      first ? PRIORITY.firstAudio : PRIORITY.nextClause,
      signal,
      async () => {
        const made: Float32Array[] = []
        for await (const samples of synthesizer.speak(clause, options.voice, signal)) made.push(samples)
        return made
      },
    )
    report.progress()
    backlog.letters -= clause.length
    const seconds = pieces.reduce((sum, piece) => sum + piece.length, 0) / SPEECH_OUTPUT_HZ
    pace.note(seconds, (clock.now() - askedAt) / 1000)
    if (pieces.length === 0) yield { samples: new Float32Array(0), text: clause }
    for (const [index, samples] of pieces.entries()) yield { samples, text: index === 0 ? clause : '' }
    first = false
  }
}

/** Plays pieces as they are made, the first of them only when the rest cannot come too late. */
async function play(
  options: ResponderOptions,
  pieces: AsyncIterable<SpokenPiece>,
  backlog: { readonly letters: number; readonly textDone: boolean },
  output: VoiceOutput,
): Promise<void> {
  // Making the next clause must not wait for this one to be paced out.
  const made = createAsyncQueue<SpokenPiece>()
  const collect = async () => {
    for await (const piece of pieces) made.push(piece)
    made.end()
  }
  const collecting = collect().catch((error) => made.fail(error))
  const held: SpokenPiece[] = []
  let started = false
  const send = async (piece: SpokenPiece) => {
    await output.play(piece.samples, piece.text)
  }
  for await (const piece of made) {
    if (started) {
      await send(piece)
      continue
    }
    held.push(piece)
    const heldSeconds = held.reduce((sum, { samples }) => sum + samples.length, 0) / SPEECH_OUTPUT_HZ
    const knownSeconds = backlog.letters / LETTERS_PER_SECOND
    const remaining = backlog.textDone
      ? knownSeconds
      : Math.max(knownSeconds, EXPECTED_ANSWER_SECONDS - heldSeconds)
    if (options.live() && heldSeconds < leadNeededSeconds(options.pace, remaining)) continue
    started = true
    for (const earlier of held.splice(0)) await send(earlier)
  }
  for (const earlier of held) await send(earlier)
  await collecting
}
