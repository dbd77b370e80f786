/**
 * Runs the converter of a model on its verified inputs and puts the results in place. Knows the converters by name
 * only and loads them when needed.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CatalogError } from './errors.js'
import { conversionInputPath, fileBytes, pathsOf } from './home.js'
import type { Conversion, ModelManifest } from './manifest.js'

export interface ConversionRequest {
  /** Paths of `Conversion.inputs`, in order. */
  readonly inputs: readonly string[]
  /** Path of one of the model's plain files. */
  readonly file: (path: string) => string
  /** Empty directory; results are named as in `Conversion.outputs`. */
  readonly outputDirectory: string
  readonly onProgress: (fraction: number) => void
  readonly signal: AbortSignal
}

export type Converters = Readonly<
  Record<Conversion['converter'], (request: ConversionRequest) => Promise<void>>
>

export const converters: Converters = {
  async whisper({ inputs, file, outputDirectory, onProgress, signal }) {
    const { convertWhisper } = await import('./convert/whisper.js')
    await convertWhisper({
      parts: [...inputs],
      tokenizerPath: file('tokenizer.json'),
      configPath: file('config.json'),
      outDir: outputDirectory,
      onProgress,
      signal,
    })
  },
  async kokoro({ inputs, outputDirectory, onProgress, signal }) {
    const { convertKokoro } = await import('./convert/kokoro.js')
    const outPath = join(outputDirectory, 'kokoro.fp32.onnx')
    await convertKokoro({ sourcePath: inputs[0]!, outPath, onProgress, signal })
  },
}

const workName = '.converting'

/** Throws `CatalogError` `conversion`; disk errors and the abort reason as they are. Leaves no half result. */
export async function convertModel(
  home: string,
  model: ModelManifest & { readonly conversion: Conversion },
  available: Converters,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { conversion, id } = model
  const { directory, file } = pathsOf(home, model)
  const outputDirectory = join(directory, workName)
  await removeWorkDirectories(directory)
  await mkdir(outputDirectory, { recursive: true })
  try {
    const inputs = conversion.inputs.map((input) => conversionInputPath(home, input))
    await available[conversion.converter]({ inputs, file, outputDirectory, onProgress, signal })
    for (const { path } of conversion.outputs)
      if (!(await fileBytes(join(outputDirectory, path)))) throw new Error(`the converter made no ${path}`)
    for (const { path } of conversion.outputs) await rename(join(outputDirectory, path), file(path))
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Error && 'syscall' in error) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new CatalogError(
      'conversion',
      `${id} was fetched and checked, but converting it failed: ${reason}. This is a defect: please report it. ` +
        `Running "vivavoce models pull ${id}" tries again without a download.`,
      { cause: error },
    )
  } finally {
    await removeWorkDirectories(directory)
  }
}

/** Also those of a run that was killed, and a converter's own beside them. */
async function removeWorkDirectories(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => []))
    if (name.startsWith(workName)) await rm(join(directory, name), { recursive: true, force: true })
}
