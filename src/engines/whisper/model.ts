/**
 * The two networks of Whisper on ONNX Runtime: audio in, cross-attention out; tokens in, logits out. Knows shapes and caches,
 * not what the tokens mean.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLogMel, MEL_HOP_SAMPLES } from '../log-mel.js'
import {
  type InferenceSession,
  importOnnxRuntime,
  type OnnxRuntime,
  sessionOptions,
  type Tensor,
} from '../onnxruntime.js'

/** `dims.json` of a converted model. */
interface WhisperDims {
  readonly width: number
  readonly headWidth: number
  readonly heads: number
  readonly decoderLayers: number
  readonly vocabulary: number
  readonly mels: number
  readonly maxFrames: number
  readonly maxTokens: number
}

/** What the decoder listens to. */
export type Heard = Readonly<Record<string, Tensor>>

/** Keys and values of the tokens so far. */
export interface TokenCache {
  readonly keys: Tensor
  readonly values: Tensor
}

export interface WhisperModel {
  readonly dims: WhisperDims
  /** At most `maxSpeechSamples`. */
  encode(samples: Float32Array): Promise<Heard>
  readonly emptyCache: TokenCache
  /** Logits of the token after `tokens`; the array is the caller's. */
  step(
    tokens: readonly number[],
    cache: TokenCache,
    heard: Heard,
  ): Promise<{ logits: Float32Array; cache: TokenCache }>
  close(): Promise<void>
}

const SAMPLE_RATE_HZ = 16_000
/** One encoder frame: two mel frames, 20 ms. */
const FRAME_SAMPLES = 2 * MEL_HOP_SAMPLES
/**
 * Encoding all 30 s would cost eight times as much. Less than 2 s of silence after the speech ruins it (0.4 s: 64 % of the words
 * wrong), and so does less than 5 s in all.
 */
const MIN_ENCODED_SAMPLES = 5 * SAMPLE_RATE_HZ
const PADDING_SAMPLES = 2 * SAMPLE_RATE_HZ
/** Silence computed once and appended to every encoding: without it the decoder does not find the end and repeats itself. */
const TAIL_FRAMES = 5 * 50

/** Longest speech that is encoded at once: what leaves room for the padding in 30 s. */
export const MAX_SPEECH_SAMPLES = 28 * SAMPLE_RATE_HZ

export async function openModel(dir: string, runtimeDir: string, threads: number): Promise<WhisperModel> {
  const dims = JSON.parse(await readFile(join(dir, 'dims.json'), 'utf8')) as WhisperDims
  const runtime = await importOnnxRuntime(runtimeDir)
  const encoder = await runtime.InferenceSession.create(
    join(dir, 'encoder.int8.onnx'),
    sessionOptions(threads),
  )
  const decoder = await runtime.InferenceSession.create(
    join(dir, 'decoder.int8.onnx'),
    sessionOptions(threads),
  )
  const { heads, headWidth, decoderLayers } = dims
  const logMel = createLogMel(dims.mels)

  async function run(samples: Float32Array, frames: number): Promise<Heard> {
    const mel = logMel(samples, frames * FRAME_SAMPLES)
    const input = new runtime.Tensor('float32', mel.values, [1, dims.mels, mel.frames])
    return (await encoder.run({ mel: input })) as Heard
  }

  const silence = await run(new Float32Array(0), dims.maxFrames)
  const emptyLayers = new runtime.Tensor('float32', new Float32Array(0), [decoderLayers, heads, 0, headWidth])
  return {
    dims,
    emptyCache: { keys: emptyLayers, values: emptyLayers },
    async encode(samples) {
      const samplesNeeded = Math.max(MIN_ENCODED_SAMPLES, samples.length + PADDING_SAMPLES)
      const frames = Math.min(dims.maxFrames, Math.ceil(samplesNeeded / FRAME_SAMPLES))
      const heard = await run(samples, frames)
      const tailFrames = Math.min(TAIL_FRAMES, dims.maxFrames - frames)
      return tailFrames === 0 ? heard : appendSilence(runtime, heard, silence, frames, tailFrames)
    },
    async step(tokens, cache, heard) {
      const ids = new runtime.Tensor('int64', BigInt64Array.from(tokens, BigInt), [1, tokens.length])
      const output = await decoder.run({ tokens: ids, past_k: cache.keys, past_v: cache.values, ...heard })
      return {
        logits: output.logits!.data as Float32Array,
        cache: { keys: output.present_k!, values: output.present_v! },
      }
    },
    async close() {
      await Promise.all([encoder, decoder].map((session: InferenceSession) => session.release()))
    },
  }
}

/** Positions are encoded in the frames, so the tail is taken from where it will stand. */
function appendSilence(
  runtime: OnnxRuntime,
  heard: Heard,
  silence: Heard,
  frames: number,
  tailFrames: number,
): Heard {
  const total = frames + tailFrames
  const joined: Record<string, Tensor> = {}
  for (const [name, tensor] of Object.entries(heard)) {
    const own = tensor.data as Float32Array
    const tail = silence[name]!.data as Float32Array
    const isKeys = name.startsWith('cross_k')
    const dims = isKeys
      ? [tensor.dims[0]!, tensor.dims[1]!, total]
      : [tensor.dims[0]!, total, tensor.dims[2]!]
    // Keys: one row of frames per head and channel; values: one block of rows per head.
    const rows = isKeys ? tensor.dims[0]! * tensor.dims[1]! : tensor.dims[0]!
    const width = isKeys ? 1 : tensor.dims[2]!
    const silenceFrames = tail.length / (rows * width)
    const values = new Float32Array(rows * total * width)
    for (let row = 0; row < rows; row++) {
      const target = row * total * width
      values.set(own.subarray(row * frames * width, (row + 1) * frames * width), target)
      const from = (row * silenceFrames + frames) * width
      values.set(tail.subarray(from, from + tailFrames * width), target + frames * width)
    }
    joined[name] = new runtime.Tensor('float32', values, dims)
  }
  return joined
}
