/** Fetches what a configuration needs and the home lacks, with progress; where nothing is missing, nothing is touched. */
import type { Config } from '../config/index.js'
import { neededModels } from './embedded-engines.js'
import { fetchEverything } from './models.js'

export function fetchWhatIsMissing(config: Config, signal: AbortSignal): Promise<void> {
  return fetchEverything({
    home: config.home,
    models: neededModels(config),
    offline: config.offline,
    hubEndpoint: config.hubUrl,
    signal,
  })
}
