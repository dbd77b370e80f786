/**
 * The two graphs of a Whisper model over the weights of a CTranslate2 file: an encoder that takes log-mel frames of any number and gives
 * the cross-attention keys and values of every decoder layer, and a decoder with a key/value cache. Linear layers are int8,
 * attention itself is float32.
 */
import { type Ctranslate2Model, variableAsFloat32 } from './ctranslate2-model.js'
import { createGraphBuilder, edge, type GraphBuilder, type LinearLayer } from './graph-builder.js'
import { DataType, type OnnxModel } from './onnx-model.js'

/** Written to `dims.json`, read by the recogniser. */
export interface WhisperDims {
  readonly width: number
  readonly heads: number
  readonly headWidth: number
  readonly encoderLayers: number
  readonly decoderLayers: number
  readonly vocabulary: number
  readonly mels: number
  /** Encoder frames of the longest window (1,500 = 30 s). */
  readonly maxFrames: number
  /** Longest sequence of the decoder, prompt included. */
  readonly maxTokens: number
}

/** Every Whisper has heads of 64. */
const HEAD_WIDTH = 64
const EPSILON = 1e-5

export interface WhisperWeights {
  readonly dims: WhisperDims
  /** Values of one variable; throws where it is missing. */
  values(name: string): Float32Array
  /** The bits of a variable that is stored as float16, else undefined. */
  halves(name: string): Uint16Array | undefined
  shape(name: string): readonly number[]
  has(name: string): boolean
}

/** Throws where the file is of another model. */
export function whisperWeights({ spec, variables }: Ctranslate2Model): WhisperWeights {
  if (spec !== 'WhisperSpec') throw new Error(`This CTranslate2 file holds a ${spec}, not a Whisper model.`)
  const variable = (name: string) => {
    const found = variables.get(name)
    if (!found) throw new Error(`The Whisper file has no weight named "${name}".`)
    return found
  }
  const shape = (name: string) => variable(name).dims
  const layers = (side: string) => {
    let count = 0
    while (variables.has(`${side}/layer_${count}/self_attention/linear_0/weight`)) count++
    return count
  }
  const width = shape('encoder/layer_norm/gamma')[0] ?? 0
  return {
    shape,
    values: (name) => variableAsFloat32(name, variable(name)),
    halves(name) {
      const { type, bytes } = variable(name)
      return type === 'float16' ? new Uint16Array(Uint8Array.from(bytes).buffer) : undefined
    },
    has: (name) => variables.has(name),
    dims: {
      width,
      heads: width / HEAD_WIDTH,
      headWidth: HEAD_WIDTH,
      encoderLayers: layers('encoder'),
      decoderLayers: layers('decoder'),
      vocabulary: shape('decoder/embeddings/weight')[0] ?? 0,
      mels: shape('encoder/conv1/weight')[1] ?? 0,
      maxFrames: shape('encoder/position_encodings/encodings')[0] ?? 0,
      maxTokens: shape('decoder/position_encodings/encodings')[0] ?? 0,
    },
  }
}

/** mel [1, mels, frames] → cross_k_i [heads, headWidth, frames / 2] and cross_v_i [heads, frames / 2, headWidth] per decoder layer i. */
export function encoderGraph(weights: WhisperWeights): OnnxModel {
  const { dims } = weights
  const { width, heads, headWidth, mels } = dims
  const graph = createGraphBuilder()
  const blocks = createBlocks(graph, weights)

  let x = blocks.gelu(blocks.convolution('mel', 'encoder/conv1', {}))
  x = blocks.gelu(blocks.convolution(x, 'encoder/conv2', { strides: [2] }))
  x = graph.op('Transpose', [x], { perm: [0, 2, 1] })
  const frames = graph.op('Slice', [graph.op('Shape', [x]), graph.int64(1), graph.int64(2)])
  const positions = blocks.weight('encoder/position_encodings/encodings')
  x = graph.op('Add', [x, graph.op('Slice', [positions, graph.int64(0), frames, graph.int64(0)])])
  for (let layer = 0; layer < dims.encoderLayers; layer++) {
    const name = `encoder/layer_${layer}/self_attention`
    const [query, key, value] = graph.split(
      blocks.linear(blocks.norm(x, `${name}/layer_norm`), `${name}/linear_0`),
      [width, width, width],
      2,
    ) as [string, string, string]
    const attended = blocks.attention(query, blocks.headsTransposed(key), blocks.headsApart(value))
    x = graph.op('Add', [x, blocks.linear(attended, `${name}/linear_1`)])
    x = blocks.feedForward(x, `encoder/layer_${layer}/ffn`)
  }
  x = blocks.norm(x, 'encoder/layer_norm')
  const outputs = []
  for (let layer = 0; layer < dims.decoderLayers; layer++) {
    const both = blocks.linear(x, `decoder/layer_${layer}/attention/linear_1`)
    const [key, value] = graph.split(both, [width, width], 2) as [string, string]
    graph.op('Squeeze', [blocks.headsTransposed(key), graph.int64(0)], {}, `cross_k_${layer}`)
    graph.op('Squeeze', [blocks.headsApart(value), graph.int64(0)], {}, `cross_v_${layer}`)
    outputs.push(edge(`cross_k_${layer}`, DataType.float, [heads, headWidth, 'T']))
    outputs.push(edge(`cross_v_${layer}`, DataType.float, [heads, 'T', headWidth]))
  }
  return graph.finish('whisper-encoder', [edge('mel', DataType.float, [1, mels, 'F'])], outputs)
}

/**
 * tokens [1, N], past_k and past_v [layers, heads, P, headWidth], the encoder's outputs → logits of the last token [1, vocabulary], present_k
 * and present_v [layers, heads, P + N, headWidth]. Cross-attention comes as one input per layer, because picking a layer out of a joined
 * tensor copies it for every token (12 MB in Whisper base).
 */
export function decoderGraph(weights: WhisperWeights): OnnxModel {
  const { dims } = weights
  const { width, heads, headWidth, decoderLayers, vocabulary } = dims
  const graph = createGraphBuilder()
  const blocks = createBlocks(graph, weights)
  const sizeOf = (value: string, axis: number) =>
    graph.op('Slice', [graph.op('Shape', [value]), graph.int64(axis), graph.int64(axis + 1)])

  const past = sizeOf('past_k', 2)
  const end = graph.op('Add', [past, sizeOf('tokens', 1)])
  let x = blocks.embedding('tokens')
  const positions = blocks.weight('decoder/position_encodings/encodings')
  x = graph.op('Add', [x, graph.op('Slice', [positions, past, end, graph.int64(0)])])
  const mask = causalMask(graph, past, end)
  const keys: string[] = []
  const values: string[] = []
  const inputs = [
    edge('tokens', DataType.int64, [1, 'N']),
    edge('past_k', DataType.float, [decoderLayers, heads, 'P', headWidth]),
    edge('past_v', DataType.float, [decoderLayers, heads, 'P', headWidth]),
  ]
  for (let layer = 0; layer < decoderLayers; layer++) {
    const self = `decoder/layer_${layer}/self_attention`
    const [query, key, value] = graph.split(
      blocks.linear(blocks.norm(x, `${self}/layer_norm`), `${self}/linear_0`),
      [width, width, width],
      2,
    ) as [string, string, string]
    // Slices of one layer keep the leading 1, which stands for the batch.
    const pastOf = (name: string) =>
      graph.op('Slice', [name, graph.int64(layer), graph.int64(layer + 1), graph.int64(0)])
    const allKeys = graph.op('Concat', [pastOf('past_k'), blocks.headsApart(key)], { axis: 2 })
    const allValues = graph.op('Concat', [pastOf('past_v'), blocks.headsApart(value)], { axis: 2 })
    keys.push(allKeys)
    values.push(allValues)
    const keysTransposed = graph.op('Transpose', [allKeys], { perm: [0, 1, 3, 2] })
    x = graph.op('Add', [
      x,
      blocks.linear(blocks.attention(query, keysTransposed, allValues, mask), `${self}/linear_1`),
    ])

    const cross = `decoder/layer_${layer}/attention`
    const question = blocks.linear(blocks.norm(x, `${cross}/layer_norm`), `${cross}/linear_0`)
    const heard = blocks.attention(question, `cross_k_${layer}`, `cross_v_${layer}`)
    x = graph.op('Add', [x, blocks.linear(heard, `${cross}/linear_2`)])
    x = blocks.feedForward(x, `decoder/layer_${layer}/ffn`)
    inputs.push(edge(`cross_k_${layer}`, DataType.float, [heads, headWidth, 'T']))
    inputs.push(edge(`cross_v_${layer}`, DataType.float, [heads, 'T', headWidth]))
  }
  graph.op('Concat', keys, { axis: 0 }, 'present_k')
  graph.op('Concat', values, { axis: 0 }, 'present_v')
  // Only the last token's logits are wanted: 26 million products less for every other token of the prompt.
  x = graph.op('Gather', [x, graph.constant('last', [], () => BigInt64Array.of(-1n))], { axis: 1 })
  x = blocks.norm(x, 'decoder/layer_norm')
  const projection: LinearLayer = {
    name: 'projection',
    inputs: width,
    outputs: vocabulary,
    weight: () => weights.values('decoder/embeddings/weight'),
  }
  graph.linear(x, projection, 'logits')
  return graph.finish('whisper-decoder', inputs, [
    edge('logits', DataType.float, [1, vocabulary]),
    edge('present_k', DataType.float, [decoderLayers, heads, 'E', headWidth]),
    edge('present_v', DataType.float, [decoderLayers, heads, 'E', headWidth]),
  ])
}

/** The parts both graphs are made of. */
function createBlocks(graph: GraphBuilder, weights: WhisperWeights) {
  const { width, heads, headWidth } = weights.dims
  const apart = (x: string) => graph.op('Reshape', [x, graph.int64(0, 0, heads, headWidth)])
  const blocks = {
    weight: (name: string) => graph.constant(name, weights.shape(name), () => weights.values(name)),
    /** Float16 as it came: half of the space, and the same values. */
    embedding(tokens: string) {
      const name = 'decoder/embeddings/weight'
      const halves = weights.halves(name)
      if (!halves) return graph.op('Gather', [blocks.weight(name), tokens], { axis: 0 })
      const table = graph.constant(name, weights.shape(name), () => halves)
      return graph.op('Cast', [graph.op('Gather', [table, tokens], { axis: 0 })], { to: DataType.float })
    },
    gelu: (x: string) => graph.op('Gelu', [x]),
    convolution(x: string, name: string, attributes: { readonly strides?: readonly number[] }) {
      const inputs = [x, blocks.weight(`${name}/weight`), blocks.weight(`${name}/bias`)]
      return graph.op('Conv', inputs, { kernel_shape: [3], pads: [1, 1], ...attributes })
    },
    norm(x: string, name: string) {
      const inputs = [x, blocks.weight(`${name}/gamma`), blocks.weight(`${name}/beta`)]
      return graph.op('LayerNormalization', inputs, { axis: -1, epsilon: { float: EPSILON } })
    },
    linear(x: string, name: string) {
      const [outputs = 0, inputs = 0] = weights.shape(`${name}/weight`)
      const layer = { name, inputs, outputs, weight: () => weights.values(`${name}/weight`) }
      const biasName = `${name}/bias`
      return graph.linear(
        x,
        weights.has(biasName) ? { ...layer, bias: () => weights.values(biasName) } : layer,
      )
    },
    /** [1, n, width] → [1, heads, n, headWidth] */
    headsApart: (x: string) => graph.op('Transpose', [apart(x)], { perm: [0, 2, 1, 3] }),
    /** [1, n, width] → [1, heads, headWidth, n] */
    headsTransposed: (x: string) => graph.op('Transpose', [apart(x)], { perm: [0, 2, 3, 1] }),
    attention(query: string, keysTransposed: string, values: string, mask?: string) {
      const scaled = graph.op('Mul', [blocks.headsApart(query), graph.scalar(headWidth ** -0.5)])
      const scores = graph.op('MatMul', [scaled, keysTransposed])
      const shares = graph.op('Softmax', [mask ? graph.op('Add', [scores, mask]) : scores], { axis: -1 })
      const mixed = graph.op('Transpose', [graph.op('MatMul', [shares, values])], { perm: [0, 2, 1, 3] })
      return graph.op('Reshape', [mixed, graph.int64(0, 0, width)])
    },
    feedForward(x: string, name: string) {
      const inner = blocks.gelu(blocks.linear(blocks.norm(x, `${name}/layer_norm`), `${name}/linear_0`))
      return graph.op('Add', [x, blocks.linear(inner, `${name}/linear_1`)])
    },
  }
  return blocks
}

/** [N, P + N]: 0 where a token may look, −10⁹ where it would see the future. */
function causalMask(graph: GraphBuilder, past: string, end: string): string {
  const single = (name: string, value: bigint) => graph.constant(name, [], () => BigInt64Array.of(value))
  const first = graph.op('Squeeze', [past])
  const last = graph.op('Squeeze', [end])
  const rows = graph.op('Range', [first, last, single('one', 1n)])
  const columns = graph.op('Range', [single('zero', 0n), last, single('one', 1n)])
  const future = graph.op('Greater', [
    graph.op('Unsqueeze', [columns, graph.int64(0)]),
    graph.op('Unsqueeze', [rows, graph.int64(1)]),
  ])
  return graph.op('Where', [future, graph.scalar(-1e9), graph.scalar(0)])
}
