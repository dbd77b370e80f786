/**
 * Builds an ONNX graph node by node, with a linear layer whose weights are int8. Value names are made up as it goes, so that
 * a graph reads like the formulas it stands for.
 */
import {
  AttributeType,
  DataType,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from './onnx-model.js'
import { type TensorValues, tensor } from './onnx-tensor.js'
import { quantiseColumns } from './quantise.js'

export type Attribute = number | readonly number[] | { readonly float: number } | { readonly text: string }
export type Attributes = Readonly<Record<string, Attribute>>

export interface GraphBuilder {
  /** Adds a weight once per name and returns the name. */
  constant(name: string, dims: readonly number[], values: () => TensorValues): string
  /** A list of int64 values, as shapes and axes are given. */
  int64(...values: number[]): string
  scalar(value: number): string
  /** Adds a node with one output and returns the output's name. */
  op(type: string, inputs: readonly string[], attributes?: Attributes, output?: string): string
  split(input: string, sizes: readonly number[], axis: number): string[]
  /**
   * `input · weightᵀ (+ bias)`, computed in int8: activations are quantised as they come, weights now, per output channel.
   * `weight` has the shape [outputs, inputs].
   */
  linear(input: string, layer: LinearLayer, output?: string): string
  finish(name: string, inputs: readonly OnnxValueInfo[], outputs: readonly OnnxValueInfo[]): OnnxModel
}

export interface LinearLayer {
  readonly name: string
  readonly inputs: number
  readonly outputs: number
  readonly weight: () => Float32Array
  readonly bias?: () => Float32Array
}

/** Opset 20 is the first with Gelu; IR 9 goes with it. */
const OPSET = 20
const IR_VERSION = 9

export function createGraphBuilder(): GraphBuilder {
  const nodes: OnnxNode[] = []
  const constants = new Map<string, OnnxTensor>()
  /** Layers that read the same value share its quantised form. */
  const quantised = new Map<string, readonly [values: string, scale: string, zeroPoint: string]>()
  let counter = 0

  const addNode = (
    opType: string,
    input: readonly string[],
    output: readonly string[],
    attributes: Attributes = {},
  ) => {
    const attribute = Object.entries(attributes).map(([name, value]) => toAttribute(name, value))
    nodes.push({
      name: `${opType}_${nodes.length}`,
      opType,
      input: [...input],
      output: [...output],
      attribute,
    })
  }

  const builder: GraphBuilder = {
    constant(name, dims, values) {
      if (!constants.has(name)) constants.set(name, tensor(name, dims, values()))
      return name
    },
    int64(...values) {
      return builder.constant(`int64:${values.join(',')}`, [values.length], () =>
        BigInt64Array.from(values.map(BigInt)),
      )
    },
    scalar(value) {
      return builder.constant(`float:${value}`, [], () => Float32Array.of(value))
    },
    op(type, inputs, attributes, output = `v${counter++}`) {
      addNode(type, inputs, [output], attributes)
      return output
    },
    split(input, sizes, axis) {
      const outputs = sizes.map(() => `v${counter++}`)
      addNode('Split', [input, builder.int64(...sizes)], outputs, { axis })
      return outputs
    },
    linear(input, { name, inputs, outputs, weight, bias }, output) {
      let source = quantised.get(input)
      if (!source) {
        source = [`v${counter++}`, `v${counter++}`, `v${counter++}`]
        addNode('DynamicQuantizeLinear', [input], source)
        quantised.set(input, source)
      }
      const [values, scale, zeroPoint] = source
      if (!constants.has(`${name}/weight`)) {
        const columns = quantiseColumns(weight(), outputs, inputs)
        constants.set(`${name}/weight`, tensor(`${name}/weight`, [inputs, outputs], columns.values))
        constants.set(`${name}/scale`, tensor(`${name}/scale`, [outputs], columns.scales))
      }
      const zeroPoints = builder.constant(`zeros:${outputs}`, [outputs], () => new Int8Array(outputs))
      // The very shape that the runtime fuses into one kernel: scale product first, cast product second.
      const product = builder.op('MatMulInteger', [values, `${name}/weight`, zeroPoint, zeroPoints])
      const scales = builder.op('Mul', [scale, `${name}/scale`])
      const cast = builder.op('Cast', [product], { to: DataType.float })
      if (!bias) return builder.op('Mul', [cast, scales], {}, output)
      const scaled = builder.op('Mul', [cast, scales])
      return builder.op('Add', [scaled, builder.constant(`${name}/bias`, [outputs], bias)], {}, output)
    },
    finish(name, input, output) {
      return {
        irVersion: IR_VERSION,
        producerName: 'vivavoce',
        opsetImport: [{ domain: '', version: OPSET }],
        graph: {
          name,
          node: nodes,
          initializer: [...constants.values()],
          input: [...input],
          output: [...output],
        },
      }
    },
  }
  return builder
}

/** A value at the graph's edge; a dimension given as a text is free, and so is all of a shape that is not given. */
export function edge(name: string, elemType: number, dims?: readonly (number | string)[]): OnnxValueInfo {
  if (!dims) return { name, type: { tensorType: { elemType } } }
  const dim = dims.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }))
  return { name, type: { tensorType: { elemType, shape: { dim } } } }
}

function toAttribute(name: string, value: Attribute): OnnxAttribute {
  if (typeof value === 'number') return { name, type: AttributeType.int, i: value }
  if ('text' in value) return { name, type: AttributeType.string, s: new TextEncoder().encode(value.text) }
  if ('float' in value) return { name, type: AttributeType.float, f: value.float }
  return { name, type: AttributeType.ints, ints: value }
}
