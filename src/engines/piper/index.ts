/**
 * A Piper voice (VITS) as a synthesizer: text → phonemes → ids → one run of the model per sentence → the name's
 * pitch and formants → trimmed audio at 24 kHz. Formants are shifted by speaking slower and playing faster, within
 * the resampling that is needed anyhow; only what the pitch must differ from that costs a pitch shifter.
 */
import { readFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { fromDbfs, resample } from '../../audio/index.js'
import { EngineError, SPEECH_OUTPUT_HZ, type Synthesizer, type VoiceOptions } from '../../engine/index.js'
import { limitPeaks, pauseAfterMs, trimClause } from '../clause-edges.js'
import { loadPhonemizer } from '../espeak.js'
import { importOnnxRuntime, sessionOptions } from '../onnxruntime.js'
import { loadPitchShifter, pitchFactor } from '../pitch-shifter.js'
import { textToSpeak } from '../speech-text.js'
import { spokenPieces } from '../spoken-pieces.js'
import { shapeFor } from '../voice-shapes.js'
import { parsePiperConfig, piperIds } from './voice-config.js'

export interface PiperOptions {
  readonly modelPath: string
  /** The `.onnx.json` beside the model. */
  readonly configPath: string
  /** Folder whose `node_modules` holds onnxruntime-node. */
  readonly runtimeDir: string
  readonly threads: number
}

/** Phonemes per run: some 25 s of speech; the model has no limit of its own, but its memory and delay grow. */
const MAX_PHONEMES = 400

/** Brings speech to about −20.5 dBFS: measured −23.4 as the model gives it, and 1 to 4 dB less after the pitch shifter. */
const GAIN = 1.4
const SHIFTED_GAIN = 1.75

/**
 * Of sounds and of their lengths. The voice's own 0.667 and 0.8 give 6.7 % wrong words (a shifted name), 0.2 for both 5.0 %; 0.2 gives 5.0 and
 * none 4.3 % (another set, 905 words, its own name). The melody is as wide (11.3 and 11.5 semitones), and the same text sounds the same each time.
 */
const CHANCE = 0

/** Loads the voice (63 MB, 0.3 s). Throws `EngineError` where a file is missing or broken. */
export async function loadPiper(options: PiperOptions): Promise<Synthesizer & { close(): Promise<void> }> {
  const ort = await importOnnxRuntime(options.runtimeDir)
  const phonemizer = await loadPhonemizer()
  const shifter = await loadPitchShifter()
  const config = parsePiperConfig(
    await readFile(options.configPath, 'utf8').catch((error: unknown) => {
      throw new EngineError('engine-failed', `Piper's voice file ${options.configPath} can't be read.`, {
        cause: error,
      })
    }),
    options.configPath,
  )
  const session = await ort.InferenceSession.create(options.modelPath, sessionOptions(options.threads)).catch(
    (error: unknown) => {
      throw new EngineError('engine-failed', `Piper's model ${options.modelPath} could not be loaded.`, {
        cause: error,
      })
    },
  )

  async function run(ids: readonly number[], lengthScale: number): Promise<Float32Array> {
    const results = await session.run({
      input: new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
      input_lengths: new ort.Tensor('int64', BigInt64Array.of(BigInt(ids.length)), [1]),
      scales: new ort.Tensor('float32', Float32Array.of(CHANCE, lengthScale, CHANCE), [3]),
    })
    return results[session.outputNames[0]!]!.data as Float32Array
  }

  return {
    info: {
      id: 'piper',
      kind: 'tts',
      languages: [config.language.split('-')[0] ?? 'en'],
      description: `Piper, one voice shaped into 30, on ${options.threads} thread(s)`,
    },

    async *speak(text: string, voice: VoiceOptions, signal: AbortSignal) {
      signal.throwIfAborted()
      const { pitch: usualPitch, formant } = shapeFor(voice.name)
      const pitch = usualPitch * pitchFactor(voice)
      const speed = Math.min(1.3, Math.max(0.7, voice.speed ?? 1))
      // Another language is read by this voice's rules, and hardly understood (Spanish: 65 % of words wrong). Nearest
      // phonemes of the other language were worse (87 %): such a language needs a voice of its own.
      const spoken = textToSpeak(text, voice.language ?? config.language)
      const segments = phonemizer.phonemize(spoken, config.espeakVoice)
      for (const piece of spokenPieces(segments, MAX_PHONEMES, (word) => word.join('').length)) {
        // The model runs on this thread: let an abort that came meanwhile be seen before the next run.
        await setImmediate()
        signal.throwIfAborted()
        const audio = await run(piperIds(piece, config), (config.lengthScale * formant) / speed).catch(
          (error: unknown) => {
            throw new EngineError('engine-failed', 'Piper could not speak a sentence.', { cause: error })
          },
        )
        signal.throwIfAborted()
        const resized = resample(audio, Math.round(config.sampleRateHz * formant), SPEECH_OUTPUT_HZ)
        const shifted = pitch !== formant
        const shaped = shifted ? shifter.shift(resized, SPEECH_OUTPUT_HZ, pitch / formant) : resized
        const clause = trimClause(shaped, SPEECH_OUTPUT_HZ, pauseAfterMs(piece.at(-1)?.mark ?? ''))
        const gain = (shifted ? SHIFTED_GAIN : GAIN) * fromDbfs(voice.gainDb ?? 0)
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
