/** What a result must say about where it was measured: the machine, the runtime and the commit. */

import { execFileSync } from 'node:child_process'
import { arch, cpus, platform, totalmem } from 'node:os'

export interface Machine {
  readonly cpuModel: string
  readonly cores: number
  readonly memoryBytes: number
  readonly platform: string
  readonly node: string
}

export function describeMachine(): Machine {
  const cores = cpus()
  return {
    cpuModel: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryBytes: totalmem(),
    platform: `${platform()} ${arch()}`,
    node: process.version,
  }
}

/** The checked-out commit, with `+` where files differ from it; undefined outside a checkout of the sources. */
export function describeCommit(): string | undefined {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no').trim() !== ''
    return `${git('rev-parse', '--short=12', 'HEAD').trim()}${changed ? '+' : ''}`
  } catch {
    return undefined
  }
}
