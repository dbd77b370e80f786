/** Converters in their process, on a model made up for the purpose. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tinyWhisper } from '../testing/tiny-whisper.js'
import { type Converters, convertModel, inChild } from './conversions.js'
import type { Conversion, ModelManifest } from './manifest.js'

const WITH_SOURCES = ['--import', 'tsx']
const converters: Converters = {
  whisper: inChild('whisper', WITH_SOURCES),
  kokoro: inChild('kokoro', WITH_SOURCES),
  'speaker-encoder': inChild('speaker-encoder', WITH_SOURCES),
  'efficientnet-lite': inChild('efficientnet-lite', WITH_SOURCES),
  'tfjs-graph': inChild('tfjs-graph', WITH_SOURCES),
}
const OUTPUTS = ['config.json', 'decoder.int8.onnx', 'dims.json', 'encoder.int8.onnx', 'tokenizer.json']
const source = { path: 'model.bin', bytes: 1, sha256: 'a'.repeat(64), sources: [] }

let home: string
let modelDirectory: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'vivavoce-convert-'))
  modelDirectory = join(home, 'models', 'tiny')
  await mkdir(modelDirectory, { recursive: true })
  await mkdir(join(home, 'downloads'))
  await writeFile(join(home, 'downloads', `${source.sha256}.source`), tinyWhisper().bytes)
  for (const name of ['tokenizer.json', 'config.json']) await writeFile(join(modelDirectory, name), '{}')
})
afterEach(() => rm(home, { recursive: true, force: true }))

function convert(
  converter: Conversion['converter'],
  onProgress: (fraction: number) => void = () => {},
  signal = new AbortController().signal,
): Promise<void> {
  const outputs = OUTPUTS.map((path) => ({ path, bytes: 1 }))
  const model = {
    id: 'tiny',
    main: 'encoder.int8.onnx',
    conversion: { converter, version: 1, inputs: [source], outputs },
  }
  const manifest = model as unknown as ModelManifest & { readonly conversion: Conversion }
  return convertModel(home, manifest, converters, onProgress, signal)
}

it('puts the results in place and reports progress, while the caller goes on with other work', async () => {
  const progress: number[] = []
  await convert('whisper', (fraction) => progress.push(fraction))
  expect((await readdir(modelDirectory)).sort()).toEqual(OUTPUTS)
  expect(progress.length).toBeGreaterThan(3)
  expect(progress).toEqual([...progress].sort((a, b) => a - b))
})

it('is ended at any time and leaves no half file', async () => {
  const abort = new AbortController()
  const reached = (fraction: number) => fraction >= 0.1 && abort.abort(new Error('enough'))
  await expect(convert('whisper', reached, abort.signal)).rejects.toThrow('enough')
  expect((await readdir(modelDirectory)).sort()).toEqual(['config.json', 'tokenizer.json'])
  await expect(convert('whisper', () => {}, abort.signal)).rejects.toThrow('enough')
})

it('says what is wrong with a source, and keeps it', async () => {
  await expect(convert('kokoro')).rejects.toMatchObject({ code: 'conversion' })
  expect((await readdir(modelDirectory)).sort()).toEqual(['config.json', 'tokenizer.json'])
  expect(existsSync(join(home, 'downloads', `${source.sha256}.source`))).toBe(true)
})
