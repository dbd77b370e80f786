/**
 * The network behind every detection. Frames of several streams that wait at the same time are scored in one run: most of what a run costs
 * does not depend on how many they are. It knows no audio and keeps no stream's state.
 */
import { SPEECH_FRAME_SAMPLES } from '../../engine/index.js'
import type { InferenceSession, OnnxRuntime } from '../onnxruntime.js'

/** The network sees the end of the frame before: without it onsets are scored late. */
export const CONTEXT_SAMPLES = 64
export const WINDOW_SAMPLES = CONTEXT_SAMPLES + SPEECH_FRAME_SAMPLES
/** Two LSTM layers of 128, one after the other. */
const LAYERS = 2
const LAYER_SIZE = 128
export const STATE_SIZE = LAYERS * LAYER_SIZE
/** More cost no less each, and would keep those waiting that come meanwhile: 16 take 2 ms. */
const MAX_BATCH = 16

export interface SileroNetwork {
  /** Probability of speech in a window of `WINDOW_SAMPLES`; `state` is the stream's own, and is brought up to date. */
  score(window: Float32Array, state: Float32Array): Promise<number>
}

interface Waiting {
  readonly window: Float32Array
  readonly state: Float32Array
  readonly resolve: (probability: number) => void
  readonly reject: (error: unknown) => void
}

export function createNetwork(runtime: OnnxRuntime, session: InferenceSession): SileroNetwork {
  const rate = session.inputNames.includes('sr')
    ? { sr: new runtime.Tensor('int64', BigInt64Array.of(16_000n), []) }
    : undefined
  const waiting: Waiting[] = []
  let running = false

  async function runAll(): Promise<void> {
    running = true
    // One turn of the event loop: what came with the same messages goes into the same run.
    await new Promise(setImmediate)
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MAX_BATCH)
      try {
        await run(batch)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    running = false
  }

  async function run(batch: readonly Waiting[]): Promise<void> {
    const count = batch.length
    const windows = new Float32Array(count * WINDOW_SAMPLES)
    const states = new Float32Array(count * STATE_SIZE)
    for (const [index, { window, state }] of batch.entries()) {
      windows.set(window, index * WINDOW_SAMPLES)
      for (let layer = 0; layer < LAYERS; layer++) {
        const part = state.subarray(layer * LAYER_SIZE, (layer + 1) * LAYER_SIZE)
        states.set(part, (layer * count + index) * LAYER_SIZE)
      }
    }
    const output = await session.run({
      input: new runtime.Tensor('float32', windows, [count, WINDOW_SAMPLES]),
      state: new runtime.Tensor('float32', states, [LAYERS, count, LAYER_SIZE]),
      ...rate,
    })
    const probabilities = output.output!.data as Float32Array
    const after = output.stateN!.data as Float32Array
    for (const [index, { state, resolve }] of batch.entries()) {
      for (let layer = 0; layer < LAYERS; layer++) {
        const from = (layer * count + index) * LAYER_SIZE
        state.set(after.subarray(from, from + LAYER_SIZE), layer * LAYER_SIZE)
      }
      resolve(probabilities[index]!)
    }
  }

  return {
    score(window, state) {
      return new Promise((resolve, reject) => {
        waiting.push({ window, state, resolve, reject })
        if (!running) void runAll()
      })
    },
  }
}
