import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TINY_WHISPER, tinyWhisper } from '../../testing/tiny-whisper.js'
import { readCtranslate2Model } from './ctranslate2-model.js'
import { type OnnxGraph, readOnnxModel } from './onnx-model.js'
import { convertWhisper, type WhisperConversion } from './whisper.js'

const OUTPUTS = ['config.json', 'decoder.int8.onnx', 'dims.json', 'encoder.int8.onnx', 'tokenizer.json']
const { bytes } = tinyWhisper()
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whisper-'))
  await writeFile(join(folder, 'part1'), bytes.subarray(0, 40_001))
  await writeFile(join(folder, 'part2'), bytes.subarray(40_001))
  await writeFile(join(folder, 'tokenizer.json'), '{"t":1}')
  await writeFile(join(folder, 'config.json'), '{"c":1}')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const conversion = (changes: Partial<WhisperConversion> = {}): WhisperConversion => ({
  parts: [join(folder, 'part1'), join(folder, 'part2')],
  tokenizerPath: join(folder, 'tokenizer.json'),
  configPath: join(folder, 'config.json'),
  outDir: join(folder, 'out'),
  ...changes,
})

describe('converting Whisper', () => {
  it('writes both graphs, the sizes and the copies, and reports rising progress', async () => {
    const progress: number[] = []
    await convertWhisper(conversion({ onProgress: (fraction) => progress.push(fraction) }))
    const out = join(folder, 'out')
    expect((await readdir(out)).sort()).toEqual(OUTPUTS)
    expect(JSON.parse(await readFile(join(out, 'dims.json'), 'utf8'))).toEqual({
      width: TINY_WHISPER.width,
      heads: 1,
      headWidth: 64,
      encoderLayers: 1,
      decoderLayers: 1,
      vocabulary: TINY_WHISPER.vocabulary,
      mels: TINY_WHISPER.mels,
      maxFrames: TINY_WHISPER.maxFrames,
      maxTokens: TINY_WHISPER.maxTokens,
    })
    expect(await readFile(join(out, 'tokenizer.json'), 'utf8')).toBe('{"t":1}')
    expect(progress[0]).toBe(0)
    expect(progress.at(-1)).toBe(1)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(await readdir(folder)).not.toContainEqual(expect.stringContaining('partial'))
  })

  it('makes graphs in which every value is defined before it is used', async () => {
    await convertWhisper(conversion())
    for (const name of ['encoder', 'decoder']) {
      const { graph } = readOnnxModel(await readFile(join(folder, 'out', `${name}.int8.onnx`)))
      expect(undefinedValues(graph)).toEqual([])
      expect(graph.node.filter(({ opType }) => opType === 'MatMulInteger').length).toBe(
        name === 'encoder' ? 5 : 7,
      )
    }
  })

  it('replaces what was there', async () => {
    await convertWhisper(conversion())
    await writeFile(join(folder, 'out', 'old'), '')
    await convertWhisper(conversion())
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(OUTPUTS)
  })

  it('leaves nothing behind when it is aborted half way', async () => {
    const abort = new AbortController()
    const onProgress = (fraction: number) => fraction >= 0.4 && abort.abort(new Error('enough'))
    await expect(convertWhisper(conversion({ signal: abort.signal, onProgress }))).rejects.toThrow('enough')
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'part1', 'part2', 'tokenizer.json'])
  })

  it.each([
    ['cut short', () => bytes.subarray(0, -100), /ends at byte/],
    [
      'pieces missing in the middle',
      () => Buffer.concat([bytes.subarray(0, 1000), bytes.subarray(2000)]),
      /CTranslate2/,
    ],
    ['too long', () => Buffer.concat([bytes, Buffer.alloc(3)]), /3 bytes too many/],
    ['of another kind', () => Buffer.from('GGUF, not this'), /not a CTranslate2 file/],
    ['of another model', () => tinyWhisper('TransformerSpec').bytes, /TransformerSpec, not a Whisper/],
  ])('says so when the file is %s, and leaves what was there', async (_name, make, message) => {
    await convertWhisper(conversion())
    await writeFile(join(folder, 'bad'), make())
    await expect(convertWhisper(conversion({ parts: [join(folder, 'bad')] }))).rejects.toThrow(message)
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(OUTPUTS)
  })
})

it('resolves aliases of weights', () => {
  const { variables } = readCtranslate2Model(bytes)
  expect(variables.get('decoder/projection/weight')).toBe(variables.get('decoder/embeddings/weight'))
})

function undefinedValues(graph: OnnxGraph): string[] {
  const known = new Set([...graph.input, ...graph.initializer].map(({ name }) => name))
  const missing: string[] = []
  for (const node of graph.node) {
    for (const input of node.input) if (!known.has(input)) missing.push(input)
    for (const output of node.output) known.add(output)
  }
  for (const { name } of graph.output) if (!known.has(name)) missing.push(name)
  return missing
}
