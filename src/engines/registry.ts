/**
 * The embedded engines by name. Each is imported only in the child process that runs it, so that no native library is ever
 * loaded into the server.
 */
import type {
  LanguageModel,
  Recognizer,
  SpeakerEncoder,
  SpeechDetector,
  Synthesizer,
  ToneReader,
  TurnDetector,
  VisionModel,
} from '../engine/index.js'

export type LoadedEngine =
  | { readonly kind: 'vad'; readonly engine: SpeechDetector }
  | { readonly kind: 'turn'; readonly engine: TurnDetector }
  | { readonly kind: 'tone'; readonly engine: ToneReader }
  | { readonly kind: 'speaker'; readonly engine: SpeakerEncoder }
  | { readonly kind: 'asr'; readonly engine: Recognizer }
  | { readonly kind: 'llm'; readonly engine: LanguageModel }
  | { readonly kind: 'tts'; readonly engine: Synthesizer }
  | { readonly kind: 'vision'; readonly engine: VisionModel }

/** Seconds of speech kept by the clause cache: openers such as "Sure," come back all the time. */
const CLAUSE_CACHE_SECONDS = 120

/** Throws where the name is unknown or the engine's files cannot be loaded. `options` are that engine's own. */
export async function loadEngine(name: string, options: unknown): Promise<LoadedEngine> {
  switch (name) {
    case 'silero': {
      const { loadSilero } = await import('./silero/index.js')
      return { kind: 'vad', engine: await loadSilero(options as Parameters<typeof loadSilero>[0]) }
    }
    case 'smart-turn': {
      const { loadSmartTurn } = await import('./smart-turn/index.js')
      return { kind: 'turn', engine: await loadSmartTurn(options as Parameters<typeof loadSmartTurn>[0]) }
    }
    case 'prosody': {
      const { loadProsody } = await import('./prosody/index.js')
      return { kind: 'tone', engine: loadProsody() }
    }
    case 'ge2e': {
      const { loadGe2e } = await import('./ge2e/index.js')
      return { kind: 'speaker', engine: await loadGe2e(options as Parameters<typeof loadGe2e>[0]) }
    }
    case 'whisper': {
      const { loadWhisper } = await import('./whisper/index.js')
      return { kind: 'asr', engine: await loadWhisper(options as Parameters<typeof loadWhisper>[0]) }
    }
    case 'llama': {
      const { loadLlama } = await import('./llama/index.js')
      return { kind: 'llm', engine: await loadLlama(options as Parameters<typeof loadLlama>[0]) }
    }
    case 'kokoro': {
      const { loadKokoro } = await import('./kokoro/index.js')
      return { kind: 'tts', engine: await cached(loadKokoro(options as Parameters<typeof loadKokoro>[0])) }
    }
    case 'piper': {
      const { loadPiper } = await import('./piper/index.js')
      return { kind: 'tts', engine: await cached(loadPiper(options as Parameters<typeof loadPiper>[0])) }
    }
    case 'pico': {
      const { loadPico } = await import('./pico/index.js')
      return { kind: 'tts', engine: await cached(loadPico(options as Parameters<typeof loadPico>[0])) }
    }
    case 'eyes': {
      const { loadEyes } = await import('./eyes/index.js')
      return { kind: 'vision', engine: await loadEyes(options as Parameters<typeof loadEyes>[0]) }
    }
    default:
      throw new Error(`There is no embedded engine "${name}".`)
  }
}

async function cached(loading: Promise<Synthesizer>): Promise<Synthesizer> {
  const { withClauseCache } = await import('./clause-cache.js')
  return withClauseCache(await loading, { maxSeconds: CLAUSE_CACHE_SECONDS })
}
