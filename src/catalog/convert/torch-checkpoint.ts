/**
 * Reads float32 tensors out of a PyTorch checkpoint of the old format (before 1.6: pickles one after another, then raw storages). A pickle is a
 * program for a machine with a stack; this one knows tuples, lists, dictionaries, numbers and texts, and the three names that a
 * checkpoint of float tensors needs. Whatever else is named is refused: nothing of the file is ever carried out.
 */

export interface CheckpointTensor {
  readonly dims: readonly number[]
  readonly values: Float32Array
}

/** The first value of such a file, a number that says what it is; kept as text, since it is larger than a number can be. */
const MAGIC = '1950a86a20f9469cfc6c'
const PROTOCOL = 1001

type Value = null | boolean | number | string | Named | Storage | Tensor | Value[] | Map<Value, Value>
/** A name that a pickle may call, and does nothing by itself. */
interface Named {
  readonly named: string
}
interface Storage {
  readonly key: string
  readonly count: number
  /** Of one value. Only float32 is read; counters of training are int64 and passed over. */
  readonly bytes: 4 | 8
}
interface Tensor {
  readonly storage: Storage
  readonly offset: number
  readonly dims: readonly number[]
  /** How far apart neighbours of each dimension lie: a kernel that was turned keeps the order that it had. */
  readonly strides: readonly number[]
}

const ORDERED_DICTIONARY = 'collections OrderedDict'
const REBUILD_TENSOR = 'torch._utils _rebuild_tensor_v2'
const FLOAT_STORAGE = 'torch FloatStorage'
const LONG_STORAGE = 'torch LongStorage'
const NAMES = [ORDERED_DICTIONARY, REBUILD_TENSOR, FLOAT_STORAGE, LONG_STORAGE]

/**
 * The float32 tensors of the dictionary that the checkpoint has under `entry`, or of the one that it is, by name. Throws where the file is
 * cut short or of another kind.
 */
export function readTorchCheckpoint(
  bytes: Uint8Array,
  entry?: string,
): ReadonlyMap<string, CheckpointTensor> {
  const reader = createReader(bytes)
  if (unpickle(reader) !== MAGIC || unpickle(reader) !== PROTOCOL)
    throw new Error('this is no PyTorch checkpoint of the old format')
  unpickle(reader)
  const root = unpickle(reader)
  const keys = unpickle(reader)
  const tensors = root instanceof Map && entry !== undefined ? root.get(entry) : root
  if (!(tensors instanceof Map) || !Array.isArray(keys))
    throw new Error(`the checkpoint has no "${entry ?? 'dictionary'}"`)
  const wanted = [...tensors].flatMap(([name, value]) => (isTensor(value) ? [[name, value] as const] : []))
  const known = new Map(wanted.map(([, { storage }]) => [storage.key, storage]))
  const storages = new Map<string, Float32Array>()
  // A storage's length stands before it: those of the optimiser's are passed over.
  for (const key of keys as string[]) {
    const count = reader.int64()
    const storage = known.get(key)
    const raw = reader.take((storage?.bytes ?? 4) * count)
    if (!storage) continue
    if (storage.count !== count) throw new Error(`storage ${key} has ${count} values`)
    if (storage.bytes === 4) storages.set(key, new Float32Array(Uint8Array.from(raw).buffer))
  }
  const floats = wanted.filter(([, { storage }]) => storage.bytes === 4)
  return new Map(
    floats.map(([name, value]) => {
      const values = inOrder(value, storages.get(value.storage.key) ?? new Float32Array(0))
      if (!values) throw new Error(`the checkpoint does not hold all of ${String(name)}`)
      return [String(name), { dims: value.dims, values }]
    }),
  )
}

/** The values with the last dimension closest; undefined where the storage does not hold all of them. */
function inOrder({ offset, dims, strides }: Tensor, stored: Float32Array): Float32Array | undefined {
  const size = dims.reduce((product, dim) => product * dim, 1)
  const last = dims.reduce((at, dim, index) => at + (dim - 1) * strides[index]!, offset)
  if (!(last < stored.length)) return undefined
  const result = new Float32Array(size)
  const position = dims.map(() => 0)
  let from = offset
  for (let to = 0; to < size; to++) {
    result[to] = stored[from]!
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += strides[axis]!
      if (++position[axis]! < dims[axis]!) break
      from -= dims[axis]! * strides[axis]!
      position[axis] = 0
    }
  }
  return result
}

interface Reader {
  byte(): number
  take(length: number): Uint8Array
  uint16(): number
  int32(): number
  int64(): number
  float64(): number
  line(): string
}

function createReader(bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = new TextDecoder()
  let position = 0
  const next = (length: number) => {
    if (!(length >= 0 && position + length <= bytes.length)) throw new Error('the checkpoint is cut short')
    position += length
    return position - length
  }
  return {
    byte: () => view.getUint8(next(1)),
    take: (length) => {
      const at = next(length)
      return bytes.subarray(at, at + length)
    },
    uint16: () => view.getUint16(next(2), true),
    int32: () => view.getInt32(next(4), true),
    int64: () => Number(view.getBigInt64(next(8), true)),
    float64: () => view.getFloat64(next(8)),
    line() {
      const end = bytes.indexOf(10, position)
      const at = next(end - position + 1)
      return text.decode(bytes.subarray(at, end))
    },
  }
}

/** One pickle, up to its end. */
function unpickle(reader: Reader): Value {
  const stack: Value[] = []
  const marks: number[] = []
  const memo = new Map<number, Value>()
  const text = new TextDecoder()
  const pop = (): Value => {
    const value = stack.pop()
    if (value === undefined) throw new Error('the checkpoint takes more from its stack than there is')
    return value
  }
  const popMarked = () => stack.splice(marks.pop() ?? stack.length)
  const top = () => stack.at(-1)
  const recall = (index: number) => {
    const value = memo.get(index)
    if (value === undefined) throw new Error('the checkpoint refers to what it never had')
    stack.push(value)
  }
  const setItems = (items: readonly Value[]) => {
    const target = top()
    if (!(target instanceof Map)) throw new Error('the checkpoint fills what is no dictionary')
    for (let index = 0; index + 1 < items.length; index += 2) target.set(items[index]!, items[index + 1]!)
  }
  const append = (items: readonly Value[]) => {
    const target = top()
    if (!Array.isArray(target)) throw new Error('the checkpoint lengthens what is no list')
    target.push(...items)
  }

  for (;;) {
    const code = String.fromCharCode(reader.byte())
    switch (code) {
      case '.':
        return pop()
      case '\x80':
        reader.byte()
        break
      case '(':
        marks.push(stack.length)
        break
      case 'N':
        stack.push(null)
        break
      case '\x88':
      case '\x89':
        stack.push(code === '\x88')
        break
      case 'K':
        stack.push(reader.byte())
        break
      case 'M':
        stack.push(reader.uint16())
        break
      case 'J':
        stack.push(reader.int32())
        break
      case '\x8a':
        stack.push(hexOf(reader.take(reader.byte())))
        break
      case 'G':
        stack.push(reader.float64())
        break
      case 'X':
        stack.push(text.decode(reader.take(reader.int32())))
        break
      case ')':
        stack.push([])
        break
      case ']':
        stack.push([])
        break
      case '}':
        stack.push(new Map())
        break
      case 't':
        stack.push(popMarked())
        break
      case '\x85':
      case '\x86':
      case '\x87':
        stack.push(stack.splice(stack.length - (code.charCodeAt(0) - 0x84)))
        break
      case 's':
        setItems(stack.splice(stack.length - 2))
        break
      case 'u':
        setItems(popMarked())
        break
      case 'a':
        append([pop()])
        break
      case 'e':
        append(popMarked())
        break
      case 'q':
        memo.set(reader.byte(), top() ?? null)
        break
      case 'r':
        memo.set(reader.int32(), top() ?? null)
        break
      case 'h':
        recall(reader.byte())
        break
      case 'j':
        recall(reader.int32())
        break
      case 'c': {
        const named = `${reader.line()} ${reader.line()}`
        if (!NAMES.includes(named)) throw new Error(`the checkpoint names "${named}", which is not read`)
        stack.push({ named })
        break
      }
      case 'Q':
        stack.push(storageOf(pop()))
        break
      case 'R': {
        const args = pop()
        stack.push(built(pop(), args))
        break
      }
      // What an object carries beside its entries: of no use here.
      case 'b':
        pop()
        break
      default:
        throw new Error(`the checkpoint has an instruction that is not read (${code.charCodeAt(0)})`)
    }
  }
}

function storageOf(value: Value): Storage {
  const [what, type, key, , count] = Array.isArray(value) ? value : []
  const isFloat = isNamed(type) && type.named === FLOAT_STORAGE
  const isLong = isNamed(type) && type.named === LONG_STORAGE
  if (what !== 'storage' || !(isFloat || isLong) || typeof key !== 'string' || typeof count !== 'number')
    throw new Error('the checkpoint holds values that are no float32')
  return { key, count, bytes: isFloat ? 4 : 8 }
}

function built(callee: Value, args: Value): Value {
  if (isNamed(callee) && callee.named === ORDERED_DICTIONARY) return new Map()
  if (!isNamed(callee) || callee.named !== REBUILD_TENSOR || !Array.isArray(args))
    throw new Error('the checkpoint calls what is not read')
  const [storage, offset, dims, strides] = args
  if (!isStorage(storage) || typeof offset !== 'number' || !isSizes(dims) || !isSizes(strides))
    throw new Error('the checkpoint holds a tensor that is not read')
  return { storage, offset, dims, strides }
}

function isObject(value: Value | undefined): value is Named | Storage | Tensor {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)
}
const isNamed = (value: Value | undefined): value is Named => isObject(value) && 'named' in value
const isStorage = (value: Value | undefined): value is Storage => isObject(value) && 'key' in value
const isTensor = (value: Value | undefined): value is Tensor => isObject(value) && 'dims' in value
const isSizes = (value: Value | undefined): value is number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number')

const hexOf = (bytes: Uint8Array) =>
  [...bytes]
    .reverse()
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .replace(/^0+/, '')
