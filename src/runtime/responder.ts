/**
 * Makes one response: language model → text or speech → client, every step taking its turn on the processor. It reports what
 * happened and decides nothing; aborting its signal stops it, with no further byte sent.
 */
import {
  type Conversation,
  type Ending,
  EngineError,
  type GenerationPart,
  type GenerationUsage,
  type Prompt,
  type Sampling,
  type Synthesizer,
  type VoiceOptions,
} from '../engine/index.js'
import { outputTranscriptionMessage, textMessage } from '../protocol/index.js'
import type { TurnMark } from '../telemetry/index.js'
import type { Clock } from './clock.js'
import { type ComputeGate, PRIORITY } from './compute-gate.js'
import type { SessionConnection } from './connection.js'
import type { Hold } from './hold.js'
import type { Logger } from './logger.js'
import type { PlayedSpeech } from './played-speech.js'
import { relay } from './relay.js'
import { speak } from './speech.js'
import type { SpeechPace } from './speech-pace.js'

export interface ResponderOptions {
  readonly conversation: Conversation
  /** Where it computes. */
  readonly lane: 'llm' | 'vision' | 'speaker'
  /** The model speaks its answers itself, and does so here. */
  readonly speaks: boolean
  readonly synthesizer: Synthesizer
  readonly gate: ComputeGate
  readonly clock: Clock
  readonly pace: SpeechPace
  readonly connection: SessionConnection
  readonly modality: 'AUDIO' | 'TEXT'
  readonly outputTranscription: boolean
  /** Most audio in one message, ms. */
  readonly chunkMs: number
  readonly sampling: Sampling
  readonly voice: VoiceOptions
  readonly live: () => boolean
  /** Is told what the client plays. */
  readonly played: Pick<PlayedSpeech, 'note'>
  /** Everything is made as far as it can be, but nothing leaves while it is held. */
  readonly hold: Hold
  readonly logger: Logger
}

export interface ResponderReport {
  progress(): void
  /** So many tokens of the prompt are left to be evaluated. */
  read(unreadTokens: number): void
  /** What may follow the words that are answered. */
  ending(ending: Ending): void
  /** Notes now as the time of a stage, in the turn's timeline. */
  mark(mark: TurnMark, value?: number): void
  /** Something could leave, but for the hold. May be said more than once. */
  ready(): void
  /** A piece left for the client; `audioMs` is 0 for text. */
  output(text: string, audioMs: number, clauseMs?: number): void
  /** Everything left; the functions that the model wants called now, in order. */
  generated(usage: GenerationUsage, calls: readonly FunctionCall[]): void
}

type FunctionCall = Omit<Extract<GenerationPart, { type: 'call' }>, 'type'>

/** Words, and the sound of them where the model speaks itself. */
export type SpokenPart = Extract<GenerationPart, { type: 'text' | 'audio' }>

const NO_USAGE: GenerationUsage = { promptTokens: 0, cachedTokens: 0, outputTokens: 0 }

/** Resolves when all was sent and reported; rejects with `EngineError`, or with the signal's reason. */
export async function respond(
  options: ResponderOptions,
  prompt: Prompt,
  signal: AbortSignal,
  report: ResponderReport,
): Promise<void> {
  const calls: FunctionCall[] = []
  const parts = generate(options, prompt, signal, report, calls)
  const usage = options.speaks
    ? await relay(options, parts, signal, report)
    : options.modality === 'TEXT'
      ? await write(options, words(parts), signal, report)
      : await speak(options, words(parts), signal, report)
  // Where it only calls, nothing has waited for that yet.
  report.ready()
  await options.hold.passed()
  signal.throwIfAborted()
  report.generated(usage, calls)
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
  if (options.modality === 'TEXT') await write(options, given(), signal, report)
  else {
    await speak(options, given(), signal, report).catch((error) => {
      signal.throwIfAborted()
      options.connection.send(outputTranscriptionMessage(sentence))
      report.output(sentence, 0)
      options.logger.warn({ error: String(error) }, 'the voice failed, the apology goes out as a transcript')
    })
  }
  signal.throwIfAborted()
  report.generated(NO_USAGE, [])
}

/** What the model says as it comes, one step of computation at a time; what it calls is put into `calls`. Returns the usage. */
async function* generate(
  options: ResponderOptions,
  prompt: Prompt,
  signal: AbortSignal,
  report: ResponderReport,
  calls: FunctionCall[],
): AsyncGenerator<SpokenPart, GenerationUsage> {
  const parts = options.conversation.generate(prompt, options.sampling, signal)[Symbol.asyncIterator]()
  let began = false
  try {
    for (;;) {
      const priority = began ? PRIORITY.nextToken : PRIORITY.firstToken
      const { done, value } = await options.gate.run(options.lane, priority, signal, () => parts.next())
      if (done) throw new EngineError('engine-failed', 'The language model ended without saying so.')
      report.progress()
      if (value.type === 'prefill') {
        report.read(value.totalTokens - value.evaluatedTokens)
        if (value.evaluatedTokens >= value.totalTokens) report.mark('prefillDone')
        continue
      }
      if (value.type === 'ending') {
        // The last step of the prompt tells no progress of its own.
        report.read(0)
        report.ending(value)
        continue
      }
      if (value.type === 'end') {
        report.mark('lastToken', value.usage.outputTokens)
        return value.usage
      }
      if (!began) {
        report.read(0)
        report.mark('firstToken')
      }
      began = true
      if (value.type === 'call') calls.push({ name: value.name, args: value.args })
      else yield value
    }
  } finally {
    await parts.return?.()
  }
}

/** What it says in words alone. */
async function* words(
  parts: AsyncGenerator<SpokenPart, GenerationUsage>,
): AsyncGenerator<string, GenerationUsage> {
  try {
    for (;;) {
      const { done, value } = await parts.next()
      if (done) return value
      if (value.type === 'text') yield value.text
    }
  } finally {
    await parts.return(NO_USAGE)
  }
}

async function write(
  options: ResponderOptions,
  texts: AsyncGenerator<string, GenerationUsage>,
  signal: AbortSignal,
  report: ResponderReport,
): Promise<GenerationUsage> {
  const held: string[] = []
  let open = false
  const send = (text: string) => {
    options.connection.send(textMessage(text))
    report.output(text, 0)
  }
  const opened = options.hold.passed().then(() => {
    signal.throwIfAborted()
    open = true
    for (const text of held) send(text)
  })
  opened.catch(() => {})
  for (;;) {
    const { done, value } = await texts.next()
    signal.throwIfAborted()
    if (done) {
      await opened
      return value
    }
    if (open) {
      send(value)
      continue
    }
    held.push(value)
    report.ready()
  }
}
