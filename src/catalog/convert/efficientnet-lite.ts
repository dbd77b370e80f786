/**
 * Converts EfficientNet-Lite (a PyTorch checkpoint: convolutions, each with a normalisation that is folded into it, and a linear layer) to
 * the ONNX file that the engine runs: one picture in, the probability of each of ImageNet's classes out.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { createGraphBuilder, edge } from './graph-builder.js'
import { DataType, type OnnxModel, writeOnnxModel } from './onnx-model.js'
import { type CheckpointTensor, readTorchCheckpoint } from './torch-checkpoint.js'

/** Of the normalisation, as it was trained. */
const EPSILON = 1e-3
const CLASSES = 1_000

/** Repeats, kernel, first stride, growth, of each stage in turn; the numbers of channels are in the checkpoint. Lite2. */
const STAGES: readonly (readonly [number, number, number, number])[] = [
  [1, 3, 1, 1],
  [3, 3, 2, 6],
  [3, 5, 2, 6],
  [4, 3, 2, 6],
  [4, 5, 1, 6],
  [5, 5, 2, 6],
  [1, 3, 1, 6],
]
/** Pixels of a side, as it was trained. */
const SIDE = 260

export interface EfficientNetConversion {
  readonly sourcePath: string
  readonly outPath: string
  readonly onProgress?: (fraction: number) => void
}

/** Takes 0.3 s. */
export async function convertEfficientNet(conversion: EfficientNetConversion): Promise<void> {
  const { sourcePath, outPath, onProgress } = conversion
  const tensors = readTorchCheckpoint(await readFile(sourcePath))
  onProgress?.(0.5)
  await writeFile(outPath, writeOnnxModel(efficientNetGraph(tensors)))
  onProgress?.(1)
}

/** `pixels` [1, 3, 260, 260], −1 … 1 → `classes` [1, 1000]. */
export function efficientNetGraph(tensors: ReadonlyMap<string, CheckpointTensor>): OnnxModel {
  const builder = createGraphBuilder()
  const tensorOf = (name: string) => {
    const found = tensors.get(name)
    if (!found) throw new Error(`the checkpoint has no ${name}`)
    return found
  }

  /** A convolution and its normalisation in one, padded at the right and below first, as TensorFlow does. */
  const convolution = (input: string, name: string, norm: string, stride = 1, isDepthwise = false) => {
    const { dims, values } = tensorOf(`${name}.weight`)
    const [outputs] = dims as [number]
    const each = values.length / outputs
    const [scale, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
      (part) => tensorOf(`${norm}.${part}`).values,
    ) as [Float32Array, Float32Array, Float32Array, Float32Array]
    const factor = scale.map((value, output) => value / Math.sqrt(variance[output]! + EPSILON))
    const kernel = builder.constant(name, dims, () =>
      values.map((value, index) => value * factor[Math.floor(index / each)]!),
    )
    const bias = builder.constant(`${name}.bias`, [outputs], () =>
      shift.map((value, output) => value - mean[output]! * factor[output]!),
    )
    return builder.op('Conv', [input, kernel, bias], {
      strides: [stride, stride],
      auto_pad: { text: 'SAME_UPPER' },
      group: isDepthwise ? outputs : 1,
    })
  }
  const relu6 = (input: string) => builder.op('Clip', [input, builder.scalar(0), builder.scalar(6)])

  let value = relu6(convolution('pixels', '_conv_stem', '_bn0', 2))
  let block = 0
  for (const [repeats, , firstStride, growth] of STAGES) {
    for (let repeat = 0; repeat < repeats; repeat++, block++) {
      const own = (part: string) => `_blocks.${block}.${part}`
      const stride = repeat === 0 ? firstStride : 1
      const wide = growth === 1 ? value : relu6(convolution(value, own('_expand_conv'), own('_bn0')))
      const seen = relu6(convolution(wide, own('_depthwise_conv'), own('_bn1'), stride, true))
      const narrow = convolution(seen, own('_project_conv'), own('_bn2'))
      value = repeat === 0 ? narrow : builder.op('Add', [narrow, value])
    }
  }
  const head = relu6(convolution(value, '_conv_head', '_bn1'))
  const pooled = builder.op('Flatten', [builder.op('GlobalAveragePool', [head])])
  const { dims, values } = tensorOf('_fc.weight')
  if (dims[0] !== CLASSES) throw new Error(`the network knows ${dims[0]} classes, not ${CLASSES}`)
  const scores = builder.op(
    'Gemm',
    [
      pooled,
      builder.constant('_fc.weight', dims, () => values),
      builder.constant('_fc.bias', [CLASSES], () => tensorOf('_fc.bias').values),
    ],
    { transB: 1 },
  )
  builder.op('Softmax', [scores], { axis: 1 }, 'classes')
  return builder.finish(
    'efficientnet-lite',
    [edge('pixels', DataType.float, [1, 3, SIDE, SIDE])],
    [edge('classes', DataType.float, [1, CLASSES])],
  )
}
