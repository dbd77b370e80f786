/**
 * Converts Whisper weights (CTranslate2, float16) to the int8 ONNX files that the recogniser runs. Everything is made in a folder beside the
 * target and moved there when it is complete, so that nothing half made is ever left.
 */
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { readCtranslate2Model, readParts } from './ctranslate2-model.js'
import { writeOnnxModel } from './onnx-model.js'
import { decoderGraph, encoderGraph, whisperWeights } from './whisper-graphs.js'

export interface WhisperConversion {
  /** Pieces of `model.bin`, in order. */
  readonly parts: readonly string[]
  readonly tokenizerPath: string
  readonly configPath: string
  /** Gets encoder.int8.onnx, decoder.int8.onnx, dims.json, tokenizer.json and config.json. What it held is replaced. */
  readonly outDir: string
  /** 0 … 1 */
  readonly onProgress?: (fraction: number) => void
  readonly signal?: AbortSignal
}

/** Takes about 5 s and 0.6 GB of memory for Whisper base. Rejects with the signal's reason when aborted, between two steps. */
export async function convertWhisper(conversion: WhisperConversion): Promise<void> {
  const { parts, tokenizerPath, configPath, onProgress, signal } = conversion
  const outDir = resolve(conversion.outDir)
  const workDir = `${outDir}.partial`
  const reached = async (fraction: number) => {
    signal?.throwIfAborted()
    onProgress?.(fraction)
    await nextTurn()
  }
  try {
    await mkdir(dirname(outDir), { recursive: true })
    await rm(workDir, { recursive: true, force: true })
    await mkdir(workDir)
    await reached(0)
    const weights = whisperWeights(readCtranslate2Model(await readParts(parts, signal)))
    await reached(0.1)
    await writeFile(join(workDir, 'encoder.int8.onnx'), writeOnnxModel(encoderGraph(weights)))
    await reached(0.4)
    await writeFile(join(workDir, 'decoder.int8.onnx'), writeOnnxModel(decoderGraph(weights)))
    await reached(0.95)
    await writeFile(join(workDir, 'dims.json'), `${JSON.stringify(weights.dims)}\n`)
    await copyFile(tokenizerPath, join(workDir, 'tokenizer.json'))
    await copyFile(configPath, join(workDir, 'config.json'))
    await reached(0.99)
    await rm(outDir, { recursive: true, force: true })
    await rename(workDir, outDir)
    onProgress?.(1)
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}
