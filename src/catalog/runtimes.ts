/**
 * Native runtimes, fetched on first use like weights: each lives in a private npm prefix under the home, with exact
 * versions, no install scripts and only this machine's binaries, so that the product's own package stays small and no
 * install step can fail on a download. Knows how to install them and that they load, not what they compute.
 */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { EngineKind } from '../engine/index.js'
import { failureLine, findNpm, npmEnvironment, runCommand } from './command.js'
import { CatalogError, explainDiskError, systemCode } from './errors.js'
import { runtimesDirectory } from './home.js'
import { acquireLock } from './lock.js'
import type { OnCatalogProgress } from './progress.js'

export type RuntimeName = 'onnxruntime-node' | 'node-llama-cpp'

interface Runtime {
  readonly version: string
  /** Packages to install beside it, or why it can't run here. */
  readonly forPlatform: (
    platform: string,
  ) => { readonly packages: readonly string[] } | { readonly reason: string }
  /** Module that is imported, below `node_modules/<name>/`. */
  readonly entry: string
  /** Body of the check: `runtime` is the imported module; must throw where the native part does not load. */
  readonly check: string
}

const llamaPlatforms: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
}

const runtimes: Readonly<Record<RuntimeName, Runtime>> = {
  'onnxruntime-node': {
    version: '1.30.0',
    // The package carries the CPU binaries of every platform that it supports.
    forPlatform: (platform) =>
      ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'].includes(platform)
        ? { packages: [] }
        : { reason: 'onnxruntime-node 1.30.0 has no binary for it' },
    entry: 'dist/index.js',
    check:
      'if (!runtime.InferenceSession && !runtime.default?.InferenceSession) throw new Error("no InferenceSession")',
  },
  'node-llama-cpp': {
    version: '3.22.1',
    forPlatform: (platform) => {
      const name = llamaPlatforms[platform]
      return name
        ? { packages: [`@node-llama-cpp/${name}@3.22.1`] }
        : { reason: 'node-llama-cpp 3.22.1 has no ready-made binary for it' }
    },
    entry: 'dist/index.js',
    check:
      'const llama = await runtime.getLlama({ gpu: false, build: "never", skipDownload: true, logLevel: "error" }); await llama.dispose()',
  },
}

export interface EnsureRuntimeOptions {
  readonly home: string
  readonly offline?: boolean
  readonly onProgress?: OnCatalogProgress
  readonly signal?: AbortSignal
  readonly environment?: NodeJS.ProcessEnv
  /** `process.platform-process.arch`; given in tests. */
  readonly platform?: string
}

export interface InstalledRuntime {
  readonly name: RuntimeName
  readonly version: string
  /** The prefix; `node_modules` lies in it. */
  readonly directory: string
  /** URL to `import()`. */
  readonly entryUrl: string
}

/** Where a runtime lies or would lie. */
export function runtimePaths(home: string, name: RuntimeName): InstalledRuntime {
  const { version, entry } = runtimes[name]
  const directory = join(runtimesDirectory(home), `${name}-${version}`)
  const entryUrl = pathToFileURL(join(directory, 'node_modules', name, ...entry.split('/'))).href
  return { name, version, directory, entryUrl }
}

/**
 * Installs the runtime unless it is there; then nothing is fetched or started. Throws `CatalogError` `runtime` or
 * `offline`, disk errors as `CatalogError`, and the signal's reason.
 */
export async function ensureRuntime(
  name: RuntimeName,
  options: EnsureRuntimeOptions,
): Promise<InstalledRuntime> {
  const { home, offline, onProgress = () => {}, signal = new AbortController().signal } = options
  const installed = runtimePaths(home, name)
  if (!(await isInstalled(installed))) {
    if (offline) {
      throw new CatalogError(
        'offline',
        `The runtime ${name} is missing in ${home}. While connected to a network, run: vivavoce models pull`,
      )
    }
    try {
      await mkdir(runtimesDirectory(home), { recursive: true })
      await using _lock = await acquireLock({
        path: join(runtimesDirectory(home), `${name}.lock`),
        signal,
        onWait: (pid) =>
          onProgress({
            type: 'note',
            text: `another vivavoce (process ${pid ?? 'unknown'}) is installing ${name}`,
          }),
      })
      if (!(await isInstalled(installed))) await install(installed, { ...options, onProgress, signal })
    } catch (error) {
      signal.throwIfAborted()
      throw explainDiskError(error, home)
    }
  }
  onProgress({ type: 'ready', model: name })
  return installed
}

/** It was renamed into place whole and checked, so its package.json is proof enough. */
export async function isInstalled({ directory, name, version }: InstalledRuntime): Promise<boolean> {
  try {
    const text = await readFile(join(directory, 'node_modules', name, 'package.json'), 'utf8')
    return (JSON.parse(text) as { version?: string }).version === version
  } catch {
    return false
  }
}

async function install(
  target: InstalledRuntime,
  options: EnsureRuntimeOptions & { readonly onProgress: OnCatalogProgress; readonly signal: AbortSignal },
): Promise<void> {
  const { home, onProgress, signal, platform = `${process.platform}-${process.arch}` } = options
  const environment = options.environment ?? process.env
  const { name, version } = target
  const needed = runtimes[name].forPlatform(platform)
  if ('reason' in needed) {
    throw new CatalogError(
      'runtime',
      `${name} can't run on ${platform}: ${needed.reason}. Use a remote or scripted engine instead.`,
    )
  }
  await removeLeftovers(home, name)
  const directory = await mkdtemp(join(runtimesDirectory(home), `.${name}-`))
  try {
    onProgress({ type: 'step', model: name, text: `installing ${name} ${version}` })
    const npm = await findNpm({ environment, signal })
    const flags = [
      '--omit=optional',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--save-exact',
      '--loglevel=error',
    ]
    const args = ['install', '--prefix', directory, ...flags, `${name}@${version}`, ...needed.packages]
    const result = await runCommand(
      { file: npm.file, args: [...npm.args, ...args] },
      { environment: npmEnvironment(environment), signal, directory },
    )
    if (result.code !== 0) {
      if (/ENOSPC/.test(result.stderr))
        throw Object.assign(new Error('npm ran out of disk space'), { code: 'ENOSPC' })
      throw new CatalogError(
        'runtime',
        `npm could not install ${name} ${version}: ${failureLine(result)}. Check the network and npm's registry, then try again.`,
      )
    }
    if (name === 'onnxruntime-node') await pruneOnnxRuntime(directory, platform)
    onProgress({ type: 'step', model: name, text: `checking that ${name} loads` })
    await checkLoads(target, directory, signal)
    await rm(target.directory, { recursive: true, force: true })
    await rename(directory, target.directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Half-made prefixes of runs that were killed: nobody else installs this runtime while the lock is held. */
async function removeLeftovers(home: string, name: RuntimeName): Promise<void> {
  for (const entry of await readdir(runtimesDirectory(home)))
    if (entry.startsWith(`.${name}-`))
      await rm(join(runtimesDirectory(home), entry), { recursive: true, force: true })
}

/** Deletes the other platforms' binaries: 291 MB become about 50. */
async function pruneOnnxRuntime(directory: string, platform: string): Promise<void> {
  const bin = join(directory, 'node_modules', 'onnxruntime-node', 'bin')
  for (const api of await subdirectories(bin)) {
    for (const system of await subdirectories(join(bin, api))) {
      for (const arch of await subdirectories(join(bin, api, system)))
        if (`${system}-${arch}` !== platform)
          await rm(join(bin, api, system, arch), { recursive: true, force: true })
    }
  }
}

async function subdirectories(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}

/** In a process of its own: a native module that crashes must not take the server with it. */
async function checkLoads(
  { name, version }: InstalledRuntime,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  const { entry, check } = runtimes[name]
  const url = pathToFileURL(join(directory, 'node_modules', name, ...entry.split('/'))).href
  // A file rather than `-e`: node-llama-cpp forks a test process of its own, which would inherit `-e`.
  const script = join(directory, 'check.mjs')
  await writeFile(script, `const runtime = await import(${JSON.stringify(url)})\n${check}\nprocess.exit(0)\n`)
  const result = await runCommand(
    { file: process.execPath, args: [script] },
    { environment: process.env, signal, directory },
  )
  await rm(script, { force: true })
  if (result.code === 0) return
  throw new CatalogError(
    'runtime',
    `${name} ${version} was installed but does not load on this machine: ${failureLine(result)}`,
  )
}

export const runtimeNames = Object.keys(runtimes) as RuntimeName[]

/** The runtime that the embedded engines of a kind run on. */
export const runtimeFor = (kind: EngineKind): RuntimeName =>
  kind === 'llm' ? 'node-llama-cpp' : 'onnxruntime-node'
