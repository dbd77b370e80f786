/**
 * Silero voice activity detection (v6, 16 kHz): the probability of speech per 32 ms. Several detections share one network; each keeps the
 * state of its own stream. Decides nothing about turns.
 */
import { createFramer } from '../../audio/index.js'
import { createAsyncQueue } from '../../engine/async-queue.js'
import {
  EngineError,
  SPEECH_FRAME_SAMPLES,
  type SpeechDetection,
  type SpeechDetector,
  type SpeechScore,
} from '../../engine/index.js'
import { type InferenceSession, importOnnxRuntime, type OnnxRuntime, sessionOptions } from '../onnxruntime.js'
import { CONTEXT_SAMPLES, createNetwork, type SileroNetwork, STATE_SIZE, WINDOW_SAMPLES } from './network.js'

export interface SileroOptions {
  /** `silero_vad_16k_op15.onnx` or another 16 kHz export with the inputs `input` and `state`. */
  readonly modelPath: string
  /** The private prefix that holds onnxruntime-node. */
  readonly runtimeDir: string
}

/** Rejects with `EngineError` where the runtime or the model cannot be loaded. `close` ends every detection. */
export async function loadSilero(
  options: SileroOptions,
): Promise<SpeechDetector & { close(): Promise<void> }> {
  const runtime = await importOnnxRuntime(options.runtimeDir)
  const session = await openModel(runtime, options.modelPath)
  const network = createNetwork(runtime, session)
  const closing = new AbortController()
  return {
    info: {
      id: 'silero-vad-v6',
      kind: 'vad',
      languages: [],
      description: 'Silero voice activity detection, 0.3 ms per 32 ms of audio on one thread.',
    },
    open: ({ signal }) => createDetection(network, AbortSignal.any([signal, closing.signal])),
    async close() {
      closing.abort()
      await session.release()
    },
  }
}

async function openModel(runtime: OnnxRuntime, modelPath: string): Promise<InferenceSession> {
  let session: InferenceSession
  try {
    // More threads cost more to wake than a frame takes to score.
    session = await runtime.InferenceSession.create(modelPath, sessionOptions(1))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EngineError(
      'engine-failed',
      `The voice activity model ${modelPath} could not be loaded: ${reason}`,
      { cause },
    )
  }
  const { inputNames, outputNames } = session
  if (inputNames.includes('input') && inputNames.includes('state') && outputNames.includes('stateN'))
    return session
  throw new EngineError(
    'engine-failed',
    `${modelPath} is not a Silero model: it takes ${inputNames.join(', ')} instead of input and state.`,
  )
}

function createDetection(network: SileroNetwork, signal: AbortSignal): SpeechDetection {
  const framer = createFramer(SPEECH_FRAME_SAMPLES)
  const frames = createAsyncQueue<Float32Array>()
  if (signal.aborted) frames.end()
  signal.addEventListener('abort', () => frames.end(), { once: true })

  async function* iterate(): AsyncGenerator<SpeechScore> {
    const state = new Float32Array(STATE_SIZE)
    // Context and frame lie side by side in one buffer: the end of each frame is moved to the front for the next.
    const window = new Float32Array(WINDOW_SAMPLES)
    let startSample = 0
    for await (const frame of frames) {
      if (signal.aborted) return
      window.copyWithin(0, SPEECH_FRAME_SAMPLES)
      window.set(frame, CONTEXT_SAMPLES)
      let probability: number
      try {
        probability = await network.score(window, state)
      } catch (cause) {
        if (signal.aborted) return
        throw new EngineError('engine-failed', 'The voice activity model failed on a frame.', { cause })
      }
      if (signal.aborted) return
      yield { startSample, probability }
      startSample += SPEECH_FRAME_SAMPLES
    }
  }

  return {
    push(samples) {
      if (signal.aborted) return
      for (const frame of framer.push(samples)) frames.push(frame)
    },
    finish: () => frames.end(),
    [Symbol.asyncIterator]: iterate,
  }
}
