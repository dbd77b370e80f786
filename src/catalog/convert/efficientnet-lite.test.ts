/** The graph of the network, of numbers made for the purpose; that it names things is tested with weights. */
import { expect, it } from 'vitest'
import { efficientNetGraph } from './efficientnet-lite.js'
import { tensorAsFloat32 } from './onnx-tensor.js'
import type { CheckpointTensor } from './torch-checkpoint.js'

const STAGES = [1, 3, 3, 4, 4, 5, 1]

/** One channel everywhere: what matters is which tensors go where. */
function made(): Map<string, CheckpointTensor> {
  const tensors = new Map<string, CheckpointTensor>()
  const add = (name: string, dims: number[], value: number) =>
    tensors.set(name, { dims, values: new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(value) })
  const normalised = (convolution: string, norm: string) => {
    add(`${convolution}.weight`, [1, 1, 1, 1], 3)
    add(`${norm}.weight`, [1], 4)
    add(`${norm}.bias`, [1], 5)
    add(`${norm}.running_mean`, [1], 6)
    add(`${norm}.running_var`, [1], 4 - 1e-3)
  }
  normalised('_conv_stem', '_bn0')
  normalised('_conv_head', '_bn1')
  let block = 0
  for (const [stage, repeats] of STAGES.entries())
    for (let repeat = 0; repeat < repeats; repeat++, block++) {
      if (stage > 0) normalised(`_blocks.${block}._expand_conv`, `_blocks.${block}._bn0`)
      normalised(`_blocks.${block}._depthwise_conv`, `_blocks.${block}._bn1`)
      normalised(`_blocks.${block}._project_conv`, `_blocks.${block}._bn2`)
    }
  add('_fc.weight', [1_000, 1], 1)
  add('_fc.bias', [1_000], 0)
  return tensors
}

it('has every block, with its normalisation folded in and a shortcut where nothing changes size', () => {
  const { graph } = efficientNetGraph(made())
  const blocks = STAGES.reduce((sum, repeats) => sum + repeats, 0)
  const count = (type: string) => graph.node.filter(({ opType }) => opType === type).length
  expect(count('Conv')).toBe(3 * blocks - 1 + 2)
  expect(count('Add')).toBe(blocks - STAGES.length)
  const values = (name: string) => tensorAsFloat32(graph.initializer.find((each) => each.name === name)!)[0]
  // 4 / √4 = 2: the kernel 3 · 2, the bias 5 − 6 · 2.
  expect(values('_conv_stem')).toBeCloseTo(6)
  expect(values('_conv_stem.bias')).toBeCloseTo(-7)
})

it('refuses a checkpoint that lacks a tensor, and one with other classes', () => {
  const lacking = made()
  lacking.delete('_blocks.7._bn2.running_var')
  expect(() => efficientNetGraph(lacking)).toThrow('the checkpoint has no _blocks.7._bn2.running_var')
  const other = made()
  other.set('_fc.weight', { dims: [10, 1], values: new Float32Array(10) })
  expect(() => efficientNetGraph(other)).toThrow('knows 10 classes')
})
