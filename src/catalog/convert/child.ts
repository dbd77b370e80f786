/**
 * Where a converter runs: a process of its own, since it computes for seconds without a pause. It gets one job, reports how
 * far it is and how it ended, and is killed where it is not wanted any more.
 */
import { join } from 'node:path'
import type { Conversion } from '../manifest.js'

export interface ConversionJob {
  /** Paths of `Conversion.inputs`, in order. */
  readonly inputs: readonly string[]
  /** Where the model's plain files lie. */
  readonly modelDirectory: string
  /** Empty directory; results are named as in `Conversion.outputs`. */
  readonly outputDirectory: string
}

type Convert = (job: ConversionJob, onProgress: (fraction: number) => void) => Promise<void>

const CONVERTERS: Readonly<Record<Conversion['converter'], Convert>> = {
  async whisper({ inputs, modelDirectory, outputDirectory }, onProgress) {
    const { convertWhisper } = await import('./whisper.js')
    await convertWhisper({
      parts: inputs,
      tokenizerPath: join(modelDirectory, 'tokenizer.json'),
      configPath: join(modelDirectory, 'config.json'),
      outDir: outputDirectory,
      onProgress,
    })
  },
  async kokoro({ inputs, outputDirectory }, onProgress) {
    const { convertKokoro } = await import('./kokoro.js')
    await convertKokoro({
      sourcePath: inputs[0]!,
      outPath: join(outputDirectory, 'kokoro.fp32.onnx'),
      onProgress,
    })
  },
  async 'speaker-encoder'({ inputs, outputDirectory }, onProgress) {
    const { convertSpeakerEncoder } = await import('./speaker-encoder.js')
    await convertSpeakerEncoder({
      sourcePath: inputs[0]!,
      outPath: join(outputDirectory, 'speaker-encoder.onnx'),
      onProgress,
    })
  },
  async 'efficientnet-lite'({ inputs, outputDirectory }, onProgress) {
    const { convertEfficientNet } = await import('./efficientnet-lite.js')
    await convertEfficientNet({
      sourcePath: inputs[0]!,
      outPath: join(outputDirectory, 'efficientnet-lite2.onnx'),
      onProgress,
    })
  },
  async 'tfjs-graph'({ inputs, outputDirectory }, onProgress) {
    const { convertTfjsGraph } = await import('./tfjs-graph.js')
    await convertTfjsGraph({
      graphPath: inputs[0]!,
      weightsPath: inputs[1]!,
      outPath: join(outputDirectory, 'model.onnx'),
      onProgress,
    })
  },
}

export interface ConversionOrder {
  readonly converter: Conversion['converter']
  readonly job: ConversionJob
}

export type ConversionReport =
  /** 0 … 1 */
  | { readonly fraction: number }
  /** The last one. `failure`: what the error says and what it knows of the disk. */
  | { readonly failure?: { readonly message: string } }

const report = (message: ConversionReport) => process.send?.(message)

process.once('message', ({ converter, job }: ConversionOrder) => {
  CONVERTERS[converter](job, (fraction) => report({ fraction })).then(
    () => report({}),
    (error: Error) => report({ failure: { ...error, message: error.message } }),
  )
})
// A terminal's ^C reaches this process too; the one that started it decides. Without that one there is nothing to do.
process.on('SIGINT', () => {})
process.once('disconnect', () => process.exit())
