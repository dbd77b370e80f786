/**
 * Reads and writes ONNX model files. Names are those of onnx.proto in camel case (so `node` and `initializer` are lists). Weights
 * (`rawData`) stay views of the bytes that were read. It knows the container, not what any operator means.
 */
import protobuf from 'protobufjs'
import { ONNX_PROTO } from './onnx-schema.js'

export interface OnnxModel {
  readonly irVersion: number
  readonly opsetImport: readonly { readonly domain?: string; readonly version: number }[]
  readonly producerName?: string
  readonly producerVersion?: string
  readonly metadataProps?: readonly { readonly key: string; readonly value: string }[]
  readonly graph: OnnxGraph
}

export interface OnnxGraph {
  readonly name?: string
  node: OnnxNode[]
  initializer: OnnxTensor[]
  input: OnnxValueInfo[]
  output: OnnxValueInfo[]
  /** Shapes of intermediate values: hints that may be dropped. */
  valueInfo?: OnnxValueInfo[]
}

export interface OnnxNode {
  name?: string
  opType: string
  /** Empty or absent = the standard operators. */
  domain?: string
  input: string[]
  output: string[]
  attribute?: OnnxAttribute[]
}

/** Exactly one of the values is set, the one `type` names. */
export interface OnnxAttribute {
  readonly name: string
  readonly type: number
  readonly f?: number
  /** Beyond ±2^53 rounded, and held to the range of int64. */
  readonly i?: number
  readonly s?: Uint8Array
  readonly t?: OnnxTensor
  readonly g?: OnnxGraph
  readonly floats?: readonly number[]
  readonly ints?: readonly number[]
  readonly strings?: readonly Uint8Array[]
}

/** The values lie in `rawData` (little endian) or, in small tensors of some exporters, in one of the typed lists. */
export interface OnnxTensor {
  readonly name?: string
  readonly dims: readonly number[]
  readonly dataType: number
  readonly rawData?: Uint8Array
  readonly floatData?: readonly number[]
  /** Also holds int8, uint8, int16, uint16, bool and the bits of float16. */
  readonly int32Data?: readonly number[]
  readonly int64Data?: readonly number[]
}

export interface OnnxValueInfo {
  readonly name: string
  readonly type?: {
    readonly tensorType?: {
      readonly elemType: number
      readonly shape?: { readonly dim: readonly { readonly dimValue?: number; readonly dimParam?: string }[] }
    }
  }
}

/** `TensorProto.DataType` */
export const DataType = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } as const

/** `AttributeProto.AttributeType` */
export const AttributeType = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
} as const

const ModelProto = protobuf.parse(ONNX_PROTO).root.lookupType('onnx.ModelProto')

/** Throws where the bytes are no ONNX model. The model's `rawData` share memory with `bytes`. */
export function readOnnxModel(bytes: Uint8Array): OnnxModel {
  let model: Partial<OnnxModel>
  try {
    // `arrays` so that empty lists are lists; `longs: Number` because no size or index in a model needs 64 bits.
    model = ModelProto.toObject(ModelProto.decode(bytes), {
      longs: Number,
      arrays: true,
    }) as Partial<OnnxModel>
  } catch (cause) {
    throw new Error('These bytes are not an ONNX model: the file is damaged or of another kind.', { cause })
  }
  if (model.irVersion === undefined || model.graph === undefined)
    throw new Error('This ONNX file holds no graph: it is cut short or of another kind.')
  return model as OnnxModel
}

/** One buffer with the whole file. Weights are copied once, into it. */
export function writeOnnxModel(model: OnnxModel): Uint8Array {
  return ModelProto.encode(ModelProto.fromObject(model)).finish()
}
