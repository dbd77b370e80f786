/** Graphs in TensorFlow.js's form, made for the purpose; that a whole network computes the right thing is tested with weights. */
import { describe, expect, it } from 'vitest'
import { tensorAsFloat32 } from './onnx-tensor.js'
import { tfjsGraph } from './tfjs-graph.js'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const list = (...numbers: number[]) => ({ list: { i: numbers.map(String) } })
const window = (padding = 'SAME') => ({ strides: list(1, 2, 2, 1), padding: { s: base64(padding) } })
const input = {
  name: 'input',
  op: 'Placeholder',
  attr: { shape: { shape: { dim: ['1', '4', '4', '2'].map((size) => ({ size })) } } },
}
const constant = (name: string) => ({ name, op: 'Const' })

/** The kernel holds 0, 1, 2 …, the bias 0.5 and 1.5. */
function graphOf(op: string, attr: object, kernelShape: number[]) {
  const count = kernelShape.reduce((product, dim) => product * dim, 1)
  const weights = [
    { name: 'kernel', shape: kernelShape, dtype: 'float32' },
    { name: 'bias', shape: [2], dtype: 'float32' },
  ]
  const json = {
    modelTopology: {
      node: [
        // Out of order on purpose.
        { name: 'out', op: 'Identity', input: ['step'] },
        { name: 'step', op, input: ['input', 'kernel', 'bias'], attr },
        input,
        constant('kernel'),
        constant('bias'),
      ],
    },
    weightsManifest: [{ weights }],
  }
  const values = Float32Array.from([...Array(count).keys(), 0.5, 1.5])
  return [json, new Uint8Array(values.buffer)] as const
}
const fused = { ...window(), fused_ops: { list: { s: [base64('BiasAdd'), base64('Relu')] } } }

describe('a graph of TensorFlow.js', () => {
  it('keeps its names and the order of its values, and turns kernels', () => {
    const { graph } = tfjsGraph(...graphOf('_FusedConv2D', fused, [1, 1, 2, 3]))
    expect(graph.input.map(({ name }) => name)).toEqual(['input'])
    expect(graph.output.map(({ name }) => name)).toEqual(['out'])
    expect(graph.node.map(({ opType }) => opType)).toEqual([
      'Transpose',
      'Conv',
      'Relu',
      'Transpose',
      'Identity',
    ])
    const kernel = graph.initializer.find(({ name }) => name === 'kernel/turned')!
    expect(kernel.dims).toEqual([3, 2, 1, 1])
    expect([...tensorAsFloat32(kernel)]).toEqual([0, 3, 1, 4, 2, 5])
  })

  it('has a group for each channel of a depthwise convolution', () => {
    const { graph } = tfjsGraph(...graphOf('DepthwiseConv2dNative', window(), [2, 1, 2, 1]))
    const kernel = graph.initializer.find(({ name }) => name === 'kernel/turned')!
    expect(kernel.dims).toEqual([2, 1, 2, 1])
    expect([...tensorAsFloat32(kernel)]).toEqual([0, 2, 1, 3])
    const convolution = graph.node.find(({ opType }) => opType === 'Conv')!
    expect(convolution.attribute!.find(({ name }) => name === 'group')?.i).toBe(2)
  })

  it.each<[string, Parameters<typeof tfjsGraph>, RegExp]>([
    ['a step that it does not know', [...graphOf('Softmax', {}, [1])], /step "Softmax", which is not read/],
    ['another padding', [...graphOf('Conv2D', window('EXPLICIT'), [1, 1, 2, 2])], /pads by "EXPLICIT"/],
    [
      'weights that are cut short',
      [graphOf('_FusedConv2D', fused, [1, 1, 2, 3])[0], new Uint8Array(8)],
      /cut short/,
    ],
    [
      'more weights than it names',
      [graphOf('_FusedConv2D', fused, [1, 1, 2, 3])[0], new Uint8Array(99)],
      /more weights/,
    ],
  ])('refuses %s', (_what, given, why) => {
    expect(() => tfjsGraph(...given)).toThrow(why)
  })
})
