/** The graph of the speaker encoder, made of numbers that say where they came from; that it computes the right thing is tested with weights. */
import { expect, it } from 'vitest'
import { tensorAsFloat32 } from './onnx-tensor.js'
import { speakerGraph } from './speaker-encoder.js'

const counted = (...dims: number[]) => ({
  dims,
  values: Float32Array.from({ length: dims.reduce((product, dim) => product * dim, 1) }, (_, index) => index),
})
const made = () =>
  new Map([
    ...[0, 1, 2].flatMap((layer) => [
      [`lstm.weight_ih_l${layer}`, counted(1024, layer === 0 ? 40 : 256)] as const,
      [`lstm.weight_hh_l${layer}`, counted(1024, 256)] as const,
      [`lstm.bias_ih_l${layer}`, counted(1024)] as const,
      [`lstm.bias_hh_l${layer}`, counted(1024)] as const,
    ]),
    ['linear.weight', counted(256, 256)] as const,
    ['linear.bias', counted(256)] as const,
  ])

it('puts the gates into the order of ONNX and the linear layer on its side', () => {
  const { graph } = speakerGraph(made())
  expect(graph.node.filter(({ opType }) => opType === 'LSTM')).toHaveLength(3)
  expect(graph.input.map(({ name }) => name)).toEqual(['mel'])
  expect(graph.output.map(({ name }) => name)).toEqual(['voice'])
  const values = (name: string) => tensorAsFloat32(graph.initializer.find((each) => each.name === name)!)
  const bias = values('lstm.bias_l1')
  expect([0, 256, 512, 768].map((gate) => bias[gate])).toEqual([0, 768, 256, 512])
  expect([1024, 1280, 1536, 1792].map((gate) => bias[gate])).toEqual([0, 768, 256, 512])
  expect(values('lstm.weight_ih_l0')[256 * 40 + 1]).toBe(768 * 40 + 1)
  expect(values('linear.weight')[1]).toBe(256)
})

it('defines every value before it is used', () => {
  const { graph } = speakerGraph(made())
  const known = new Set([...graph.input, ...graph.initializer].map(({ name }) => name))
  for (const { input, output } of graph.node) {
    expect(input.filter((name) => !known.has(name))).toEqual([])
    for (const name of output) known.add(name)
  }
  expect(known).toContain('voice')
})

it('refuses weights of another shape, and their absence', () => {
  const weights = made()
  weights.set('lstm.weight_hh_l2', counted(256, 1024))
  expect(() => speakerGraph(weights)).toThrow('lstm.weight_hh_l2 should be [1024, 256], not [256, 1024]')
  weights.delete('lstm.weight_hh_l2')
  expect(() => speakerGraph(weights)).toThrow(/not \[nothing\]/)
})
