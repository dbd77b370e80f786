/**
 * A result that grows: one file that says where, when and how it was measured, holds every unit (a turn, a case, a step) as soon as it is
 * measured, and can be gone on with after an interruption. It does not know what the units mean.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describeCommit, describeMachine } from './machine.js'

export interface GrowingResult<Unit> {
  /** Those of an earlier, unfinished run of the same measurement come first. */
  readonly units: readonly Unit[]
  /** How many came from an earlier run. */
  readonly resumed: number
  add(unit: Unit): void
  /** `result`: the summary. `complete` false = it can be gone on with. */
  finish(complete: boolean, result: object): void
}

interface ResultFile<Unit> {
  readonly benchmark: string
  readonly startedAt: string
  readonly measuredAt: string
  /** Time that the measuring took, all runs together. */
  readonly minutes: number
  readonly commit: string | undefined
  readonly machine: ReturnType<typeof describeMachine>
  readonly configuration: object
  readonly complete: boolean
  readonly result?: object
  readonly units: readonly Unit[]
}

/** A file of another measurement, commit or configuration, and a finished one, are begun anew. */
export function openResult<Unit>(
  path: string,
  benchmark: string,
  configuration: Readonly<Record<string, unknown>>,
): GrowingResult<Unit> {
  // As it will be read back: without members that are undefined.
  const given = JSON.parse(JSON.stringify(configuration)) as object
  const commit = describeCommit()
  const machine = describeMachine()
  const earlier = readResult<Unit>(path)
  const same =
    earlier !== undefined &&
    !earlier.complete &&
    JSON.stringify([earlier.benchmark, earlier.commit, earlier.machine, earlier.configuration]) ===
      JSON.stringify([benchmark, commit, machine, given])
  const units: Unit[] = same ? [...earlier.units] : []
  const resumed = units.length
  const startedAt = same ? earlier.startedAt : new Date().toISOString()
  const minutesBefore = same ? earlier.minutes : 0
  const beganMs = performance.now()

  function save(complete: boolean, result?: object): void {
    const minutes = minutesBefore + (performance.now() - beganMs) / 60_000
    const file: ResultFile<Unit> = {
      benchmark,
      startedAt,
      measuredAt: new Date().toISOString(),
      minutes: Math.round(minutes * 100) / 100,
      commit,
      machine,
      configuration: given,
      complete,
      ...(result === undefined ? {} : { result }),
      units,
    }
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.part`, `${JSON.stringify(file, undefined, 2)}\n`)
    renameSync(`${path}.part`, path)
  }

  return {
    units,
    resumed,
    add(unit) {
      units.push(unit)
      save(false)
    },
    finish: save,
  }
}

function readResult<Unit>(path: string): ResultFile<Unit> | undefined {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as ResultFile<Unit>
    return Array.isArray(file.units) ? file : undefined
  } catch {
    return undefined
  }
}
