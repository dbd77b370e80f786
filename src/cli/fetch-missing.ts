/** Fetches what a configuration needs and the home lacks, with progress; where nothing is missing, nothing is touched. */

import { CatalogError } from '../catalog/index.js'
import type { Config } from '../config/index.js'
import { neededModels, welcomeModels } from './embedded-engines.js'
import { fetchEverything } from './models.js'

export async function fetchWhatIsMissing(config: Config, signal: AbortSignal): Promise<void> {
  const fetch = (models: readonly string[]) =>
    fetchEverything({
      home: config.home,
      models,
      offline: config.offline,
      hubEndpoint: config.hubUrl,
      signal,
    })
  await fetch(neededModels(config))
  for (const id of welcomeModels(config)) {
    try {
      await fetch([id])
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error
      process.stderr.write(`Going on without ${id}: ${error.message}\n`)
    }
  }
}
