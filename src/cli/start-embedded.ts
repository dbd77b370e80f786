/**
 * Starts the set of engines that a configuration asks for, warmed up, with the reason for each choice. It knows nothing of sockets.
 */
import { answersEverything, type Config } from '../config/index.js'
import type { EngineLoad } from '../engine/call.js'
import type {
  EngineInfo,
  EngineKind,
  EngineSet,
  LanguageModel,
  Recognizer,
  Synthesizer,
  VisionModel,
} from '../engine/index.js'
import { loadTextLanguage } from '../engines/text-language.js'
import { KNOWN_MODELS } from '../protocol/index.js'
import {
  type EngineProcess,
  hostedLanguageModel,
  hostedRecognizer,
  hostedSpeakerEncoder,
  hostedSpeechDetector,
  hostedSynthesizer,
  hostedToneReader,
  hostedTurnDetector,
  hostedVisionModel,
  type Logger,
  startEngineProcess,
  systemClock,
} from '../runtime/index.js'
import {
  type CoreShares,
  coreShares,
  ENGINE_CHILD,
  eyesLoad,
  ge2eLoad,
  hasTurnDetector,
  llamaLoad,
  readsText,
  sileroLoad,
  smartTurnLoad,
  tellsVoices,
  voiceLoad,
  whisperLoad,
} from './embedded-engines.js'
import { isMachineBusy } from './machine-load.js'
import type { RunningEngines } from './running-engines.js'
import { chooseVoice } from './voice-choice.js'
import { warmUp } from './warm-up.js'

export interface EngineContext {
  readonly logger: Logger
  readonly signal: AbortSignal
  /** Says what is being waited for. */
  readonly say: (sentence: string) => void
}

const FAST = 10

/** Started when a client first asks for affective dialogue. */
const TONE_READER: EngineInfo = {
  id: 'prosody',
  kind: 'tone',
  languages: [],
  description: 'How the user sounds: pitch, loudness, brightness and pace',
}

/** Started with the first session that compares voices. */
const SPEAKER_ENCODER: EngineInfo = {
  id: 'ge2e',
  kind: 'speaker',
  languages: [],
  description: 'Whether it is the voice that was answered before',
}

/** The files of every embedded engine must be there. Rejects with what an engine said when it could not be loaded. */
export async function startEmbeddedEngines(config: Config, context: EngineContext): Promise<RunningEngines> {
  const { logger, signal } = context
  const shares = coreShares()
  const processes: EngineProcess[] = []
  const choices: string[] = []

  async function host(
    name: EngineKind,
    load: EngineLoad,
  ): Promise<{ process: EngineProcess; info: EngineInfo }> {
    signal.throwIfAborted()
    const process = startEngineProcess({ name, entry: ENGINE_CHILD, load, clock: systemClock, logger })
    processes.push(process)
    return { process, info: await process.ready }
  }
  const close = async () => {
    await Promise.all(processes.map((process) => process.close()))
  }

  try {
    context.say('Loading the engines …')
    // Kokoro, alone or behind the light voice, is the one that speaks several languages.
    const speaksSeveral = config.tts.engine === 'kokoro' || config.tts.engine === 'auto'
    const [vad, turn, asr, llm, profiles, eyes, identifyLanguage] = await Promise.all([
      host('vad', sileroLoad(config.home)),
      hasTurnDetector(config) ? host('turn', smartTurnLoad(config.home)) : undefined,
      recognizer(config, shares, host),
      languageModel(config, shares, host),
      profileModels(config),
      visionModel(config, host),
      speaksSeveral ? loadTextLanguage() : undefined,
    ])
    choices.push(
      `vad: ${vad.info.id} (embedded)`,
      turnChoice(config, turn?.info),
      asr.choice,
      llm.choice,
      ...profiles.choices,
    )
    const voice = await synthesizer(config, shares, asr.engine, host, context)
    choices.push(...voice.choices, eyes.choice)
    const set: EngineSet = {
      vad: hostedSpeechDetector(vad.process, vad.info),
      ...(turn ? { turn: hostedTurnDetector(turn.process, turn.info) } : {}),
      tone: hostedToneReader(
        async () => (await host('tone', { engine: 'prosody', options: {} })).process,
        TONE_READER,
      ),
      ...(tellsVoices(config) && {
        speaker: hostedSpeakerEncoder(
          async () => (await host('speaker', ge2eLoad(config.home))).process,
          SPEAKER_ENCODER,
        ),
      }),
      asr: asr.engine,
      llm: llm.engine,
      profiles: profiles.byId,
      tts: voice.engine,
      ...(eyes.engine ? { vision: eyes.engine } : {}),
    }
    context.say('Warming up …')
    await warmUp(set, signal)
    return {
      set,
      ...(identifyLanguage ? { identifyLanguage } : {}),
      processes: () => processes.map(({ name, pid, restarts }) => ({ name, pid, restarts })),
      computeSlots: shares.slots,
      remoteLanes: (['asr', 'llm', 'tts', 'vision'] as const).filter(
        (lane) => config[lane].engine === 'openai' || (lane === 'llm' && answersEverything(config)),
      ),
      speechSpeed: voice.speed,
      choices,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function turnChoice({ turnDetector }: Config, info: EngineInfo | undefined): string {
  if (info) return `turn end: ${info.id} (embedded) with the words`
  const why = turnDetector.engine === 'none' ? '' : ', since its weights are not there and offline is set'
  return `turn end: silence and words alone${why}`
}

type Host = (name: EngineKind, load: EngineLoad) => Promise<{ process: EngineProcess; info: EngineInfo }>

interface Chosen<Engine> {
  readonly engine: Engine
  readonly choice: string
}

async function recognizer(config: Config, shares: CoreShares, host: Host): Promise<Chosen<Recognizer>> {
  if (config.asr.engine === 'openai') {
    const { createOpenAiRecognizer } = await import('../engines/openai/index.js')
    return {
      engine: createOpenAiRecognizer(remote(config.asr)),
      choice: `asr: ${config.asr.model} at ${config.asr.url}`,
    }
  }
  const { process, info } = await host('asr', whisperLoad(config, shares))
  return { engine: hostedRecognizer(process, info), choice: `asr: ${info.id} (embedded)` }
}

async function languageModel(config: Config, shares: CoreShares, host: Host): Promise<Chosen<LanguageModel>> {
  if (answersEverything(config)) return realtimeModel(config)
  if (config.llm.engine === 'openai') {
    const { createOpenAiLanguageModel } = await import('../engines/openai/index.js')
    return {
      engine: createOpenAiLanguageModel({ ...remote(config.llm), hears: config.llm.input === 'audio' }),
      choice: `llm: ${config.llm.model} at ${config.llm.url}${config.llm.input === 'audio' ? ', which is given the speech itself' : ''}`,
    }
  }
  const { process, info } = await host('llm', llamaLoad(config, shares))
  return {
    engine: hostedLanguageModel(process, info),
    choice: `llm: ${info.id} (embedded, ${shares.llm} threads)`,
  }
}

/** Throws for a configuration that names none. */
async function realtimeModel({ realtime }: Config): Promise<Chosen<LanguageModel>> {
  const { createOpenAiRealtimeModel } = await import('../engines/openai/index.js')
  const { voice, profiles } = realtime
  const whom = profiles.length === 0 ? '' : ` behind ${profiles.join(', ')}`
  return {
    engine: createOpenAiRealtimeModel({ ...remote(realtime), ...(voice !== undefined && { voice }) }),
    choice: `speech to speech: ${realtime.model} at ${realtime.url}${whom}`,
  }
}

/** What answers in the language model's place for some of the models that clients name. */
async function profileModels(
  config: Config,
): Promise<{ byId: Map<string, LanguageModel>; choices: string[] }> {
  const { profiles } = config.realtime
  const served = [...config.models, ...KNOWN_MODELS]
  const stranger = profiles.find((id) => !served.includes(id))
  if (stranger !== undefined) {
    throw new Error(
      `realtime.profiles: no model is called "${stranger}". Add it to models, or name one of ${served.join(', ')}.`,
    )
  }
  if (profiles.length === 0) return { byId: new Map(), choices: [] }
  const { engine, choice } = await realtimeModel(config)
  return { byId: new Map(profiles.map((id) => [id, engine])), choices: [choice] }
}

async function visionModel(config: Config, host: Host): Promise<Chosen<VisionModel | undefined>> {
  const isRemote = config.vision.engine === 'openai'
  if (!isRemote && !readsText(config)) {
    const why =
      config.vision.engine === 'none' ? 'not seen' : 'not seen, since weights are missing and offline is set'
    return { engine: undefined, choice: `pictures: ${why}` }
  }
  const { process, info } = await host('vision', eyesLoad(config))
  const eyes = hostedVisionModel(process, info)
  if (!isRemote) return { engine: eyes, choice: `pictures: ${info.id} (embedded)` }
  const { createOpenAiVisionModel } = await import('../engines/openai/index.js')
  return {
    engine: createOpenAiVisionModel(remote(config.vision), eyes),
    choice: `pictures: ${config.vision.model} at ${config.vision.url} answers where they are shown`,
  }
}

async function synthesizer(
  config: Config,
  shares: CoreShares,
  ears: Recognizer,
  host: Host,
  context: EngineContext,
): Promise<{ engine: Synthesizer; speed: number; choices: string[] }> {
  if (config.tts.engine === 'openai') {
    const { createOpenAiSynthesizer } = await import('../engines/openai/index.js')
    const engine = createOpenAiSynthesizer(remote(config.tts))
    return { engine, speed: FAST, choices: [`tts: ${config.tts.model} at ${config.tts.url}`] }
  }
  const threads = config.tts.threads ?? shares.tts
  const voice = await chooseVoice(config, {
    ears,
    threads: shares.calibration,
    servingThreads: threads,
    say: context.say,
    isBusy: () => isMachineBusy(context.signal),
    signal: context.signal,
    async load(name, calibrating) {
      const { process, info } = await host(
        'tts',
        voiceLoad(name, config, calibrating ? shares.calibration : threads),
      )
      return { engine: hostedSynthesizer(process, info), close: () => process.close() }
    },
  })
  return voice
}

function remote(section: Pick<Config['asr'], 'url' | 'model' | 'apiKey' | 'timeoutMs'>) {
  const { url, model, apiKey, timeoutMs } = section
  if (url === undefined || model === undefined) throw new Error('a remote engine needs a url and a model')
  return { url, model, timeoutMs, ...(apiKey === undefined ? {} : { apiKey }) }
}
