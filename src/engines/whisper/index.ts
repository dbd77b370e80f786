/**
 * Whisper as a recogniser of whole clips: short-context encoding, greedy decoding, and a gate against the words that it invents on silence
 * and noise. Runs in a process of its own, since every call blocks it for as long as it computes.
 */
import { EngineError, type RecognitionOptions, type Recognizer } from '../../engine/index.js'
import { BRIEF_SECONDS, COMPARED_SECONDS, sayingsFor } from './brief-speech.js'
import { decode } from './decoder.js'
import { wasSpoken } from './gate.js'
import { MAX_SPEECH_SAMPLES, openModel, type WhisperModel } from './model.js'
import { createRecognition, type WindowTranscript } from './recognition.js'
import { rowTree, type SayingTree, sayingTree } from './sayings.js'
import { readTokenizer, type WhisperTokenizer } from './tokenizer.js'
import { isAudible } from './windows.js'

export interface WhisperOptions {
  /** Holds encoder.int8.onnx, decoder.int8.onnx, dims.json, tokenizer.json and config.json. */
  readonly dir: string
  /** The private prefix that holds onnxruntime-node. */
  readonly runtimeDir: string
  /** Absent = 1: two were no faster for twice the processor time. */
  readonly threads?: number
}

const SAMPLE_RATE_HZ = 16_000
const DEFAULT_LANGUAGE = 'en'
/** What the sizes are called, by width. */
const SIZES: ReadonlyMap<number, string> = new Map([
  [384, 'tiny'],
  [512, 'base'],
  [768, 'small'],
  [1024, 'medium'],
  [1280, 'large'],
])

/** Rejects with `EngineError` where the runtime or a file cannot be loaded. Warm when it resolves. */
export async function loadWhisper(options: WhisperOptions): Promise<Recognizer & { close(): Promise<void> }> {
  const { dir, runtimeDir, threads = 1 } = options
  const { model, tokenizer } = await open(dir, runtimeDir, threads)
  let last: Promise<unknown> = Promise.resolve()

  function enqueue<T>(task: () => Promise<T>): Promise<T> {
    const result = last.then(task)
    last = result.catch(() => undefined)
    return result
  }

  /** Of each list once: a conversation has one. */
  const trees = new Map<string, SayingTree>()
  function treeOf(phrases: readonly string[], make: typeof sayingTree): SayingTree {
    const key = `${make.name} ${phrases.join()}`
    const tree = trees.get(key) ?? make(phrases, tokenizer)
    trees.set(key, tree)
    return tree
  }

  async function transcribe(
    samples: Float32Array,
    { language, languages, languageBefore, likely, rivals, signal }: RecognitionOptions,
  ): Promise<WindowTranscript> {
    const asked = knownLanguage(language, tokenizer)
    const among = (languages ?? []).flatMap((each) => knownLanguage(each, tokenizer) ?? [])
    const before = knownLanguage(languageBefore, tokenizer) ?? DEFAULT_LANGUAGE
    const nothing = { text: '', language: asked ?? before, logProbability: 0, tokenCount: 0 }
    if (!isAudible(samples)) return nothing
    try {
      const heard = await model.encode(samples)
      signal.throwIfAborted()
      const seconds = samples.length / SAMPLE_RATE_HZ
      // Before anything was said it would only make English likelier.
      const sayings = sayingsFor(asked ?? knownLanguage(languageBefore, tokenizer), seconds)
      const decoded = await decode(model, tokenizer, heard, {
        ...(sayings !== undefined && { prompt: tokenizer.encode(sayings) }),
        ...(likely && seconds < BRIEF_SECONDS && { likely: treeOf(likely, sayingTree) }),
        ...(rivals?.length && seconds < COMPARED_SECONDS && { rivals: treeOf(rivals, rowTree) }),
        seconds,
        language: asked,
        among,
        before,
        signal,
      })
      const said = [decoded.saying, decoded].find((each) => each && wasSpoken(each, sayings))
      return said ?? { ...nothing, language: decoded.language }
    } catch (cause) {
      signal.throwIfAborted()
      throw new EngineError('engine-failed', 'The speech recogniser failed on a clip.', { cause })
    }
  }

  return {
    info: {
      id: `whisper-${SIZES.get(model.dims.width) ?? model.dims.width}-int8`,
      kind: 'asr',
      languages: [...tokenizer.languages.keys()],
      partials: true,
      description: 'Whisper in int8 on the processor; a clip of 3 s takes 0.2 s on one thread.',
    },
    open(recognition) {
      // Before it is waited for.
      if (recognition.likely) treeOf(recognition.likely, sayingTree)
      if (recognition.rivals?.length) treeOf(recognition.rivals, rowTree)
      return createRecognition({ maxWindowSamples: MAX_SPEECH_SAMPLES, transcribe, enqueue }, recognition)
    },
    async close() {
      await enqueue(() => model.close())
    },
  }
}

async function open(
  dir: string,
  runtimeDir: string,
  threads: number,
): Promise<{ model: WhisperModel; tokenizer: WhisperTokenizer }> {
  try {
    const [tokenizer, model] = await Promise.all([readTokenizer(dir), openModel(dir, runtimeDir, threads)])
    // The first step of the decoder takes longer than the others: not the first speaker's to pay.
    const heard = await model.encode(new Float32Array(SAMPLE_RATE_HZ))
    await model.step([tokenizer.startOfTranscript], model.emptyCache, heard)
    return { model, tokenizer }
  } catch (cause) {
    if (cause instanceof EngineError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EngineError('engine-failed', `The Whisper model in ${dir} could not be loaded: ${reason}`, {
      cause,
    })
  }
}

/** Primary subtag, where the model speaks that language; one it doesn't is found out as if none had been named. */
function knownLanguage(language: string | undefined, { languages }: WhisperTokenizer): string | undefined {
  const subtag = language?.split('-')[0]?.toLowerCase()
  return subtag !== undefined && languages.has(subtag) ? subtag : undefined
}
