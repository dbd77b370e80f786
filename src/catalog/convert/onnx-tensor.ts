/** Values of ONNX tensors as typed arrays and back, with as few copies as alignment allows. */
import { float16ToFloat32 } from './float16.js'
import { DataType, type OnnxTensor } from './onnx-model.js'

export type TensorValues = Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array | Uint16Array

/** A tensor over the memory of `values`; `Uint16Array` = the bits of float16. Throws where the sizes disagree. */
export function tensor(name: string, dims: readonly number[], values: TensorValues): OnnxTensor {
  const count = elementCount(dims)
  if (count !== values.length)
    throw new Error(`tensor ${name}: ${values.length} values do not fill the shape [${dims.join(', ')}]`)
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return { name, dims, dataType: dataTypeOf(values), rawData }
}

export const elementCount = (dims: readonly number[]): number =>
  dims.reduce((product, size) => product * size, 1)

/**
 * The tensor's values in their own type (float16 as bits in `Uint16Array`, bool as `Uint8Array`). A view of `rawData` where it is aligned. Throws
 * for types that are not in `DataType`.
 */
export function tensorValues(source: OnnxTensor): TensorValues {
  const { rawData } = source
  const arrayType = arrayTypeOf(source)
  if (rawData && (rawData.byteLength > 0 || elementCount(source.dims) === 0)) {
    const width = arrayType.BYTES_PER_ELEMENT
    if (rawData.byteLength !== elementCount(source.dims) * width)
      throw new Error(
        `tensor ${source.name ?? ''}: ${rawData.byteLength} bytes do not fill [${source.dims.join(', ')}]`,
      )
    // A copy only where the view would be unaligned: protobuf packs fields without padding.
    const aligned = rawData.byteOffset % width === 0 ? rawData : new Uint8Array(rawData)
    return new arrayType(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / width)
  }
  if (arrayType === Float32Array) return Float32Array.from(source.floatData ?? [])
  if (arrayType === BigInt64Array) return BigInt64Array.from((source.int64Data ?? []).map(BigInt))
  return (arrayType as Int8ArrayConstructor).from(source.int32Data ?? []) as TensorValues
}

/** The values as float32; float16 and the integer types are converted, int64 is refused. */
export function tensorAsFloat32(source: OnnxTensor): Float32Array {
  const values = tensorValues(source)
  if (values instanceof Float32Array) return values
  if (values instanceof BigInt64Array)
    throw new Error(`tensor ${source.name ?? ''}: int64 is not read as float32`)
  return source.dataType === DataType.float16
    ? float16ToFloat32(values as Uint16Array)
    : Float32Array.from(values)
}

function dataTypeOf(values: TensorValues): number {
  if (values instanceof Float32Array) return DataType.float
  if (values instanceof Int8Array) return DataType.int8
  if (values instanceof Uint8Array) return DataType.uint8
  if (values instanceof Int32Array) return DataType.int32
  if (values instanceof BigInt64Array) return DataType.int64
  return DataType.float16
}

type ValuesConstructor = {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBuffer, offset: number, length: number): TensorValues
}

function arrayTypeOf(source: OnnxTensor): ValuesConstructor {
  switch (source.dataType) {
    case DataType.float:
      return Float32Array
    case DataType.int8:
      return Int8Array
    case DataType.uint8:
    case DataType.bool:
      return Uint8Array
    case DataType.int32:
      return Int32Array
    case DataType.int64:
      return BigInt64Array
    case DataType.float16:
      return Uint16Array
    default:
      throw new Error(`tensor ${source.name ?? ''}: data type ${source.dataType} is not supported`)
  }
}
