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
}
interface Tensor {
  readonly storage: Storage
  readonly offset: number
  readonly dims: readonly number[]
}

const ORDERED_DICTIONARY = 'collections OrderedDict'
const REBUILD_TENSOR = 'torch._utils _rebuild_tensor_v2'
const FLOAT_STORAGE = 'torch FloatStorage'
const NAMES = [ORDERED_DICTIONARY, REBUILD_TENSOR, FLOAT_STORAGE]

/** The tensors of the dictionary that the checkpoint has under `entry`, by name. Throws where the file is cut short or of another kind. */
export function readTorchCheckpoint(bytes: Uint8Array, entry: string): ReadonlyMap<string, CheckpointTensor> {
  const reader = createReader(bytes)
  if (unpickle(reader) !== MAGIC || unpickle(reader) !== PROTOCOL)
    throw new Error('this is no PyTorch checkpoint of the old format')
  unpickle(reader)
  const root = unpickle(reader)
  const keys = unpickle(reader)
  const tensors = root instanceof Map ? root.get(entry) : undefined
  if (!(tensors instanceof Map) || !Array.isArray(keys)) throw new Error(`the checkpoint has no "${entry}"`)
  const wanted = [...tensors].flatMap(([name, value]) => (isTensor(value) ? [[name, value] as const] : []))
  const counts = new Map(wanted.map(([, { storage }]) => [storage.key, storage.count]))
  const storages = new Map<string, Float32Array>()
  // A storage's length stands before it: those of the optimiser's are passed over.
  for (const key of keys as string[]) {
    const count = reader.int64()
    const raw = reader.take(4 * count)
    if (!counts.has(key)) continue
    if (counts.get(key) !== count) throw new Error(`storage ${key} has ${count} values`)
    storages.set(key, new Float32Array(Uint8Array.from(raw).buffer))
  }
  return new Map(
    wanted.map(([name, { storage, offset, dims }]) => {
      const size = dims.reduce((product, dim) => product * dim, 1)
      const values = storages.get(storage.key)?.subarray(offset, offset + size)
      if (values?.length !== size) throw new Error(`the checkpoint does not hold all of ${String(name)}`)
      return [String(name), { dims, values }]
    }),
  )
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
  if (what !== 'storage' || !isFloat || typeof key !== 'string' || typeof count !== 'number')
    throw new Error('the checkpoint holds values that are no float32')
  return { key, count }
}

function built(callee: Value, args: Value): Value {
  if (isNamed(callee) && callee.named === ORDERED_DICTIONARY) return new Map()
  if (!isNamed(callee) || callee.named !== REBUILD_TENSOR || !Array.isArray(args))
    throw new Error('the checkpoint calls what is not read')
  const [storage, offset, dims, strides] = args
  if (!isStorage(storage) || typeof offset !== 'number' || !isSizes(dims) || !isSizes(strides))
    throw new Error('the checkpoint holds a tensor that is not read')
  // The last dimension lies closest: anything else is a view that would have to be copied in another order.
  let stride = 1
  for (let index = dims.length - 1; index >= 0; index--) {
    if (strides[index] !== stride) throw new Error('the checkpoint holds a tensor in another order')
    stride *= dims[index]!
  }
  return { storage, offset, dims }
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
