/**
 * Converts a small network in TensorFlow.js's form (a graph as JSON, its weights beside it) to an ONNX file. Knows the steps that
 * networks for pictures are made of, with constant shapes and one picture at a time; anything else is refused by name. Values keep
 * their order, height × width × channels; the runtime's optimiser takes out the turns that convolutions need.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { float16ToFloat32 } from './float16.js'
import { type Attribute, createGraphBuilder, edge, type GraphBuilder } from './graph-builder.js'
import { DataType, type OnnxModel, writeOnnxModel } from './onnx-model.js'

const Shape = z.object({ shape: z.object({ dim: z.array(z.object({ size: z.string() })) }) })
const Node = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), z.unknown()).default({}),
})
const Graph = z.object({
  modelTopology: z.object({ node: z.array(Node) }),
  weightsManifest: z.array(
    z.object({
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.number()),
          dtype: z.enum(['float32', 'int32']),
          quantization: z.object({ dtype: z.literal('float16') }).optional(),
        }),
      ),
    }),
  ),
})
type Node = z.infer<typeof Node>

interface Weight {
  readonly dims: readonly number[]
  readonly values: Float32Array | Int32Array
}

export interface TfjsConversion {
  readonly graphPath: string
  readonly weightsPath: string
  readonly outPath: string
  readonly onProgress?: (fraction: number) => void
}

/** Takes 0.1 s. */
export async function convertTfjsGraph({
  graphPath,
  weightsPath,
  outPath,
  onProgress,
}: TfjsConversion): Promise<void> {
  const graph = JSON.parse(await readFile(graphPath, 'utf8'))
  const model = tfjsGraph(graph, await readFile(weightsPath))
  onProgress?.(0.5)
  await writeFile(outPath, writeOnnxModel(model))
  onProgress?.(1)
}

/** The graph's input and outputs keep their names. */
export function tfjsGraph(json: unknown, bytes: Uint8Array): OnnxModel {
  const parsed = Graph.parse(json)
  const weights = readWeights(parsed, bytes)
  const nodes = parsed.modelTopology.node
  const input = nodes.find(({ op }) => op === 'Placeholder')
  if (!input) throw new Error('the graph has no input')
  const dims = Shape.parse(input.attr.shape).shape.dim.map(({ size }) => Number(size))
  const outputs = nodes.filter(({ op }) => op === 'Identity').map(({ name }) => name)
  const builder = createGraphBuilder()
  for (const node of inOrder(nodes, outputs)) translate(builder, node, weights)
  return builder.finish(
    'tfjs',
    [edge(input.name, DataType.float, dims)],
    outputs.map((name) => edge(name, DataType.float)),
  )
}

function readWeights({ weightsManifest }: z.infer<typeof Graph>, bytes: Uint8Array): Map<string, Weight> {
  const result = new Map<string, Weight>()
  let at = 0
  for (const { name, shape, dtype, quantization } of weightsManifest.flatMap(({ weights }) => weights)) {
    const count = shape.reduce((product, dim) => product * dim, 1)
    const size = count * (quantization ? 2 : 4)
    const { buffer } = Uint8Array.from(bytes.subarray(at, at + size))
    if (buffer.byteLength !== size) throw new Error('the weights are cut short')
    const values =
      dtype === 'int32'
        ? new Int32Array(buffer)
        : quantization
          ? float16ToFloat32(new Uint16Array(buffer))
          : new Float32Array(buffer)
    result.set(name, { dims: shape, values })
    at += size
  }
  if (at !== bytes.length) throw new Error('there are more weights than the graph names')
  return result
}

/** What the outputs are made of, each value before it is used. */
function inOrder(nodes: readonly Node[], outputs: readonly string[]): Node[] {
  const named = new Map(nodes.map((node) => [node.name, node]))
  const ordered = new Set<Node>()
  const visit = (name: string) => {
    const node = named.get(name)
    if (!node) throw new Error(`the graph has no "${name}"`)
    if (ordered.has(node)) return
    for (const input of node.input) visit(input.split(':')[0]!)
    ordered.add(node)
  }
  for (const name of outputs) visit(name)
  return [...ordered]
}

const NHWC_TO_NCHW = { perm: [0, 3, 1, 2] }
const NCHW_TO_NHWC = { perm: [0, 2, 3, 1] }
const AS_IT_IS: Readonly<Record<string, string>> = {
  Add: 'Add',
  AddV2: 'Add',
  BiasAdd: 'Add',
  Relu: 'Relu',
  Identity: 'Identity',
}

function translate(builder: GraphBuilder, node: Node, weights: ReadonlyMap<string, Weight>): void {
  const { name, op, input, attr } = node
  if (op === 'Placeholder') return
  const weight = (index: number): Weight => {
    const found = weights.get(input[index] ?? '')
    if (!found) throw new Error(`${op} needs a constant where it has "${input[index]}"`)
    return found
  }
  const integers = (index: number) => [...weight(index).values]
  switch (op) {
    case 'Const': {
      const found = weights.get(name)
      if (!found) throw new Error(`there are no weights for "${name}"`)
      if (found.values instanceof Float32Array) builder.constant(name, found.dims, () => found.values)
      return
    }
    case 'Reshape':
      builder.op('Reshape', [input[0]!, builder.int64(...integers(1))], {}, name)
      return
    case 'Pad': {
      // Of each dimension before and after; ONNX has all before, then all after.
      const pads = integers(1)
      const [before, after] = [0, 1].map((side) => pads.filter((_, index) => index % 2 === side))
      builder.op('Pad', [input[0]!, builder.int64(...before!, ...after!)], {}, name)
      return
    }
    case 'MaxPool': {
      const turned = builder.op('Transpose', [input[0]!], NHWC_TO_NCHW)
      const pooled = builder.op('MaxPool', [turned], {
        ...windowOf(attr),
        kernel_shape: square(attr, 'ksize'),
      })
      builder.op('Transpose', [pooled], NCHW_TO_NHWC, name)
      return
    }
    case '_FusedConv2D':
    case 'Conv2D':
    case 'DepthwiseConv2dNative': {
      const turned = builder.op('Transpose', [input[0]!], NHWC_TO_NCHW)
      const isDepthwise = op === 'DepthwiseConv2dNative'
      const kernel = weight(1)
      const [height, width, inputs, outputs] = kernel.dims as [number, number, number, number]
      const kernelName = builder.constant(
        `${input[1]}/turned`,
        isDepthwise ? [inputs * outputs, 1, height, width] : [outputs, inputs, height, width],
        () => turnedKernel(kernel, isDepthwise),
      )
      const fused = op === '_FusedConv2D' ? fusedSteps(attr) : []
      const hasBias = fused[0] === 'BiasAdd'
      const made = builder.op('Conv', [turned, kernelName, ...(hasBias ? [input[2]!] : [])], {
        ...windowOf(attr),
        group: isDepthwise ? inputs : 1,
      })
      const last = fused.slice(hasBias ? 1 : 0).reduce((value, step) => {
        if (step !== 'Relu') throw new Error(`the graph has a convolution with "${step}", which is not read`)
        return builder.op('Relu', [value])
      }, made)
      builder.op('Transpose', [last], NCHW_TO_NHWC, name)
      return
    }
    default: {
      const same = AS_IT_IS[op]
      if (!same) throw new Error(`the graph has a step "${op}", which is not read`)
      builder.op(same, input, {}, name)
    }
  }
}

const Text = z.object({ s: z.string() })
const Sizes = z.object({ list: z.object({ i: z.array(z.string()) }) })
const Steps = z.object({ list: z.object({ s: z.array(z.string()) }) })
const plain = (base64: string) => Buffer.from(base64, 'base64').toString()

/** Height and width of an attribute that has a number for each dimension. */
function square(attr: Node['attr'], name: string): [number, number] {
  const [, height, width] = Sizes.parse(attr[name]).list.i.map(Number)
  return [height!, width!]
}

function windowOf(attr: Node['attr']): Record<string, Attribute> {
  const padding = plain(Text.parse(attr.padding).s)
  const strides = square(attr, 'strides')
  if (padding === 'VALID') return { strides }
  if (padding !== 'SAME') throw new Error(`the graph pads by "${padding}", which is not read`)
  return { strides, auto_pad: { text: 'SAME_UPPER' } }
}

const fusedSteps = (attr: Node['attr']) => Steps.parse(attr.fused_ops).list.s.map(plain)

/** TensorFlow has height, width, inputs, outputs; ONNX outputs, inputs, height, width. */
function turnedKernel({ dims, values }: Weight, isDepthwise: boolean): Float32Array {
  const [height, width, inputs, outputs] = dims as [number, number, number, number]
  const area = height * width
  const result = new Float32Array(values.length)
  for (let at = 0; at < area; at++)
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++) {
        const to = isDepthwise ? input * outputs + output : output * inputs + input
        result[to * area + at] = values[(at * inputs + input) * outputs + output]!
      }
  return result
}
