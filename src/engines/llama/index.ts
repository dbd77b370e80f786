/**
 * The embedded language model: a GGUF file run by node-llama-cpp from a private prefix. Finds both; the rest is beside.
 * Loads native code: meant for a process of its own.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EngineError, type LanguageModel } from '../../engine/index.js'
import { type LlamaOptions, openLlama } from './open-llama.js'
import type { LlamaModule } from './runtime-types.js'

export type { LlamaOptions } from './open-llama.js'

/**
 * Loads weights and runtime. Rejects with `EngineError`: `engine-refused` where a file is missing or not usable,
 * `engine-failed` where loading failed.
 *
 * A conversation that finds every sequence taken takes over the one that was used longest ago and is at rest; its prompt is
 * evaluated again next time (conversations are never written to disk). When all are in use, calls wait in
 * line, answers before prefills.
 */
export async function loadLlama(options: LlamaOptions): Promise<LanguageModel & { close(): Promise<void> }> {
  const { modelPath } = options
  if (!existsSync(modelPath)) {
    throw new EngineError('engine-refused', `there is no language model at ${modelPath}`)
  }
  return openLlama(await importRuntime(options.runtimeDir), options)
}

async function importRuntime(runtimeDir: string): Promise<LlamaModule> {
  const entry = join(runtimeDir, 'node_modules', 'node-llama-cpp', 'dist', 'index.js')
  if (!existsSync(entry)) {
    throw new EngineError(
      'engine-refused',
      `the runtime of the language model is not installed in ${runtimeDir}`,
    )
  }
  return (await import(pathToFileURL(entry).href)) as LlamaModule
}
