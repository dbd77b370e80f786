/** Opens sessions on one set of engines, shares the processor between them and keeps the records of their last turns. */
import {
  contextWindow,
  type FloorDefaults,
  floorSettings,
  type ProactiveConfig,
  type SessionConfig,
  type Snapshot,
  TONE_STYLE,
  type VisionConfig,
} from '../core/index.js'
import type { EngineInfo, EngineSet, LookOptions, RecognitionOptions, VisionModel } from '../engine/index.js'
import {
  bareModelId,
  behaviourOf,
  closeError,
  INPUT_TOKEN_LIMIT,
  type ModelBehaviour,
  type ProtocolError,
  pictureTokens,
  type Setup,
  setupCompleteMessage,
} from '../protocol/index.js'
import { NO_OBSERVER, type Observer, type TurnRecord } from '../telemetry/index.js'
import type { Clock } from './clock.js'
import { createComputeGate, type Lane } from './compute-gate.js'
import type { SessionConnection } from './connection.js'
import type { EventLog } from './event-log.js'
import type { Logger } from './logger.js'
import { type RunningSession, runSession, type SessionKeeper } from './session.js'
import { createSpeechPace } from './speech-pace.js'
import { createTextGenerator, type TextGenerator } from './text-generator.js'
import type { IdentifyLanguage } from './typed-language.js'
import { DEFAULT_CHUNK_MS } from './voice-output.js'
import { createVoicePreviews, type VoicePreviews } from './voice-preview.js'

export interface SessionHostOptions {
  readonly engines: EngineSet
  /** Tells the language of typed words, for voices that speak several; absent = it is not asked. */
  readonly identifyLanguage?: IdentifyLanguage
  readonly clock: Clock
  readonly logger: Logger
  /** Fresh unguessable ids. */
  readonly createId: () => string
  /** Heavy steps that may run at once: one for every two cores. */
  readonly computeSlots: number
  /** What another machine computes waits for nobody here. */
  readonly remoteLanes?: readonly Lane[]
  /** Seconds of speech the voice makes per second, as calibrated. */
  readonly speechSpeed: number
  readonly maxSessions: number
  readonly pacing: 'auto' | 'on' | 'off'
  /** Most audio in one message, ms; absent = 250. */
  readonly outputChunkMs?: number
  /** Memory that this machine can still give, in bytes; absent = not looked at. */
  readonly availableMemoryBytes?: () => number
  /** Takes the events of every session, for replays; absent = they are not kept. */
  readonly eventLog?: EventLog
  /** Is told what happens: logs, metrics, spans. */
  readonly observer?: Observer
  /** Turn-taking where the client leaves it to the server. */
  readonly floorDefaults?: FloorDefaults
}

export interface SessionHost {
  /** Throws `ProtocolError` when the server has no room. Sends `setupComplete` at once. */
  open(setup: Setup, connection: SessionConnection, kept?: KeptSession): RunningSession
  /** Throws `ProtocolError` where `open` would for want of room. */
  admit(): void
  readonly openSessions: number
  /** Answers without a session, on the same language model. */
  readonly text: TextGenerator
  /** What each voice sounds like. */
  readonly previews: VoicePreviews
  /** The last turns of all sessions, oldest first. */
  readonly turns: readonly TurnRecord[]
}

/** A conversation needs some memory in every engine; below this the next one could end them all. */
const LEAST_MEMORY_BYTES = 192 * 1024 * 1024
/** A session that outlives its connections. */
export interface KeptSession {
  readonly keeper: SessionKeeper
  /** Where it goes on; absent = at the beginning. */
  readonly snapshot?: Snapshot
  /** It takes the place of one that was open here a moment ago, and is refused no room. */
  readonly replaces?: boolean
}

/** Turn records kept in memory. */
const KEPT_TURNS = 500

/** `language`: what the client has named. */
const spokenStyle = (language: string | undefined) =>
  `Everything you answer is spoken aloud. Answer in ${(language && languageName(language)) ?? 'the language of the user'}, ` +
  'in one to three short plain sentences, without lists, markdown, emoji or code.'
/** In force where the developer gave no system instruction. */
const DEFAULT_SYSTEM = 'You are a friendly and helpful voice assistant.'

export function createSessionHost(options: SessionHostOptions): SessionHost {
  const { engines, clock, observer = NO_OBSERVER } = options
  const gate = createComputeGate({
    slots: options.computeSlots,
    clock,
    onStep: observer.gateStep,
    remote: [...(options.remoteLanes ?? []), 'speaker'],
  })
  const pace = createSpeechPace(options.speechSpeed)
  const turns: TurnRecord[] = []
  let openSessions = 0

  /** A new conversation is refused rather than let in to starve those that run. */
  function admit(): void {
    const refuse = (why: string, error: ProtocolError): never => {
      observer.sessionRefused(why)
      options.logger.warn({ why, openSessions, gateWaitMs: Math.round(gate.waitMs) }, 'session refused')
      throw error
    }
    if (openSessions >= options.maxSessions) {
      refuse('sessions', closeError('server-full', { limit: options.maxSessions }))
    }
    if (gate.gives('admission')) {
      const seconds = (gate.waitMs / 1000).toFixed(1)
      refuse('load', closeError('server-overloaded', { seconds }))
    }
    if ((options.availableMemoryBytes?.() ?? Number.POSITIVE_INFINITY) < LEAST_MEMORY_BYTES) {
      refuse('memory', closeError('server-short-of-memory', {}))
    }
  }

  return {
    admit,
    get openSessions() {
      return openSessions
    },
    turns,
    previews: createVoicePreviews(engines.tts, gate),
    text: createTextGenerator({
      llm: engines.llm,
      vision: engines.vision,
      gate,
      maxRequests: options.maxSessions,
    }),
    open(setup, connection, kept) {
      if (!kept?.replaces) admit()
      const id = options.createId()
      connection.send(setupCompleteMessage(id))
      const engines = enginesFor(setup.modelPath, options.engines)
      const config = sessionConfig(setup, connection, { ...options, engines }, kept !== undefined)
      wakeVoiceReaders(config, engines)
      const record = options.eventLog?.open(id, config, kept?.snapshot)
      const session = runSession({
        id,
        config,
        ...(record ? { record } : {}),
        ...kept,
        sampling: setup.sampling,
        voice: {
          ...(setup.voiceName === undefined ? {} : { name: setup.voiceName }),
          ...(setup.languageCode === undefined ? {} : { language: setup.languageCode }),
        },
        expects: expectedLanguage(setup),
        ...(setup.languageCode === undefined && options.identifyLanguage
          ? { identifyLanguage: options.identifyLanguage }
          : {}),
        engines,
        detail: detailOf(setup),
        gate,
        pace,
        pacing: options.pacing,
        chunkMs: options.outputChunkMs ?? DEFAULT_CHUNK_MS,
        connection,
        clock,
        logger: options.logger,
        onTurn(record) {
          turns.push(record)
          if (turns.length > KEPT_TURNS) turns.shift()
          observer.turn(record)
        },
        onEnd(code) {
          openSessions--
          observer.sessionEnded({ session: id, ...(code === undefined ? {} : { code }) })
        },
      })
      openSessions++
      observer.sessionOpened(id)
      return session
    },
  }
}

/** The engines behind the model that a client names. */
function enginesFor(modelPath: string, engines: EngineSet): EngineSet {
  const llm = engines.profiles?.get(bareModelId(modelPath)) ?? engines.llm
  const { vision } = engines
  // What speaks for itself is told what was seen, rather than left silent for a model that sees and cannot speak.
  if (!llm.info.speaks || !vision?.languageModel) return { ...engines, llm }
  return { ...engines, llm, vision: { info: vision.info, open: (options) => vision.open(options) } }
}

/** What is said of the user's speech counts before what is said of the model's. */
function expectedLanguage({
  inputTranscription,
  languageCode,
}: Setup): Pick<RecognitionOptions, 'language' | 'languages'> {
  const [first, ...others] = inputTranscription?.languageCodes ?? []
  if (first === undefined) return languageCode === undefined ? {} : { language: languageCode }
  return others.length === 0 ? { language: first } : { languages: [first, ...others] }
}

/** English for Spanish is "Spanish"; undefined for what is no tag or nobody's language. */
function languageName(tag: string): string | undefined {
  try {
    const { language } = new Intl.Locale(tag)
    return new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(language)
  } catch {
    return undefined
  }
}

/**
 * What tells how and by whom something is said starts with the first session that needs it: begun with that session's first words, it was
 * ready after its first answer. Their failure is told when they are asked for something.
 */
function wakeVoiceReaders(config: SessionConfig, { tone, speaker }: EngineSet): void {
  const { signal } = new AbortController()
  if (config.affective || config.proactive) tone?.listen(QUIET, signal).catch(() => {})
  if (config.comparesVoices) speaker?.encode(QUIET, signal).catch(() => {})
}

/** 0.1 s at 16 kHz. */
const QUIET = new Float32Array(1600)

function sessionConfig(
  setup: Setup,
  connection: SessionConnection,
  options: SessionHostOptions,
  isKept: boolean,
): SessionConfig {
  const compression = setup.contextWindowCompression
  const behaviour = behaviourOf(setup.modelPath, connection.apiClient)
  const affective = isAffective(setup, behaviour, options)
  const proactive = isProactive(setup, behaviour, options)
  return {
    modality: setup.modality,
    system: setup.system || DEFAULT_SYSTEM,
    style: [setup.modality === 'AUDIO' ? spokenStyle(setup.languageCode) : '', affective ? TONE_STYLE : '']
      .filter(Boolean)
      .join(' '),
    floor: floorSettings(setup.activityDetection, options.floorDefaults, behaviour.speechSensitivity),
    interruptible: setup.interruptible,
    coversAllAudio: (setup.turnCoverage ?? behaviour.turnCoverage) === 'TURN_INCLUDES_ALL_INPUT',
    inputTranscription: setup.inputTranscription !== undefined,
    outputTranscription: setup.outputTranscription !== undefined,
    window: contextWindow(
      INPUT_TOKEN_LIMIT,
      compression && {
        ...(compression.triggerTokens && { triggerTokens: compression.triggerTokens }),
        ...(compression.slidingWindow?.targetTokens && {
          targetTokens: compression.slidingWindow.targetTokens,
        }),
      },
    ),
    ...(isKept &&
      setup.sessionResumption && { resumption: { transparent: setup.sessionResumption.transparent } }),
    language: (setup.languageCode ?? expectedLanguage(setup).language)?.split('-')[0]?.toLowerCase() ?? 'en',
    functions: setup.functions,
    ...(setup.functionCalling && { functionCalling: setup.functionCalling }),
    ...(setup.fixed && { fixed: setup.fixed }),
    behaviour,
    ...(affective && { affective }),
    ...(options.engines.llm.info.hears && { hearsSpeech: true }),
    ...(options.engines.llm.info.foresees && { foresees: true }),
    comparesVoices: options.engines.speaker !== undefined && (proactive || setup.modality === 'AUDIO'),
    ...(proactive && {
      proactive: {
        ...asksOf(options.engines.llm.info),
        video: seesOfItself(setup, proactive, options),
      },
    }),
    initialHistory: setup.initialHistory,
    ...(options.engines.vision && {
      vision: {
        ...visionConfig(setup, options.engines.vision),
        // What the user waits for is seen while nobody speaks.
        ...(seesOfItself(setup, proactive, options) && { coverage: 'all' }),
      },
    }),
    voiceActivity: setup.explicitVadSignal,
  }
}

/** What the model can tell of whom words are meant for. */
function asksOf({ foresees, judges }: EngineInfo): Pick<ProactiveConfig, 'asks'> {
  return foresees ? { asks: 'likelihood' } : judges ? { asks: 'opinion' } : {}
}

/** Asked for, known to the named model's generation, and possible here. */
function isAffective(
  setup: Setup,
  { affectiveDialog }: ModelBehaviour,
  { engines, logger }: SessionHostOptions,
): boolean {
  if (!setup.affectiveDialog) return false
  const why =
    affectiveDialog === 'never'
      ? 'the models of native audio have it'
      : engines.tone === undefined
        ? 'these engines read no tone'
        : undefined
  if (why !== undefined)
    logger.info({ model: setup.modelPath }, `enableAffectiveDialog has no effect: ${why}`)
  return why === undefined
}

/** Asked for, and known to the named model's generation: one that is always so on the service keeps silent here only where it is asked to. */
function isProactive(
  setup: Setup,
  { proactiveAudio }: ModelBehaviour,
  { logger }: SessionHostOptions,
): boolean {
  if (!setup.proactivity.audio) return false
  const known = proactiveAudio !== 'never'
  if (!known)
    logger.info(
      { model: setup.modelPath },
      'proactiveAudio has no effect: the models of native audio have it',
    )
  return known
}

/** A model that takes pictures itself is not asked about them in silence. */
function seesOfItself(setup: Setup, proactive: boolean, { engines }: SessionHostOptions): boolean {
  return setup.proactivity.video && proactive && engines.vision !== undefined && !engines.vision.languageModel
}

function visionConfig(setup: Setup, vision: VisionModel): VisionConfig {
  const coverage = setup.turnCoverage ?? behaviourOf(setup.modelPath).turnCoverage
  return {
    tells: vision.languageModel ? 'pictures' : 'words',
    coverage: coverage === 'TURN_INCLUDES_ONLY_ACTIVITY' ? 'activity' : 'all',
    pictureTokens: pictureTokens(setup.mediaResolution),
  }
}

const detailOf = ({ mediaResolution = 'MEDIUM' }: Setup) =>
  mediaResolution.toLowerCase() as LookOptions['detail']
