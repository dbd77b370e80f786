/**
 * Kokoro-82M v1.0 as a synthesizer: text → phonemes → tokens → one run of the model per sentence → trimmed audio at
 * 24 kHz. It holds the model's session; where the files come from and which process it lives in is not its business.
 */
import { readdir } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { fromDbfs } from '../../audio/index.js'
import { EngineError, SPEECH_OUTPUT_HZ, type Synthesizer, type VoiceOptions } from '../../engine/index.js'
import { limitPeaks, pauseAfterMs, trimClause } from '../clause-edges.js'
import {
  ESPEAK_VOICES,
  type EspeakVoice,
  espeakVoiceFor,
  loadPhonemizer,
  type PhonemeSegment,
} from '../espeak.js'
import { importOnnxRuntime, sessionOptions } from '../onnxruntime.js'
import { loadPitchShifter, pitchFactor } from '../pitch-shifter.js'
import { textToSpeak } from '../speech-text.js'
import { spokenPieces } from '../spoken-pieces.js'
import { kokoroLanguages, languageSpoken } from './languages.js'
import { loadMandarin, type Mandarin } from './mandarin.js'
import { KOKORO_TOKENS, kokoroSpelling } from './phoneme-alphabet.js'
import { gainFor, isBritish, openVoiceFiles, recipeFor, STYLE_ROWS, STYLE_VALUES } from './voices.js'

export interface KokoroOptions {
  /** The fp32 ONNX file; int8 runs too, but 1.5–1.7 times slower without VNNI. */
  readonly modelPath: string
  /** Folder of `af_heart.bin` and the others. */
  readonly voicesDir: string
  /** Folder whose `node_modules` holds onnxruntime-node. */
  readonly runtimeDir: string
  readonly threads: number
  /** Languages that nobody has measured are among those it speaks. */
  readonly unmeasured?: boolean
}

/** A word in the letters of the model's alphabet. */
type Spell = (word: readonly string[]) => string

/** The model's context is 512 tokens, two of which pad the ends. */
const MAX_TOKENS = 510

/** Loads the model (325 MB, about 1 s). Throws `EngineError` where a file is missing or broken. */
export async function loadKokoro(options: KokoroOptions): Promise<Synthesizer & { close(): Promise<void> }> {
  const ort = await importOnnxRuntime(options.runtimeDir)
  const phonemizer = await loadPhonemizer()
  const shifter = await loadPitchShifter()
  const languages = kokoroLanguages(options.unmeasured ?? false)
  const voices = openVoiceFiles(options.voicesDir)
  const available = await voiceNamesIn(options.voicesDir)
  const session = await ort.InferenceSession.create(options.modelPath, sessionOptions(options.threads)).catch(
    (error: unknown) => {
      throw new EngineError('engine-failed', `Kokoro's model ${options.modelPath} could not be loaded.`, {
        cause: error,
      })
    },
  )
  let mandarin: Mandarin | undefined
  // Exports of the model differ in this one name.
  const tokensInput = session.inputNames.includes('tokens') ? 'tokens' : 'input_ids'

  async function run(tokens: readonly number[], style: Float32Array, speed: number): Promise<Float32Array> {
    const row = Math.min(tokens.length, STYLE_ROWS - 1) * STYLE_VALUES
    const padded = BigInt64Array.from([0, ...tokens, 0], BigInt)
    const results = await session.run({
      [tokensInput]: new ort.Tensor('int64', padded, [1, padded.length]),
      style: new ort.Tensor('float32', style.slice(row, row + STYLE_VALUES), [1, STYLE_VALUES]),
      speed: new ort.Tensor('float32', Float32Array.of(speed), [1]),
    })
    return results[session.outputNames[0]!]!.data as Float32Array
  }

  return {
    info: {
      id: 'kokoro-82m',
      kind: 'tts',
      languages,
      description: `Kokoro-82M v1.0, ${available.size} voices, on ${options.threads} thread(s)`,
    },

    async *speak(text: string, voice: VoiceOptions, signal: AbortSignal) {
      signal.throwIfAborted()
      const language = languageSpoken(voice.language, languages)
      const recipe = recipeFor(voice.name, language, available)
      const espeakVoice = phonemeVoice(language, isBritish(recipe))
      const plain = textToSpeak(text, language)
      const phonemize = (words: string) => phonemizer.phonemize(words, espeakVoice)
      const spellUnits: Spell = (word) => kokoroSpelling(word, espeakVoice)
      const isMandarin = /^zh\b/i.test(language)
      const segments = isMandarin
        ? (mandarin ??= await loadMandarin()).segments(plain, (word) =>
            phonemize(word).flatMap(({ words }) => words.map(spellUnits)),
          )
        : phonemize(plain)
      const spell: Spell = isMandarin ? (word) => word.join('') : spellUnits
      if (segments.length === 0) return
      const styles = await voices.load(recipe)
      const gain = gainFor(recipe) * fromDbfs(voice.gainDb ?? 0)
      const pitch = pitchFactor(voice)
      const pieces = spokenPieces(segments, MAX_TOKENS, (word) => spell(word).length)
      for (const piece of pieces) {
        // The model runs on this thread: let an abort that came meanwhile be seen before the next run.
        await setImmediate()
        signal.throwIfAborted()
        const audio = await run(tokensOf(piece, spell), styles, clampSpeed(voice.speed)).catch(
          (error: unknown) => {
            throw new EngineError('engine-failed', 'Kokoro could not speak a sentence.', { cause: error })
          },
        )
        signal.throwIfAborted()
        const spoken = pitch === 1 ? audio : shifter.shift(audio, SPEECH_OUTPUT_HZ, pitch)
        const clause = trimClause(spoken, SPEECH_OUTPUT_HZ, pauseAfterMs(piece.at(-1)?.mark ?? ''))
        if (clause.length > 0)
          yield limitPeaks(
            clause.map((sample) => sample * gain),
            SPEECH_OUTPUT_HZ,
          )
      }
    },

    close: () => session.release(),
  }
}

/** A British voice speaks British English unless the tag says where the English is from. */
function phonemeVoice(language: string, british: boolean): EspeakVoice {
  if (british && /^en($|-us$)/i.test(language)) return ESPEAK_VOICES['en-gb']
  return espeakVoiceFor(language) ?? ESPEAK_VOICES['en-us']
}

/** Tokens of one piece without the pads; never more than the model takes. */
function tokensOf(piece: readonly PhonemeSegment[], spell: Spell): number[] {
  const written = piece.map(({ words, mark }) => words.map(spell).join(' ') + mark).join(' ')
  return [...written].flatMap((letter) => KOKORO_TOKENS.get(letter) ?? []).slice(0, MAX_TOKENS)
}

/** Faster than 1.3 loses words, slower than 0.7 drags. */
function clampSpeed(speed = 1): number {
  return Math.min(1.3, Math.max(0.7, speed))
}

async function voiceNamesIn(folder: string): Promise<Set<string>> {
  const files = await readdir(folder).catch((error: unknown) => {
    throw new EngineError('engine-failed', `The folder of Kokoro's voices, ${folder}, can't be read.`, {
      cause: error,
    })
  })
  return new Set(files.filter((file) => file.endsWith('.bin')).map((file) => file.slice(0, -4)))
}
