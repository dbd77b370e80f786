/** Looks at what is on disk: the list with states, and verification by re-hashing. Changes nothing. */
import { readdir } from 'node:fs/promises'
import { sha256OfFile } from './checksum.js'
import { downloadsDirectory, fileBytes, isReady, manifestDigest, pathsOf, readMarker } from './home.js'
import type { ModelManifest } from './manifest.js'
import { fetchedFiles, findModel, models } from './models.js'

/** partial = some bytes are here; outdated = complete for another version of the catalog. */
export type ModelState = 'ready' | 'missing' | 'partial' | 'outdated'

export interface ListedModel {
  readonly model: ModelManifest
  readonly state: ModelState
  readonly downloadBytes: number
  /** Bytes on disk when ready; approximate while it is not, where the model is converted. */
  readonly diskBytes: number
}

export async function listModels(home: string, catalog = models): Promise<ListedModel[]> {
  return Promise.all(
    catalog.map(async (model) => ({
      model,
      state: await stateOf(home, model),
      downloadBytes: sum(fetchedFiles(model)),
      diskBytes: sum([...model.files, ...(model.conversion?.outputs ?? [])]),
    })),
  )
}

const sum = (files: readonly { readonly bytes: number }[]) =>
  files.reduce((total, file) => total + file.bytes, 0)

async function stateOf(home: string, model: ModelManifest): Promise<ModelState> {
  if (await isReady(home, model)) return 'ready'
  const marker = await readMarker(home, model.id)
  if (marker && marker.manifest !== manifestDigest(model)) return 'outdated'
  const { file } = pathsOf(home, model)
  for (const { path } of model.files) if ((await fileBytes(file(path))) !== undefined) return 'partial'
  const digests = fetchedFiles(model).map(({ sha256 }) => sha256)
  const downloads = await readdir(downloadsDirectory(home)).catch(() => [])
  return downloads.some((name) => digests.some((digest) => name.startsWith(digest))) ? 'partial' : 'missing'
}

export interface Verification {
  readonly id: string
  readonly state: 'intact' | 'damaged' | 'missing'
  /** One sentence per file that is not as it should be. */
  readonly problems: readonly string[]
}

/** Re-hashes every file of the named models: downloads against the catalog, converted files against their marker. */
export async function verifyModels(
  home: string,
  ids: readonly string[],
  { signal, onFile = () => {} }: { signal?: AbortSignal; onFile?: (id: string, path: string) => void } = {},
): Promise<Verification[]> {
  const results: Verification[] = []
  for (const id of ids) results.push(await verifyManifest(home, findModel(id), onFile, signal))
  return results
}

export async function verifyManifest(
  home: string,
  model: ModelManifest,
  onFile: (id: string, path: string) => void,
  signal?: AbortSignal,
): Promise<Verification> {
  const { id } = model
  const marker = await readMarker(home, id)
  if (!marker) return { id, state: 'missing', problems: [`${id} is not installed`] }
  const { file } = pathsOf(home, model)
  const made = new Set(model.conversion?.outputs.map(({ path }) => path))
  const expected = [...model.files, ...marker.files.filter(({ path }) => made.has(path))]
  const problems: string[] = []
  for (const { path, bytes, sha256 } of expected) {
    signal?.throwIfAborted()
    onFile(id, path)
    const actualBytes = await fileBytes(file(path))
    if (actualBytes === undefined) problems.push(`${path} is missing`)
    else if (actualBytes !== bytes) problems.push(`${path} has ${actualBytes} bytes, expected ${bytes}`)
    else {
      const actual = await sha256OfFile(file(path), signal)
      if (actual !== sha256) problems.push(`${path} has sha256 ${actual}, expected ${sha256}`)
    }
  }
  if (marker.manifest !== manifestDigest(model))
    problems.push('it was installed by another version of the catalog')
  return { id, state: problems.length === 0 ? 'intact' : 'damaged', problems }
}
