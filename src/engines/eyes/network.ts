/** A network for pictures, as ONNX Runtime runs it: opened from its file, one input at a time. */
import { EngineError } from '../../engine/errors.js'
import { importOnnxRuntime, sessionOptions } from '../onnxruntime.js'

export interface NetworkOptions {
  readonly path: string
  readonly runtimeDir: string
  readonly threads: number
}

export interface Network {
  /** The outputs in the file's order. Blocks its process while it runs. */
  run(values: Float32Array, dims: readonly number[]): Promise<readonly NetworkOutput[]>
  close(): Promise<void>
}

export interface NetworkOutput {
  readonly data: Float32Array
  readonly dims: readonly number[]
}

export async function openNetwork({ path, runtimeDir, threads }: NetworkOptions): Promise<Network> {
  const { InferenceSession, Tensor } = await importOnnxRuntime(runtimeDir)
  try {
    const session = await InferenceSession.create(path, sessionOptions(threads))
    return {
      async run(values, dims) {
        const outputs = await session.run({ [session.inputNames[0]!]: new Tensor('float32', values, dims) })
        return session.outputNames.map((name) => {
          const output = outputs[name]!
          return { data: output.data as Float32Array, dims: output.dims }
        })
      },
      close: () => session.release(),
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EngineError('engine-failed', `The network ${path} could not be loaded: ${reason}`, { cause })
  }
}
