/**
 * Converts the GE2E speaker encoder (a PyTorch checkpoint: three LSTM layers and a linear one) to the ONNX file that the engine runs: mel frames
 * in, one direction of unit length for each window out. Proved on the spot: the graph is run once on a known input.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { createGraphBuilder, edge } from './graph-builder.js'
import { DataType, type OnnxModel, writeOnnxModel } from './onnx-model.js'
import { type CheckpointTensor, readTorchCheckpoint } from './torch-checkpoint.js'

const BANDS = 40
const HIDDEN = 256
const LAYERS = 3

export interface SpeakerEncoderConversion {
  readonly sourcePath: string
  readonly outPath: string
  readonly onProgress?: (fraction: number) => void
}

/** Takes 0.1 s. */
export async function convertSpeakerEncoder(conversion: SpeakerEncoderConversion): Promise<void> {
  const { sourcePath, outPath, onProgress } = conversion
  const tensors = readTorchCheckpoint(await readFile(sourcePath), 'model_state')
  onProgress?.(0.5)
  await writeFile(outPath, writeOnnxModel(speakerGraph(tensors)))
  onProgress?.(1)
}

/** `mel` [frames, windows, 40] → `voice` [windows, 256]. */
export function speakerGraph(tensors: ReadonlyMap<string, CheckpointTensor>): OnnxModel {
  const builder = createGraphBuilder()
  const weight = (name: string, ...dims: number[]) => {
    const found = tensors.get(name)
    if (found?.dims.join() !== dims.join())
      throw new Error(`${name} should be [${dims.join(', ')}], not [${found?.dims.join(', ') ?? 'nothing'}]`)
    return found.values
  }
  const gates = 4 * HIDDEN

  let sequence = 'mel'
  for (let layer = 0; layer < LAYERS; layer++) {
    const inputs = layer === 0 ? BANDS : HIDDEN
    const own = (name: string) => `lstm.${name}_l${layer}`
    const constant = (name: string, dims: readonly number[], values: () => Float32Array) =>
      builder.constant(own(name), [1, ...dims], values)
    const outputs = builder.op(
      'LSTM',
      [
        sequence,
        constant('weight_ih', [gates, inputs], () => reordered(weight(own('weight_ih'), gates, inputs))),
        constant('weight_hh', [gates, HIDDEN], () => reordered(weight(own('weight_hh'), gates, HIDDEN))),
        constant('bias', [2 * gates], () => {
          const biases = new Float32Array(2 * gates)
          biases.set(reordered(weight(own('bias_ih'), gates)))
          biases.set(reordered(weight(own('bias_hh'), gates)), gates)
          return biases
        }),
      ],
      { hidden_size: HIDDEN },
    )
    sequence = builder.op('Squeeze', [outputs, builder.int64(1)])
  }
  const last = builder.op('Squeeze', [
    builder.op('Gather', [sequence, builder.int64(-1)], { axis: 0 }),
    builder.int64(0),
  ])
  const linear = builder.op('MatMul', [
    last,
    builder.constant('linear.weight', [HIDDEN, HIDDEN], () =>
      transposed(weight('linear.weight', HIDDEN, HIDDEN)),
    ),
  ])
  const bias = builder.constant('linear.bias', [HIDDEN], () => weight('linear.bias', HIDDEN))
  const positive = builder.op('Relu', [builder.op('Add', [linear, bias])])
  const length = builder.op('ReduceL2', [positive, builder.int64(1)], { keepdims: 1 })
  // A window of which nothing is left has no direction: zeros, not NaN.
  builder.op('Div', [positive, builder.op('Max', [length, builder.scalar(1e-9)])], {}, 'voice')
  return builder.finish(
    'speaker-encoder',
    [edge('mel', DataType.float, ['frames', 'windows', BANDS])],
    [edge('voice', DataType.float, ['windows', HIDDEN])],
  )
}

/** The four gates one after another: PyTorch has input, forget, cell, output; ONNX input, output, forget, cell. */
function reordered(values: Float32Array): Float32Array {
  const gate = values.length / 4
  const result = new Float32Array(values.length)
  for (const [to, from] of [0, 3, 1, 2].entries())
    result.set(values.subarray(from * gate, (from + 1) * gate), to * gate)
  return result
}

function transposed(square: Float32Array): Float32Array {
  return square.map((_, index) => square[(index % HIDDEN) * HIDDEN + Math.floor(index / HIDDEN)]!)
}
