import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeRegistries, makeFakeRegistries } from '../testing/fake-registries.js'
import type { CatalogProgress } from './progress.js'
import { ensureRuntime, isInstalled, runtimeFor, runtimePaths } from './runtimes.js'

const onnxContents = {
  'dist/index.js': 'exports.InferenceSession = {}',
  'bin/napi-v6/linux/x64/binding.node': 'x64',
  'bin/napi-v6/linux/arm64/binding.node': 'arm64',
  'bin/napi-v6/win32/x64/binding.node': 'windows',
}

let directory: string
let home: string
let registries: FakeRegistries
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vivavoce-runtime-'))
  home = join(directory, 'home')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const withContents = async (npmContents: Record<string, Record<string, string>>) => {
  registries = await makeFakeRegistries(directory, { npmContents })
}
const ensureOnnx = (options = {}) =>
  ensureRuntime('onnxruntime-node', {
    home,
    platform: 'linux-x64',
    environment: registries.environment,
    ...options,
  })

describe('ensureRuntime', () => {
  it("installs exact versions without scripts into a private prefix, keeping this machine's binaries", async () => {
    await withContents({ 'onnxruntime-node': onnxContents })
    const progress: CatalogProgress[] = []
    const installed = await ensureOnnx({ onProgress: (event: CatalogProgress) => progress.push(event) })
    expect(installed).toEqual(runtimePaths(home, 'onnxruntime-node'))
    expect(installed.directory).toBe(join(home, 'runtimes', 'onnxruntime-node-1.30.0'))
    expect(await isInstalled(installed)).toBe(true)
    const bin = join(installed.directory, 'node_modules', 'onnxruntime-node', 'bin', 'napi-v6')
    expect(await readdir(join(bin, 'linux'))).toEqual(['x64'])
    expect(await readdir(join(bin, 'win32'))).toEqual([])
    expect(await readdir(join(home, 'runtimes'))).toEqual(['onnxruntime-node-1.30.0'])
    expect(progress.at(-1)).toEqual({ type: 'ready', model: 'onnxruntime-node' })
    const call = (await registries.calls()).find((line) => line.startsWith('npm install'))
    expect(call).toMatch(/--omit=optional --ignore-scripts .*--save-exact .*onnxruntime-node@1\.30\.0$/)
  })

  it('fetches and starts nothing the second time', async () => {
    await withContents({ 'onnxruntime-node': onnxContents })
    await ensureOnnx()
    const calls = await registries.calls()
    await ensureOnnx({ offline: true })
    expect(await registries.calls()).toEqual(calls)
  })

  it('names the platform package of node-llama-cpp', async () => {
    await withContents({
      'node-llama-cpp': { 'dist/index.js': 'exports.getLlama = async () => ({ dispose() {} })' },
    })
    await ensureRuntime('node-llama-cpp', {
      home,
      platform: 'darwin-arm64',
      environment: registries.environment,
    })
    const call = (await registries.calls()).find((line) => line.startsWith('npm install'))
    expect(call).toMatch(/node-llama-cpp@3\.22\.1 @node-llama-cpp\/mac-arm64-metal@3\.22\.1$/)
  })

  it('leaves nothing behind when the native part does not load, and says why', async () => {
    await withContents({ 'onnxruntime-node': { 'dist/index.js': 'throw new Error("GLIBC_2.34 not found")' } })
    const failing = ensureOnnx()
    await expect(failing).rejects.toMatchObject({ code: 'runtime' })
    await expect(failing).rejects.toThrow(/does not load on this machine: .*GLIBC_2\.34 not found/)
    expect(await readdir(join(home, 'runtimes'))).toEqual([])
  })

  it('shows what npm says when it fails', async () => {
    registries = await makeFakeRegistries(directory)
    await expect(ensureOnnx()).rejects.toThrow(
      /npm could not install onnxruntime-node 1\.30\.0: npm error code E404/,
    )
  })

  it('clears away what a killed run left', async () => {
    await withContents({ 'onnxruntime-node': onnxContents })
    await mkdir(join(home, 'runtimes', '.onnxruntime-node-abc'), { recursive: true })
    await writeFile(join(home, 'runtimes', '.onnxruntime-node-abc', 'half'), 'x')
    await ensureOnnx()
    expect(await readdir(join(home, 'runtimes'))).toEqual(['onnxruntime-node-1.30.0'])
  })

  it('refuses a platform without binaries, and an offline first start, with the cure', async () => {
    await withContents({})
    await expect(ensureOnnx({ platform: 'darwin-x64' })).rejects.toThrow(
      /can't run on darwin-x64.*remote or scripted/,
    )
    await expect(ensureOnnx({ offline: true })).rejects.toThrow(/run: vivavoce models pull/)
  })

  it('replaces an installation of another version', async () => {
    await withContents({ 'onnxruntime-node': onnxContents })
    const manifest = join(home, 'runtimes', 'onnxruntime-node-1.30.0', 'node_modules', 'onnxruntime-node')
    await mkdir(manifest, { recursive: true })
    await writeFile(join(manifest, 'package.json'), '{"version":"0.0.1"}')
    await ensureOnnx()
    expect(await readFile(join(manifest, 'package.json'), 'utf8')).toContain('1.30.0')
  })

  it('maps every kind of engine to a runtime', () => {
    expect([runtimeFor('vad'), runtimeFor('asr'), runtimeFor('tts')]).toEqual(
      Array(3).fill('onnxruntime-node'),
    )
    expect(runtimeFor('llm')).toBe('node-llama-cpp')
  })
})
