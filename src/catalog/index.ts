/** The catalog: models and native runtimes, fetched, checked, converted and found again. */

export { type EnsureModelsOptions, ensureModels } from './ensure-models.js'
export { CatalogError, type CatalogErrorCode } from './errors.js'
export { defaultHubEndpoint, defaultSourceOrder, sourceName } from './fetch-files.js'
export { type ModelPaths, modelPaths } from './home.js'
export {
  type ListedModel,
  listModels,
  type ModelState,
  type Verification,
  verifyModels,
} from './inspect-models.js'
export type { ModelFile, ModelManifest, Source, SourceType } from './manifest.js'
export { defaultModelIds, findModel, models } from './models.js'
export type { CatalogProgress, OnCatalogProgress } from './progress.js'
export {
  type EnsureRuntimeOptions,
  ensureRuntime,
  type InstalledRuntime,
  isInstalled,
  type RuntimeName,
  runtimeFor,
  runtimeNames,
  runtimePaths,
} from './runtimes.js'
