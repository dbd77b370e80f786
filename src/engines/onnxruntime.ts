/**
 * Loads ONNX Runtime out of a private prefix, where the catalog installs it on first use: it is no dependency of the package, which
 * stays small. Shared by every engine that runs on it. Knows no model.
 */
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type * as OnnxRuntimeCommon from 'onnxruntime-common'
import { EngineError } from '../engine/errors.js'

export type OnnxRuntime = Pick<typeof OnnxRuntimeCommon, 'InferenceSession' | 'Tensor' | 'env'>
export type { InferenceSession, Tensor } from 'onnxruntime-common'

/**
 * `onnxruntime-node` of `<prefixDir>/node_modules`. Throws `EngineError` that says what to do where it is missing or broken.
 * Repeated calls with one prefix return the same module.
 */
export async function importOnnxRuntime(prefixDir: string): Promise<OnnxRuntime> {
  // Resolved from inside the prefix, so that no other copy of it can be taken by mistake.
  const requireFromPrefix = createRequire(join(resolve(prefixDir), 'package.json'))
  try {
    return requireFromPrefix('onnxruntime-node') as OnnxRuntime
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    throw new EngineError(
      'engine-failed',
      `ONNX Runtime could not be loaded from ${prefixDir} (${reason}). Delete that folder and start again: it is fetched anew.`,
      { cause },
    )
  }
}

/**
 * Options for a session that computes with `threads` threads (at least 1) and prints errors only. One graph node runs
 * after the other: our graphs are chains, and a second pool of threads would only fight with the first. Without `force_spinning_stop` the threads
 * of a run that is over keep their cores busy for 47 ms more, waiting for the next one (Piper, two threads): a core that the language model lacks.
 */
export function sessionOptions(threads: number): OnnxRuntimeCommon.InferenceSession.SessionOptions {
  return {
    executionProviders: ['cpu'],
    intraOpNumThreads: Math.max(1, Math.floor(threads)),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    extra: { session: { force_spinning_stop: '1' } },
  }
}
