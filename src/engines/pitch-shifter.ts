/**
 * Changes the pitch of speech and leaves its length and its formants alone, with the WebAssembly of
 * `signalsmith-stretch`. That package is made for browsers: its processor wants the globals of an audio worklet, which
 * are lent to it while it loads.
 */
import type { VoiceOptions } from '../engine/index.js'

/** The part of the package's WebAssembly that is used; a frequency is a fraction of the sample rate. */
interface StretchModule {
  readonly HEAP8: Int8Array
  _configure(channels: number, blockSamples: number, intervalSamples: number, splitComputation: boolean): void
  _reset(): void
  _inputLatency(): number
  _outputLatency(): number
  _setTransposeFactor(factor: number, tonalityLimit: number): void
  _setFormantFactor(factor: number, compensatePitch: boolean): void
  _setFormantBase(frequency: number): void
  /** Address of one input buffer per channel, then one output buffer per channel, float32 each. */
  _setBuffers(channels: number, samples: number): number
  _process(inputSamples: number, outputSamples: number): void
}

export interface PitchShifter {
  /** `factor` 1.5 = a fifth up. Same length as the input; about 1 % of real time on one core. */
  shift(samples: Float32Array, sampleRateHz: number, factor: number): Float32Array
}

/** Of the voice's usual pitch: at most a fourth up or down, beyond which it is another person's. */
export function pitchFactor({ pitchSemitones = 0 }: VoiceOptions): number {
  return 2 ** (Math.min(5, Math.max(-5, pitchSemitones)) / 12)
}

/** Four periods of a low voice. Measured by a recogniser: 80 ms and more smear consonants, 24 ms roughens vowels. */
const BLOCK_MS = 40
const INTERVAL_MS = 10
/** Above this, partials are moved without keeping their ratios: hiss need not be transposed exactly. */
const TONALITY_LIMIT_HZ = 8000
const CHUNK_SAMPLES = 4096

let shared: Promise<PitchShifter> | undefined

/** One for the whole process, since its WebAssembly works on one signal at a time and does so synchronously. */
export function loadPitchShifter(): Promise<PitchShifter> {
  shared ??= loadModule().then(createShifter)
  return shared
}

function createShifter(module: StretchModule): PitchShifter {
  return {
    shift(samples, sampleRateHz, factor) {
      const milliseconds = (ms: number) => Math.round((ms * sampleRateHz) / 1000)
      module._configure(1, milliseconds(BLOCK_MS), milliseconds(INTERVAL_MS), false)
      module._reset()
      module._setTransposeFactor(factor, TONALITY_LIMIT_HZ / sampleRateHz)
      module._setFormantFactor(1, true)
      module._setFormantBase(0)
      const address = module._setBuffers(1, CHUNK_SAMPLES)
      const delay = module._inputLatency() + module._outputLatency()
      const shifted = new Float32Array(samples.length)
      for (let from = 0; from < samples.length + delay; from += CHUNK_SAMPLES) {
        // The heap may have grown and moved: views are made anew each time.
        const input = new Float32Array(module.HEAP8.buffer, address, CHUNK_SAMPLES).fill(0)
        input.set(samples.subarray(from, from + CHUNK_SAMPLES))
        module._process(CHUNK_SAMPLES, CHUNK_SAMPLES)
        const output = new Float32Array(module.HEAP8.buffer, address + CHUNK_SAMPLES * 4, CHUNK_SAMPLES)
        const skip = Math.max(0, delay - from)
        const at = from + skip - delay
        if (skip < CHUNK_SAMPLES && at < samples.length)
          shifted.set(output.subarray(skip, skip + Math.min(CHUNK_SAMPLES - skip, samples.length - at)), at)
      }
      return shifted
    },
  }
}

type Processor = new (options: object) => { wasmModule?: StretchModule }

/** Names that the package's processor expects to find in an audio worklet. */
async function loadModule(): Promise<StretchModule> {
  const globals = globalThis as unknown as Record<string, unknown>
  let registered: Processor | undefined
  let ready = () => {}
  const initialised = new Promise<void>((resolve) => {
    ready = resolve
  })
  globals.AudioWorkletProcessor = class {
    /** The processor's first message says that its WebAssembly is there. */
    readonly port = { postMessage: () => ready() }
  }
  globals.registerProcessor = (_name: string, processor: Processor) => {
    registered = processor
  }
  globals.sampleRate = 24_000
  globals.currentTime = 0
  try {
    await import('signalsmith-stretch')
    if (registered === undefined) throw new Error('signalsmith-stretch registered no processor.')
    const processor = new registered({ numberOfOutputs: 1, outputChannelCount: [1] })
    await initialised
    if (processor.wasmModule === undefined) throw new Error('signalsmith-stretch gave no WebAssembly module.')
    return processor.wasmModule
  } finally {
    for (const name of ['AudioWorkletProcessor', 'registerProcessor', 'sampleRate', 'currentTime'])
      delete globals[name]
  }
}
