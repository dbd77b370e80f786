/** What the catalog reports while it works. Types only: how it is shown is the caller's business. */
import type { SourceType } from './manifest.js'

export type CatalogProgress =
  /** Sent once per model before its first byte: every file still to be fetched, and how much of it is already here. */
  | {
      readonly type: 'plan'
      readonly model: string
      readonly files: readonly {
        readonly path: string
        readonly doneBytes: number
        readonly totalBytes: number
      }[]
    }
  | {
      readonly type: 'bytes'
      readonly model: string
      readonly path: string
      readonly source: SourceType
      readonly doneBytes: number
      readonly totalBytes: number
    }
  /** Work without bytes: checking, converting, installing, waiting. `fraction` 0 … 1 where it is known. */
  | { readonly type: 'step'; readonly model: string; readonly text: string; readonly fraction?: number }
  /** The model (or runtime) is complete. */
  | { readonly type: 'ready'; readonly model: string }
  /** Something a person should know, e.g. why a source was passed over. */
  | { readonly type: 'note'; readonly text: string }

export type OnCatalogProgress = (progress: CatalogProgress) => void
