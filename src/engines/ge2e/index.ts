/**
 * The GE2E speaker encoder ("Generalized end-to-end loss for speaker verification", Wan et al., 2018) on ONNX Runtime: mel frames through three LSTM
 * layers, a direction for each window of 1.6 s, their mean. Runs in a process of its own, since every call blocks it for as long as it computes.
 */
import { EngineError, likeness, type SpeakerEncoder, type VoicePrint } from '../../engine/index.js'
import { type InferenceSession, importOnnxRuntime, sessionOptions } from '../onnxruntime.js'
import { disproof, PROOF_FRAMES, proofSound } from './proof.js'
import { BANDS, speechWindows } from './windows.js'

export interface Ge2eOptions {
  /** The converted model: `mel` [frames, windows, 40] → `voice` [windows, 256]. */
  readonly modelPath: string
  /** The private prefix that holds onnxruntime-node. */
  readonly runtimeDir: string
}

/** Of less speech, two voices are told apart no better than by pitch (test/models/speaker). */
const LEAST_SPEECH_MS = 700
/** Of a longer activity the end is heard: enough for 6 s of speech with pauses. */
const HEARD_SAMPLES = 10 * 16_000

/** Rejects with `EngineError` where the runtime or the model cannot be loaded. */
export async function loadGe2e(options: Ge2eOptions): Promise<SpeakerEncoder & { close(): Promise<void> }> {
  const runtime = await importOnnxRuntime(options.runtimeDir)
  const session = await openModel(options, runtime.InferenceSession)
  const proof = await session.run({
    mel: new runtime.Tensor('float32', proofSound(), [PROOF_FRAMES, 1, BANDS]),
  })
  const problem = disproof(proof.voice!.data as Float32Array)
  if (problem !== undefined)
    throw new EngineError(
      'engine-failed',
      `The speaker encoder failed its self-test (${problem}). Its weights may be damaged: run "vivavoce models verify".`,
    )
  let last: Promise<unknown> = Promise.resolve()

  async function encode(samples: Float32Array, signal: AbortSignal): Promise<VoicePrint> {
    signal.throwIfAborted()
    const heard = samples.subarray(Math.max(0, samples.length - HEARD_SAMPLES))
    const { speechMs, values, frames, windows } = speechWindows(heard, LEAST_SPEECH_MS)
    if (windows === 0) return { speechMs, direction: new Float32Array(0) }
    const mel = new runtime.Tensor('float32', values, [frames, windows, BANDS])
    try {
      const { voice } = await session.run({ mel })
      return { speechMs, direction: meanDirection(voice!.data as Float32Array, windows) }
    } catch (cause) {
      throw new EngineError('engine-failed', 'The speaker encoder failed on a clip.', { cause })
    }
  }

  return {
    info: {
      id: 'ge2e',
      kind: 'speaker',
      languages: [],
      description: 'GE2E speaker encoder: whether it is the voice that was answered before',
    },
    // One at a time: what is not wanted any more by then costs nothing.
    encode(samples, signal) {
      const result = last.then(() => encode(samples, signal))
      last = result.catch(() => undefined)
      return result
    },
    close: () => session.release(),
  }
}

function meanDirection(values: Float32Array, windows: number): Float32Array {
  const size = values.length / windows
  const sum = new Float32Array(size)
  for (let index = 0; index < values.length; index++) sum[index % size]! += values[index]!
  const length = Math.sqrt(likeness(sum, sum)) || 1
  return sum.map((value) => value / length)
}

async function openModel(
  { modelPath }: Ge2eOptions,
  sessions: { create(path: string, options: object): Promise<InferenceSession> },
): Promise<InferenceSession> {
  try {
    return await sessions.create(modelPath, sessionOptions(1))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EngineError(
      'engine-failed',
      `The speaker encoder ${modelPath} could not be loaded: ${reason}`,
      {
        cause,
      },
    )
  }
}
