/**
 * The answers of one session: reads prompts ahead, has one response at a time made, and holds, hastens, releases or cancels it as the core
 * says. It reports what became of each, and decides nothing.
 */
import type {
  Effect,
  ResponseId,
  SessionConfig,
  SessionEvent,
  SessionPrompt,
  SpeakingManner,
  Standing,
} from '../core/index.js'
import {
  type Conversation,
  EngineError,
  type EngineSet,
  type Prompt,
  type Sampling,
  type VoiceOptions,
} from '../engine/index.js'
import { apologySentence } from './apology.js'
import type { Clock } from './clock.js'
import { type ComputeGate, heldGate, PRIORITY } from './compute-gate.js'
import type { SessionConnection } from './connection.js'
import { describeError } from './describe-error.js'
import { enginePrompt } from './engine-prompt.js'
import { createHold, type Hold } from './hold.js'
import type { Logger } from './logger.js'
import type { PlayedSpeech } from './played-speech.js'
import { type ResponderOptions, type ResponderReport, respond, say } from './responder.js'
import type { SpeechPace } from './speech-pace.js'

export interface Responses {
  /** In the background, until something is answered. */
  prefill(prompt: SessionPrompt, soon?: boolean): void
  /** What was to be read ahead is left, but for the step under way. */
  haltReading(): void
  /** Somebody goes on speaking: what was left is read on. */
  resumeReading(): void
  start(effect: Extract<Effect, { type: 'start-response' }>): void
  apologise(id: ResponseId, language: string): void
  /** These do nothing where `id` is not the response under way. */
  pause(id: ResponseId): void
  hasten(id: ResponseId): void
  release(id: ResponseId): void
  /** `heardMs`: so much of what was sent was heard, for a model that keeps the conversation itself. */
  cancel(id: ResponseId, heardMs: number | undefined): void
}

export interface ResponsesOptions {
  readonly id: string
  readonly config: SessionConfig
  readonly sampling: Sampling
  readonly voice: VoiceOptions
  readonly engines: EngineSet
  readonly gate: ComputeGate
  readonly pace: SpeechPace
  readonly chunkMs: number
  readonly connection: SessionConnection
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
  /** Is told what the client plays. */
  readonly played: PlayedSpeech
  /** What prompts name and models are given. */
  readonly shown: Parameters<typeof enginePrompt>[1]
  /** Whether audio leaves little ahead of its playing. */
  readonly live: () => boolean
  readonly mark: ResponderReport['mark']
  readonly emit: (event: SessionEvent) => void
}

interface RunningResponse {
  readonly id: ResponseId
  readonly abort: AbortController
  readonly hold: Hold
  standing: Standing
}

/** Of a step that takes longer the model waits for something else, for a sequence that is free. */
const LONGEST_CHUNK_MS = 500

type Work = (options: ResponderOptions, signal: AbortSignal, report: ResponderReport) => Promise<void>

export function createResponses(options: ResponsesOptions): Responses {
  const { config, engines, gate, clock, logger, signal, shown, emit } = options
  const speaks = config.modality === 'AUDIO' && engines.llm.info.speaks === true
  const conversation = engines.llm.open({ signal, ...(speaks && { voice: options.voice }) })
  const lane = engines.llm.info.speaks ? 'speaker' : 'llm'
  let seeing: Conversation | undefined
  let response: RunningResponse | undefined
  let reading: { halt: AbortController; abort: AbortController; done: Promise<void> } | undefined
  /** What was to be read last, until it is or something is answered. */
  let unread: { prompt: SessionPrompt; soon: boolean } | undefined

  /** Who answers: where pictures are shown, the model that sees them. */
  function answering({ messages }: Prompt): Pick<ResponderOptions, 'conversation' | 'lane' | 'speaks'> {
    const model = engines.vision?.languageModel
    if (!model || !messages.some((message) => 'pictures' in message)) return { conversation, lane, speaks }
    seeing ??= model.open({ signal })
    return { conversation: seeing, lane: 'vision', speaks: false }
  }

  /** A conversation evaluates one thing at a time: resolves when the chunk under way is done, at most 1 s. */
  function stopReading(): Promise<void> {
    reading?.abort.abort(new DOMException('superseded', 'AbortError'))
    return reading?.done ?? Promise.resolve()
  }

  /**
   * No other chunk is read. What takes its place waits for the one under way, which can't be interrupted: side by side on two cores both would take twice as long, and
   * the model's next run, which finds the cores taken, would use one thread and take thrice as long.
   */
  function haltReading(): Promise<void> {
    const halted = reading
    if (!halted) return Promise.resolve()
    if (halted.halt.signal.aborted) return halted.done
    halted.halt.abort(new DOMException('halted', 'AbortError'))
    const disarm = clock.setTimer(clock.now() + LONGEST_CHUNK_MS, () =>
      halted.abort.abort(halted.halt.signal.reason),
    )
    return halted.done.then(disarm)
  }

  function run(
    id: ResponseId,
    standing: Standing,
    language: string,
    manner: SpeakingManner | undefined,
    work: Work,
  ): void {
    const abort = new AbortController()
    const within = AbortSignal.any([signal, abort.signal])
    const stopped = stopReading()
    unread = undefined
    const started: RunningResponse = { id, abort, standing, hold: createHold(standing !== 'certain', within) }
    response = started
    const make = async () => {
      await stopped
      within.throwIfAborted()
      await work(responderOptions(language, started, manner), within, reportOf(id, within))
    }
    make().catch((error) => {
      if (within.aborted) return
      logger.warn({ session: options.id, error: describeError(error) }, 'response failed')
      if (error instanceof EngineError && error.code === 'engine-unavailable') {
        emit({ type: 'engine-unavailable', at: clock.now(), engine: 'language model or voice' })
      } else {
        const retryable = !(error instanceof EngineError) || error.retryable
        emit({ type: 'response-failed', at: clock.now(), response: id, retryable })
      }
    })
  }

  function reportOf(response: ResponseId, within: AbortSignal): ResponderReport {
    const tell = (event: SessionEvent) => {
      if (!within.aborted) emit(event)
    }
    return {
      progress: () => tell({ type: 'response-progress', at: clock.now(), response }),
      read: (unreadTokens) => tell({ type: 'prompt-read', at: clock.now(), unreadTokens }),
      ending: ({ ends, trailsOff }) =>
        tell({ type: 'response-ending', at: clock.now(), response, ends, trailsOff }),
      mark: options.mark,
      ready: () => tell({ type: 'response-ready', at: clock.now(), response }),
      output: (text, audioMs, clauseMs) => {
        const whole = clauseMs === undefined ? {} : { clauseMs }
        tell({ type: 'response-output', at: clock.now(), response, text, audioMs, ...whole })
      },
      generated: ({ promptTokens, outputTokens }, calls) =>
        tell({ type: 'response-generated', at: clock.now(), response, promptTokens, outputTokens, calls }),
    }
  }

  /** Where the silence is fixed nobody would ask what may follow. */
  const mayGoOn = (standing: Standing) => standing !== 'certain' && config.floor.endpointing.kind === 'graded'

  function responderOptions(
    language: string,
    running: RunningResponse,
    manner: SpeakingManner | undefined,
  ): ResponderOptions {
    const { hold } = running
    return {
      conversation,
      lane,
      speaks,
      synthesizer: engines.tts,
      gate: heldGate(gate, () => hold.held && running.standing !== 'due'),
      hold,
      clock,
      pace: options.pace,
      connection: options.connection,
      modality: config.modality,
      outputTranscription: config.outputTranscription,
      chunkMs: options.chunkMs,
      sampling: options.sampling,
      voice: {
        ...options.voice,
        language: options.voice.language ?? language,
        ...(manner && voiceIn(manner)),
      },
      logger,
      live: options.live,
      played: options.played,
    }
  }

  const underWay = (id: ResponseId) => (response?.id === id ? response : undefined)

  const responses: Responses = {
    prefill(asked, soon = false) {
      const priority = soon ? PRIORITY.reading : PRIORITY.background
      const prompt = enginePrompt(asked, shown)
      // What is answered elsewhere is prepared elsewhere.
      if (answering(prompt).conversation !== conversation) return
      const before = haltReading()
      const halt = new AbortController()
      const abort = new AbortController()
      unread = { prompt: asked, soon }
      const read = async () => {
        await before
        const within = AbortSignal.any([signal, abort.signal])
        const waiting = AbortSignal.any([within, halt.signal])
        const chunks = conversation.prefill(prompt, within)[Symbol.asyncIterator]()
        try {
          for (;;) {
            const { done, value } = await gate.run(lane, priority, waiting, () => chunks.next())
            if (within.aborted) return
            // A model elsewhere does not say how far it is.
            const unreadTokens = done ? 0 : value.totalTokens - value.evaluatedTokens
            emit({ type: 'prompt-read', at: clock.now(), unreadTokens })
            if (!done) continue
            unread = undefined
            return
          }
        } finally {
          await chunks.return?.()
        }
      }
      const done = read().catch((error) => {
        if (!halt.signal.aborted && !abort.signal.aborted && !signal.aborted)
          logger.debug({ error: describeError(error) }, 'prefill failed')
      })
      reading = { halt, abort, done }
    },
    haltReading() {
      void haltReading()
    },
    resumeReading() {
      if (unread && reading?.halt.signal.aborted) responses.prefill(unread.prompt, unread.soon)
    },
    start({ response: id, prompt: asked, standing, language, manner }) {
      run(id, standing, language, manner, (responder, within, report) => {
        const prompt = { ...enginePrompt(asked, shown), mayGoOn: mayGoOn(standing) }
        return respond({ ...responder, ...answering(prompt) }, prompt, within, report)
      })
    },
    apologise(id, language) {
      run(id, 'certain', language, undefined, (responder, within, report) =>
        say(responder, apologySentence(language), within, report),
      )
    },
    pause(id) {
      underWay(id)?.hold.hold()
    },
    hasten(id) {
      const running = underWay(id)
      if (!running) return
      running.standing = 'due'
      gate.reconsider()
    },
    release(id) {
      const running = underWay(id)
      if (!running) return
      running.standing = 'certain'
      running.hold.release()
      gate.reconsider()
    },
    cancel(id, heardMs) {
      underWay(id)?.abort.abort(new DOMException('cancelled', 'AbortError'))
      if (heardMs !== undefined) conversation.truncate?.(heardMs)
    },
  }
  return responses
}

function voiceIn({ pace, pitchSemitones, gainDb }: SpeakingManner): VoiceOptions {
  return { speed: pace, pitchSemitones, gainDb }
}
