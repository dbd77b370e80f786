/**
 * From the configuration to running engines: which embedded engines are wanted, what they need fetched, and how each is loaded into its
 * child process. It does not know how they are fetched or called.
 */
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { modelPaths, runtimePaths } from '../catalog/index.js'
import { answersEverything, type Config } from '../config/index.js'
import type { EngineLoad } from '../engine/call.js'

/** What runs in the process of an engine. */
export const ENGINE_CHILD = new URL(
  `../engines/child${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
  import.meta.url,
)

export type VoiceName = 'kokoro' | 'piper' | 'pico'

/** What the language model looks back on, in its own tokens; a longer history slides. */
export const WINDOW_TOKENS = 4_096
/** Conversations with a warm cache; 21 KiB a token and sequence (28 KiB where the processor is no x64): 0.7 GiB for eight of 4,096 tokens. */
export const SEQUENCES = 8

/** How the cores are shared out. Speech recognition gains nothing from a second thread (measured: twice the processor for the same time). */
export interface CoreShares {
  readonly llm: number
  readonly asr: number
  /** On few cores nothing else runs while it speaks: all of them. */
  readonly tts: number
  /** With so many threads it is measured whether a voice keeps up: half of the cores. */
  readonly calibration: number
  /** Heavy steps at one time. */
  readonly slots: number
}

export function coreShares(cores: number = availableParallelism()): CoreShares {
  const half = Math.max(1, Math.floor(cores / 2))
  // Up to four cores the stages take turns on all of them; above, two stages run side by side.
  return {
    llm: cores <= 4 ? cores : half,
    asr: 1,
    tts: cores <= 4 ? cores : half,
    calibration: half,
    slots: cores <= 4 ? 1 : 2,
  }
}

export function sileroLoad(home: string): EngineLoad {
  const options = { modelPath: modelPaths(home, 'silero-vad').main, runtimeDir: onnxRuntime(home) }
  return { engine: 'silero', options }
}

export function smartTurnLoad(home: string): EngineLoad {
  const options = { modelPath: modelPaths(home, 'smart-turn-v3').main, runtimeDir: onnxRuntime(home) }
  return { engine: 'smart-turn', options }
}

export function ge2eLoad(home: string): EngineLoad {
  const options = { modelPath: modelPaths(home, 'ge2e-speaker').main, runtimeDir: onnxRuntime(home) }
  return { engine: 'ge2e', options }
}

export function whisperLoad(config: Config, shares: CoreShares): EngineLoad {
  const dir = modelPaths(config.home, 'whisper-base').directory
  const threads = config.asr.threads ?? shares.asr
  return { engine: 'whisper', options: { dir, runtimeDir: onnxRuntime(config.home), threads } }
}

/** Id of the embedded language model in the catalog; undefined for a file of the user's own. */
export function languageModelId(config: Config): string | undefined {
  if (config.llm.modelPath) return undefined
  return config.llm.engine === 'auto' ? 'qwen2.5-coder-1.5b' : config.llm.engine
}

export function llamaLoad(config: Config, shares: CoreShares): EngineLoad {
  const id = languageModelId(config)
  const modelPath = id === undefined ? config.llm.modelPath : modelPaths(config.home, id).main
  return {
    engine: 'llama',
    options: {
      modelPath,
      runtimeDir: runtimePaths(config.home, 'node-llama-cpp').directory,
      threads: config.llm.threads ?? shares.llm,
      contextTokens: WINDOW_TOKENS,
      sequences: SEQUENCES,
    },
  }
}

export function voiceLoad(voice: VoiceName, config: Config, threads: number): EngineLoad {
  const runtimeDir = onnxRuntime(config.home)
  if (voice === 'kokoro') {
    const { main, file } = modelPaths(config.home, 'kokoro-82m')
    const unmeasured = config.unmeasuredVoices
    return {
      engine: 'kokoro',
      options: { modelPath: main, voicesDir: file('voices'), runtimeDir, threads, unmeasured },
    }
  }
  if (voice === 'pico') {
    return { engine: 'pico', options: { dir: modelPaths(config.home, 'svox-pico').directory } }
  }
  const { main } = modelPaths(config.home, 'piper-joe')
  return { engine: 'piper', options: { modelPath: main, configPath: `${main}.json`, runtimeDir, threads } }
}

/** `auto` does without rather than keep a machine without a network from starting. */
export function hasTurnDetector({ home, offline, turnDetector }: Config): boolean {
  if (turnDetector.engine !== 'auto' || !offline) return turnDetector.engine !== 'none'
  return existsSync(modelPaths(home, 'smart-turn-v3').main)
}

/** `auto` does without, as with the turn detector. */
export function tellsVoices({ home, offline, speakerEncoder }: Config): boolean {
  if (speakerEncoder.engine !== 'auto' || !offline) return speakerEncoder.engine !== 'none'
  return existsSync(modelPaths(home, 'ge2e-speaker').main)
}

/** Without weights no text is read: only what changes is seen, for a model elsewhere that takes the pictures. */
export function eyesLoad(config: Config): EngineLoad {
  if (!readsText(config)) return { engine: 'eyes', options: {} }
  const threads = config.vision.threads ?? 1
  const runtimeDir = onnxRuntime(config.home)
  const network = (id: string) => {
    const path = modelPaths(config.home, id).main
    return existsSync(path) ? { path, runtimeDir, threads } : undefined
  }
  const things = network('efficientnet-lite2')
  const faces = network('blazeface')
  return {
    engine: 'eyes',
    options: {
      text: { dir: modelPaths(config.home, 'pp-ocr-v4').directory, runtimeDir, threads },
      ...(things && { things }),
      ...(faces && { faces }),
    },
  }
}

/** `auto` does without, as with the turn detector. */
export function readsText({ home, offline, vision }: Config): boolean {
  if (vision.engine === 'auto' && offline) return existsSync(modelPaths(home, 'pp-ocr-v4').main)
  return vision.engine === 'auto' || vision.engine === 'pp-ocr'
}

/** Of languages that the chosen voice does not speak, or not as fast; done without where they cannot be fetched, as with the turn detector. */
export function hasLightVoices({ home, offline, tts }: Config): boolean {
  if (tts.engine === 'pico') return true
  if (tts.engine !== 'auto' && tts.engine !== 'kokoro') return false
  return !offline || existsSync(modelPaths(home, 'svox-pico').main)
}

/** Models of the catalog that this configuration needs. */
export function neededModels(config: Config): string[] {
  const needed = ['silero-vad']
  if (hasTurnDetector(config)) needed.push('smart-turn-v3')
  if (tellsVoices(config)) needed.push('ge2e-speaker')
  if (config.asr.engine !== 'openai') needed.push('whisper-base')
  const llm =
    config.llm.engine === 'openai' || answersEverything(config) ? undefined : languageModelId(config)
  if (llm !== undefined) needed.push(llm)
  const { engine } = config.tts
  if (engine === 'kokoro' || engine === 'auto') needed.push('kokoro-82m')
  if ((engine === 'piper' || engine === 'auto') && !config.freeVoicesOnly) needed.push('piper-joe')
  if (hasLightVoices(config)) needed.push('svox-pico')
  if (readsText(config)) needed.push('pp-ocr-v4')
  return needed
}

/** Models that make it better and that it starts without where they cannot be fetched: pictures are read all the same. */
export function welcomeModels(config: Config): string[] {
  return readsText(config) && !config.offline ? ['efficientnet-lite2', 'blazeface'] : []
}

const onnxRuntime = (home: string) => runtimePaths(home, 'onnxruntime-node').directory
