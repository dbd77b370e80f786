/**
 * Runs the converter of a model on its verified inputs, in a process that can be ended at any time, and puts the results in place.
 */
import { fork } from 'node:child_process'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConversionJob, ConversionOrder, ConversionReport } from './convert/child.js'
import { CatalogError } from './errors.js'
import { conversionInputPath, fileBytes, pathsOf } from './home.js'
import type { Conversion, ModelManifest } from './manifest.js'

export interface ConversionRequest extends ConversionJob {
  readonly onProgress: (fraction: number) => void
  readonly signal: AbortSignal
}

type Converter = (request: ConversionRequest) => Promise<void>
export type Converters = Readonly<Record<Conversion['converter'], Converter>>

const CHILD = new URL(`./convert/child${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

/** Settles when the process has ended, so that nothing is written any more. `execArgv`: of Node; as for this process else. */
export function inChild(converter: Conversion['converter'], execArgv = process.execArgv): Converter {
  return ({ onProgress, signal, ...job }) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const child = fork(CHILD, { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
      const end = () => child.kill('SIGKILL')
      signal.addEventListener('abort', end, { once: true })
      let outcome: ConversionReport | undefined
      child.on('message', (report: ConversionReport) => {
        if ('fraction' in report) return onProgress(report.fraction)
        outcome = report
        child.disconnect()
      })
      const settle = (problem: unknown) => {
        signal.removeEventListener('abort', end)
        if (signal.aborted) reject(signal.reason)
        else if (problem === undefined) resolve()
        else reject(problem)
      }
      child.once('error', settle)
      child.once('exit', (code, killedBy) => {
        if (outcome === undefined) settle(new Error(`the converter was ended (${killedBy ?? code})`))
        else if ('failure' in outcome) settle(Object.assign(new Error(), outcome.failure))
        else settle(undefined)
      })
      const order: ConversionOrder = { converter, job }
      child.send(order)
    })
}

export const converters: Converters = {
  whisper: inChild('whisper'),
  kokoro: inChild('kokoro'),
  'speaker-encoder': inChild('speaker-encoder'),
  'efficientnet-lite': inChild('efficientnet-lite'),
  'tfjs-graph': inChild('tfjs-graph'),
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
    await available[conversion.converter]({
      inputs,
      modelDirectory: directory,
      outputDirectory,
      onProgress,
      signal,
    })
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
