import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { convertKokoro, dequantiseGraph } from './kokoro.js'
import {
  AttributeType,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  readOnnxModel,
  writeOnnxModel,
} from './onnx-model.js'
import { tensor, tensorAsFloat32 } from './onnx-tensor.js'

const node = (opType: string, input: string[], output: string[], more: Partial<OnnxNode> = {}): OnnxNode => ({
  name: `${opType}_${output[0]}`,
  opType,
  input,
  output,
  ...more,
})

/** One product (whose weights two layers share), one convolution with a bias, one LSTM: as the quantiser writes them. */
function quantisedGraph(): OnnxGraph {
  const product = (input: string, output: string) => [
    node('DynamicQuantizeLinear', [input], [`${input}_q`, `${input}_s`, `${input}_z`]),
    node('MatMulInteger', [`${input}_q`, 'w_quantized', `${input}_z`, 'w_zero'], [`${output}_int`]),
    node('Cast', [`${output}_int`], [`${output}_cast`]),
    node('Mul', [`${input}_s`, 'w_scale'], [`${output}_scales`]),
    node('Mul', [`${output}_cast`, `${output}_scales`], [output]),
  ]
  return {
    input: [{ name: 'x' }],
    output: [{ name: 'h' }],
    node: [
      ...product('x', 'y'),
      ...product('y', 'z'),
      node('DynamicQuantizeLinear', ['z'], ['z_q', 'z_s', 'z_z']),
      node('Mul', ['z_s', 'c_scale'], ['c_scales']),
      node('Div', ['bias', 'c_scales'], ['bias_div']),
      node('Floor', ['bias_div'], ['bias_floor']),
      node('Cast', ['bias_floor'], ['bias_quantized']),
      node('Reshape', ['bias_quantized', 'bias_shape'], ['bias_reshaped']),
      node('ConvInteger', ['z_q', 'c_quantized', 'z_z', 'c_zero'], ['c_int'], {
        attribute: [{ name: 'kernel_shape', type: AttributeType.ints, ints: [1] }],
      }),
      node('Add', ['c_int', 'bias_reshaped'], ['c_biased']),
      node('Cast', ['c_biased'], ['c_cast']),
      node('Mul', ['c_cast', 'c_scales'], ['c']),
      node(
        'DynamicQuantizeLSTM',
        ['c', 'lw', 'lr', 'lb', '', 'h0', 'c0', '', 'lw_s', 'lw_z', 'lr_s', 'lr_z'],
        ['h'],
        {
          domain: 'com.microsoft',
          attribute: [
            { name: 'hidden_size', type: AttributeType.int, i: 1 },
            { name: 'clip', type: AttributeType.float, f: 1 },
          ],
        },
      ),
    ],
    initializer: [
      tensor('w_quantized', [2, 2], Uint8Array.of(10, 20, 30, 40)),
      tensor('w_zero', [], Uint8Array.of(10)),
      tensor('w_scale', [], Float32Array.of(0.5)),
      tensor('c_quantized', [2, 2, 1], Int8Array.of(1, -2, 3, 4)),
      tensor('c_zero', [2], Int8Array.of(0, 1)),
      tensor('c_scale', [2], Float32Array.of(2, 10)),
      tensor('bias', [2], Float32Array.of(7, 8)),
      tensor('bias_shape', [3], Float32Array.of(1, -1, 1)),
      tensor('lw', [1, 2, 4], Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8)),
      tensor('lr', [1, 1, 4], Int8Array.of(1, 2, 3, 4)),
      tensor('lb', [1, 8], new Float32Array(8)),
      tensor('h0', [1, 1, 1], new Float32Array(1)),
      tensor('c0', [1, 1, 1], new Float32Array(1)),
      tensor('lw_s', [1], Float32Array.of(2)),
      tensor('lw_z', [1], Int8Array.of(1)),
      tensor('lr_s', [1], Float32Array.of(1)),
      tensor('lr_z', [1], Int8Array.of(0)),
    ],
  }
}

const model = (graph: OnnxGraph): OnnxModel => ({
  irVersion: 9,
  opsetImport: [
    { domain: '', version: 20 },
    { domain: 'com.microsoft', version: 1 },
  ],
  graph,
})

describe('dequantiseGraph', () => {
  it('replaces each quantised layer and keeps nothing of the quantiser', async () => {
    const graph = quantisedGraph()
    await dequantiseGraph(graph)
    expect(
      graph.node.map(({ opType, input, output }) => `${opType}(${input.join()})→${output.join()}`),
    ).toEqual([
      'MatMul(x,w_quantized_float)→y',
      'MatMul(y,w_quantized_float)→z',
      'Conv(z,c_quantized_float,bias)→c',
      'LSTM(c,lw_float,lr_float,lb,,h0,c0)→h',
    ])
    expect(graph.node[2]!.attribute!.map(({ name }) => name)).toEqual(['kernel_shape'])
    expect(graph.node[3]!.attribute!.map(({ name }) => name)).toEqual(['hidden_size'])
    const weights = new Map(graph.initializer.map((weight) => [weight.name, [...tensorAsFloat32(weight)]]))
    expect([...weights.keys()].sort()).toEqual([
      'bias',
      'c0',
      'c_quantized_float',
      'h0',
      'lb',
      'lr_float',
      'lw_float',
      'w_quantized_float',
    ])
    expect(weights.get('w_quantized_float')).toEqual([0, 5, 10, 15])
    expect(weights.get('c_quantized_float')).toEqual([2, -4, 20, 30])
    expect(weights.get('lw_float')).toEqual([0, 8, 2, 10, 4, 12, 6, 14])
    expect(graph.initializer.find(({ name }) => name === 'lw_float')!.dims).toEqual([1, 4, 2])
  })

  it('names the node where the graph is another one', async () => {
    const graph = quantisedGraph()
    graph.node = graph.node.filter(({ output }) => output[0] !== 'y_cast')
    await expect(dequantiseGraph(graph)).rejects.toThrow(/MatMulInteger_y_int/)
  })
})

describe('convertKokoro', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'convert-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const paths = () => ({
    sourcePath: path.join(folder, 'int8.onnx'),
    outPath: path.join(folder, 'fp32.onnx'),
  })

  it('writes a whole model, without operator sets that nothing uses, and shows rising progress', async () => {
    const { sourcePath, outPath } = paths()
    await writeFile(sourcePath, writeOnnxModel(model(quantisedGraph())))
    const progress: number[] = []
    await convertKokoro({ sourcePath, outPath, onProgress: (fraction) => progress.push(fraction) })
    const written = readOnnxModel(await readFile(outPath))
    expect(written.graph.node).toHaveLength(4)
    expect(written.opsetImport.map(({ domain }) => domain ?? '')).toEqual([''])
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
    expect((await readdir(folder)).sort()).toEqual(['fp32.onnx', 'int8.onnx'])
  })

  it('leaves nothing behind when aborted or when the source is no model', async () => {
    const { sourcePath, outPath } = paths()
    await writeFile(sourcePath, writeOnnxModel(model(quantisedGraph())))
    const abort = new AbortController()
    const converting = convertKokoro({
      sourcePath,
      outPath,
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('enough')),
    })
    await expect(converting).rejects.toThrow('enough')
    await writeFile(sourcePath, 'not a model')
    await expect(convertKokoro({ sourcePath, outPath })).rejects.toThrow(/ONNX/)
    expect(existsSync(outPath)).toBe(false)
    expect(await readdir(folder)).toEqual(['int8.onnx'])
  })
})
