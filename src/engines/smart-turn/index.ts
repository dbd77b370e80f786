/**
 * Smart Turn v3: the probability that a speaker has finished, from the sound of the last 8 s. Runs in a process of its own, since every
 * call blocks it for as long as it computes. It hears intonation, no words, and is weak alone: one vote among others.
 */
import { EngineError, type TurnDetector } from '../../engine/index.js'
import { createLogMel } from '../log-mel.js'
import { type InferenceSession, importOnnxRuntime, sessionOptions } from '../onnxruntime.js'
import { WINDOW_SAMPLES, windowOf } from './window.js'

export interface SmartTurnOptions {
  /** `smart-turn-v3.2-cpu.onnx` or another export with the input `input_features` [1, 80, 800]. */
  readonly modelPath: string
  /** The private prefix that holds onnxruntime-node. */
  readonly runtimeDir: string
}

const BANDS = 80
const FRAMES = 800

/** Rejects with `EngineError` where the runtime or the model cannot be loaded. */
export async function loadSmartTurn(
  options: SmartTurnOptions,
): Promise<TurnDetector & { close(): Promise<void> }> {
  const runtime = await importOnnxRuntime(options.runtimeDir)
  const session = await openModel(options, runtime.InferenceSession)
  const output = session.outputNames[0] ?? 'logits'
  const logMel = createLogMel(BANDS)
  let last: Promise<unknown> = Promise.resolve()

  async function score(samples: Float32Array, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted()
    const { values } = logMel(windowOf(samples), WINDOW_SAMPLES)
    const features = new runtime.Tensor('float32', values, [1, BANDS, FRAMES])
    try {
      const outputs = await session.run({ input_features: features })
      return outputs[output]?.data[0] as number
    } catch (cause) {
      throw new EngineError('engine-failed', 'The turn detector failed on a clip.', { cause })
    }
  }

  return {
    info: {
      id: 'smart-turn-v3.2',
      kind: 'turn',
      languages: [],
      description: 'Smart Turn v3.2: whether it sounds finished; 0.1 s for the last 8 s on one thread.',
    },
    // One at a time: what is not wanted any more by then costs nothing.
    score(samples, signal) {
      const result = last.then(() => score(samples, signal))
      last = result.catch(() => undefined)
      return result
    },
    close: () => session.release(),
  }
}

async function openModel(
  { modelPath }: SmartTurnOptions,
  sessions: { create(path: string, options: object): Promise<InferenceSession> },
): Promise<InferenceSession> {
  let session: InferenceSession
  try {
    session = await sessions.create(modelPath, sessionOptions(1))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EngineError('engine-failed', `The turn detector ${modelPath} could not be loaded: ${reason}`, {
      cause,
    })
  }
  if (session.inputNames.includes('input_features')) return session
  const found = session.inputNames.join(', ')
  throw new EngineError(
    'engine-failed',
    `${modelPath} is not a Smart Turn model: it takes ${found} instead of input_features.`,
  )
}
