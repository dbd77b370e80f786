/**
 * Turns the dynamically quantised (int8) Kokoro ONNX into one that computes in float32: 1.5–1.7 times faster on
 * processors without VNNI, same sound. It knows the three shapes in which ONNX Runtime's quantiser writes a layer, and
 * gives up with the node's name on any other; it knows nothing of downloads or checksums.
 */
import { open, readFile, rename, rm } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import {
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  readOnnxModel,
  writeOnnxModel,
} from './onnx-model.js'
import { tensor, tensorAsFloat32, tensorValues } from './onnx-tensor.js'

export interface ConvertKokoroOptions {
  /** The int8 file in one piece (92 MB). */
  readonly sourcePath: string
  /** Where the float32 file (325 MB) goes; it appears whole or not at all. */
  readonly outPath: string
  /** 0 … 1 */
  readonly onProgress?: (fraction: number) => void
  readonly signal?: AbortSignal
}

/** Shares of the work, measured: de-quantising, encoding, writing. */
const DEQUANTISED = 0.6
const ENCODED = 0.7
const WRITE_BYTES = 16 * 1024 * 1024

/**
 * Takes about 1.3 GB of memory and 5 s. Throws where the source is no such model or the disk is full, rejects
 * with the signal's reason on abort; both leave no file behind.
 */
export async function convertKokoro(options: ConvertKokoroOptions): Promise<void> {
  const { sourcePath, outPath, onProgress, signal } = options
  signal?.throwIfAborted()
  const model = readOnnxModel(await readFile(sourcePath, { signal }))
  await dequantiseGraph(model.graph, (fraction) => onProgress?.(fraction * DEQUANTISED), signal)
  const bytes = writeOnnxModel(withUsedOpsets(model))
  onProgress?.(ENCODED)
  await writeWhole(outPath, bytes, (fraction) => onProgress?.(ENCODED + fraction * (1 - ENCODED)), signal)
}

/** Replaces every quantised layer of the graph by its float32 counterpart, in place. */
export async function dequantiseGraph(
  graph: OnnxGraph,
  onProgress: (fraction: number) => void = () => {},
  signal?: AbortSignal,
): Promise<void> {
  const links = linksOf(graph)
  const replaced = new Map<OnnxNode, OnnxNode>()
  const dropped = new Set<OnnxNode>()
  // By name: the layers of the text encoder share one set of weights.
  const weights = new Map<string, OnnxTensor>()
  const quantised = graph.node.filter(({ opType }) => QUANTISED.has(opType))
  for (const [index, node] of quantised.entries()) {
    const layer =
      node.opType === 'DynamicQuantizeLSTM' ? floatLstm(node, links) : floatProduct(node, links, weights)
    for (const weight of layer.weights) weights.set(weight.name ?? '', weight)
    replaced.set(layer.last, layer.node)
    for (const part of layer.parts) dropped.add(part)
    // Tens of layers, some ms each: progress is shown and an abort seen in between.
    await setImmediate()
    signal?.throwIfAborted()
    onProgress((index + 1) / quantised.length)
  }
  // A replacement takes the place of the last node of its pattern, which keeps the order topological.
  const nodes = graph.node.flatMap((node) => replaced.get(node) ?? (dropped.has(node) ? [] : [node]))
  keepUsed(graph, nodes, [...graph.initializer, ...weights.values()])
  graph.valueInfo = []
}

const QUANTISED = new Set(['ConvInteger', 'MatMulInteger', 'DynamicQuantizeLSTM'])

interface GraphLinks {
  readonly initializers: ReadonlyMap<string, OnnxTensor>
  readonly producers: ReadonlyMap<string, OnnxNode>
  readonly consumers: ReadonlyMap<string, readonly OnnxNode[]>
}

interface FloatLayer {
  readonly node: OnnxNode
  readonly weights: readonly OnnxTensor[]
  /** The pattern's nodes; the last gives its place to the new node. */
  readonly parts: readonly OnnxNode[]
  readonly last: OnnxNode
}

function linksOf(graph: OnnxGraph): GraphLinks {
  const consumers = new Map<string, OnnxNode[]>()
  for (const node of graph.node)
    for (const input of node.input) consumers.set(input, [...(consumers.get(input) ?? []), node])
  return {
    initializers: new Map(graph.initializer.map((weight) => [weight.name ?? '', weight])),
    producers: new Map(graph.node.flatMap((node) => node.output.map((output) => [output, node] as const))),
    consumers,
  }
}

/**
 * `ConvInteger | MatMulInteger (→ Add bias_quantized) → Cast → Mul (input scale × weight scale)`, where the integer
 * input comes out of `DynamicQuantizeLinear`.
 */
function floatProduct(node: OnnxNode, links: GraphLinks, known: ReadonlyMap<string, OnnxTensor>): FloatLayer {
  const parts = [node]
  const [quantisedInput, weightName, , zeroName] = node.input
  const input = producerOf(quantisedInput, links, node).input[0]!
  let next = onlyConsumer(node, links)
  let bias: string | undefined
  if (next.opType === 'Add') {
    const reshaped = producerOf(otherInput(next, node.output[0]!), links, node)
    bias = unquantisedBias(expectType(reshaped, 'Reshape').input[0]!, links, node)
    parts.push(next)
    next = onlyConsumer(next, links)
  }
  parts.push(expectType(next, 'Cast'))
  const multiply = expectType(onlyConsumer(next, links), 'Mul')
  parts.push(multiply)

  const scales = expectType(producerOf(otherInput(multiply, next.output[0]!), links, node), 'Mul')
  const scale = scales.input.map((name) => links.initializers.get(name)).find((found) => found !== undefined)
  const quantised = links.initializers.get(weightName ?? '')
  if (scale === undefined || quantised === undefined) throw unexpected(node, 'has no constant weights')
  const zero = links.initializers.get(zeroName ?? '')
  const name = `${weightName}_float`
  const convolution = node.opType === 'ConvInteger'
  const weight = known.get(name) ?? tensor(name, quantised.dims, dequantised(node, quantised, scale, zero))
  return {
    node: {
      opType: convolution ? 'Conv' : 'MatMul',
      name: `${node.name ?? ''}_float`,
      input: [input, name, ...(bias === undefined ? [] : [bias])],
      output: [multiply.output[0]!],
      attribute: node.attribute ?? [],
    },
    weights: [weight],
    parts,
    last: multiply,
  }
}

/** Scales and zeros run along a convolution's outputs (first axis), a product's columns (last axis), or are one for all. */
function dequantised(
  node: OnnxNode,
  quantised: OnnxTensor,
  scale: OnnxTensor,
  zero: OnnxTensor | undefined,
): Float32Array<ArrayBuffer> {
  const integers = integersOf(quantised, node)
  const convolution = node.opType === 'ConvInteger'
  const channels = (convolution ? quantised.dims[0] : quantised.dims.at(-1)) ?? 1
  const valuesInARow = convolution ? integers.length / channels : 1
  const scaleOf = perChannel(tensorAsFloat32(scale), channels, node)
  const zeroOf = perChannel(zero === undefined ? Float32Array.of(0) : tensorAsFloat32(zero), channels, node)
  const values = new Float32Array(integers.length)
  for (let index = 0; index < values.length; index++) {
    const channel = Math.floor(index / valuesInARow) % channels
    values[index] = (integers[index]! - zeroOf(channel)) * scaleOf(channel)
  }
  return values
}

/** `DynamicQuantizeLSTM`: weights [directions, inputs, 4 × hidden] with one scale a direction; `LSTM` wants them transposed. */
function floatLstm(node: OnnxNode, links: GraphLinks): FloatLayer {
  const [input, w, r, bias, lengths, hidden, cell, , wScale, wZero, rScale, rZero] = node.input
  const transposed = ([weight, scale, zero]: readonly (string | undefined)[]) => {
    const quantised = links.initializers.get(weight ?? '')
    const scales = links.initializers.get(scale ?? '')
    const zeros = links.initializers.get(zero ?? '')
    if (quantised === undefined || scales === undefined || zeros === undefined)
      throw unexpected(node, 'has no constant weights')
    const [directions = 0, rows = 0, columns = 0] = quantised.dims
    const integers = integersOf(quantised, node)
    const scaleOf = perChannel(tensorAsFloat32(scales), directions, node)
    const zeroOf = perChannel(tensorAsFloat32(zeros), directions, node)
    const values = new Float32Array(integers.length)
    for (let direction = 0; direction < directions; direction++)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++)
          values[(direction * columns + column) * rows + row] =
            (integers[(direction * rows + row) * columns + column]! - zeroOf(direction)) * scaleOf(direction)
    return tensor(`${weight}_float`, [directions, columns, rows], values)
  }
  const weights = [transposed([w, wScale, wZero]), transposed([r, rScale, rZero])]
  const kept = new Set(['direction', 'hidden_size'])
  return {
    node: {
      opType: 'LSTM',
      name: `${node.name ?? ''}_float`,
      input: [
        input!,
        ...weights.map(({ name }) => name!),
        bias ?? '',
        lengths ?? '',
        hidden ?? '',
        cell ?? '',
      ],
      output: node.output,
      attribute: (node.attribute ?? []).filter(({ name }) => kept.has(name)),
    },
    weights,
    parts: [node],
    last: node,
  }
}

/** Follows `bias_quantized` back to the float bias: … ← Cast ← Floor ← Add ← Div(bias, scale). */
function unquantisedBias(name: string, links: GraphLinks, of: OnnxNode): string {
  let node = producerOf(name, links, of)
  for (let steps = 0; steps < 8 && node.opType !== 'Div'; steps++) {
    const before = node.input.find((input) => links.producers.has(input))
    node = producerOf(before, links, of)
  }
  return expectType(node, 'Div').input[0]!
}

/** The weights as they are stored: a float32 copy of all would double the memory. */
function integersOf(quantised: OnnxTensor, node: OnnxNode): Int8Array | Uint8Array {
  const values = tensorValues(quantised)
  if (values instanceof Int8Array || values instanceof Uint8Array) return values
  throw unexpected(node, 'has weights that are not 8-bit')
}

function perChannel(values: Float32Array, channels: number, node: OnnxNode): (channel: number) => number {
  if (values.length === 1) return () => values[0]!
  if (values.length === channels) return (channel) => values[channel]!
  throw unexpected(node, `has ${values.length} scales for ${channels} channels`)
}

function onlyConsumer(node: OnnxNode, links: GraphLinks): OnnxNode {
  const [consumer, ...others] = links.consumers.get(node.output[0] ?? '') ?? []
  if (consumer === undefined || others.length > 0) throw unexpected(node, 'is not read by exactly one node')
  return consumer
}

function producerOf(name: string | undefined, links: GraphLinks, of: OnnxNode): OnnxNode {
  const producer = links.producers.get(name ?? '')
  if (producer === undefined) throw unexpected(of, `reads ${name}, which no node makes`)
  return producer
}

function otherInput(node: OnnxNode, known: string): string {
  const other = node.input.find((input) => input !== known)
  if (other === undefined) throw unexpected(node, 'has one input only')
  return other
}

function expectType(node: OnnxNode, opType: string): OnnxNode {
  if (node.opType !== opType) throw unexpected(node, `stands where ${opType} was expected`)
  return node
}

function unexpected(node: OnnxNode, what: string): Error {
  return new Error(
    `This is not the quantised Kokoro model: node ${node.name ?? '?'} (${node.opType}) ${what}.`,
  )
}

/** Keeps what the outputs need: the quantisers of inputs and biases have lost their readers. */
function keepUsed(graph: OnnxGraph, nodes: readonly OnnxNode[], initializers: readonly OnnxTensor[]): void {
  const needed = new Set(graph.output.map(({ name }) => name))
  const kept: OnnxNode[] = []
  for (const node of nodes.toReversed()) {
    if (!node.output.some((output) => needed.has(output))) continue
    kept.push(node)
    for (const input of node.input) needed.add(input)
  }
  graph.node = kept.reverse()
  graph.initializer = initializers.filter(({ name }) => needed.has(name ?? ''))
}

/** The quantiser's own operator sets are declared but not used any more. */
function withUsedOpsets(model: OnnxModel): OnnxModel {
  const used = new Set(['', 'ai.onnx', ...model.graph.node.map(({ domain }) => domain ?? '')])
  return { ...model, opsetImport: model.opsetImport.filter(({ domain }) => used.has(domain ?? '')) }
}

async function writeWhole(
  outPath: string,
  bytes: Uint8Array,
  onProgress: (fraction: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const partPath = `${outPath}.part`
  try {
    await using file = await open(partPath, 'w')
    for (let from = 0; from < bytes.length; from += WRITE_BYTES) {
      signal?.throwIfAborted()
      await file.write(bytes.subarray(from, from + WRITE_BYTES))
      onProgress(Math.min(1, (from + WRITE_BYTES) / bytes.length))
    }
    await file.sync()
  } catch (error) {
    await rm(partPath, { force: true })
    throw error
  }
  await rename(partPath, outPath)
}
