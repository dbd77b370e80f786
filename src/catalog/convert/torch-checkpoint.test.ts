/** The reader of PyTorch checkpoints, on files written byte by byte, as PyTorch wrote them before 1.6. */
import { describe, expect, it } from 'vitest'
import { readTorchCheckpoint } from './torch-checkpoint.js'

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0))
const int32 = (value: number) => [...new Uint8Array(Int32Array.of(value).buffer)]
const int64 = (value: number) => [...new Uint8Array(BigInt64Array.of(BigInt(value)).buffer)]
const string = (text: string) => [...ascii('X'), ...int32(text.length), ...ascii(text)]
const named = (name: string) => ascii(`c${name.replace(' ', '\n')}\n`)
const pickle = (...parts: number[][]) => [0x80, 2, ...parts.flat(), ...ascii('.')]
const tuple = (...parts: number[][]) => [...ascii('('), ...parts.flat(), ...ascii('t')]
const byte = (value: number) => [...ascii('K'), value]
const pair = (one: number, other: number) => [...byte(one), ...byte(other), 0x86]

const MAGIC = pickle([0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19])
const PROTOCOL = pickle([...ascii('M'), 0xe9, 0x03])

const storage = (key: string, count: number, type = 'torch FloatStorage') => [
  ...tuple(string('storage'), named(type), string(key), string('cpu'), byte(count), ascii('N')),
  ...ascii('Q'),
]
const tensor = (
  stored: number[],
  { offset = 0, strides = pair(3, 1), call = 'torch._utils _rebuild_tensor_v2' } = {},
) => [
  ...named(call),
  ...tuple(
    stored,
    byte(offset),
    pair(2, 3),
    strides,
    [0x89],
    [...named('collections OrderedDict'), ...ascii(')R')],
  ),
  ...ascii('R'),
]
const dictionary = (...entries: [string, number[]][]) => [
  ...ascii('}('),
  ...entries.flatMap(([name, value]) => [...string(name), ...value]),
  ...ascii('u'),
]

interface Parts {
  readonly magic?: number[]
  readonly entry?: string
  readonly weight?: number[]
  readonly values?: number
  /** The first storage holds int64. */
  readonly counter?: boolean
}
function checkpoint({
  magic = MAGIC,
  entry = 'model_state',
  weight = tensor(storage('b', 8), { offset: 2 }),
  values = 8,
  counter = false,
}: Parts = {}) {
  const counted: [string, number[]][] = counter
    ? [['count', tensor(storage('a', 3, 'torch LongStorage'))]]
    : []
  const root = dictionary(['step', byte(7)], [entry, dictionary(['weight', weight], ...counted)])
  const keys = [...ascii(']('), ...string('a'), ...string('b'), ...ascii('e')]
  const floats = (count: number) => [
    ...int64(count),
    ...new Uint8Array(Float32Array.from({ length: count }, (_, index) => index / 2).buffer),
  ]
  const first = counter ? [...int64(3), ...[1, 2, 3].flatMap(int64)] : floats(3)
  return Uint8Array.from(
    [magic, PROTOCOL, pickle(dictionary()), pickle(root), pickle(keys), first, floats(values)].flat(),
  )
}

describe('a PyTorch checkpoint', () => {
  it('gives the tensors of an entry, each out of its own part of its storage', () => {
    const tensors = readTorchCheckpoint(checkpoint(), 'model_state')
    expect([...tensors.keys()]).toEqual(['weight'])
    expect(tensors.get('weight')).toEqual({ dims: [2, 3], values: Float32Array.of(1, 1.5, 2, 2.5, 3, 3.5) })
  })

  it('reads a tensor that was turned, and passes counters over', () => {
    const turned = tensor(storage('b', 8), { strides: pair(1, 2) })
    const values = readTorchCheckpoint(checkpoint({ weight: turned }), 'model_state').get('weight')!.values
    expect([...values]).toEqual([0, 1, 2, 0.5, 1.5, 2.5])
    const counted = readTorchCheckpoint(checkpoint({ counter: true }), 'model_state')
    expect([...counted.keys()]).toEqual(['weight'])
    expect(counted.get('weight')!.values[0]).toBe(1)
  })

  it.each<[string, Parts, RegExp]>([
    ['another kind of file', { magic: pickle(byte(1)) }, /no PyTorch checkpoint of the old format/],
    ['one without the entry', { entry: 'other' }, /no "model_state"/],
    [
      'a name that could do something',
      { weight: named('os system') },
      /names "os system", which is not read/,
    ],
    [
      'a call of what is no function',
      { weight: tensor(storage('b', 8), { call: 'torch FloatStorage' }) },
      /calls what is not read/,
    ],
    [
      'other numbers than float32',
      { weight: tensor(storage('b', 8, 'collections OrderedDict')) },
      /no float32/,
    ],
    [
      'a tensor beyond its storage',
      { weight: tensor(storage('b', 8), { offset: 3 }) },
      /does not hold all of weight/,
    ],
    ['a storage of another length', { values: 7 }, /storage b has 7 values/],
    ['an instruction that is not known', { weight: ascii('i') }, /instruction that is not read \(105\)/],
    ['what was never put by', { weight: [...ascii('h'), 9] }, /never had/],
  ])('is refused where it is or holds %s', (_what, parts, message) => {
    expect(() => readTorchCheckpoint(checkpoint(parts), 'model_state')).toThrow(message)
  })

  it('is refused wherever it is cut', () => {
    const whole = checkpoint()
    for (let length = 0; length < whole.length; length++)
      expect(() => readTorchCheckpoint(whole.subarray(0, length), 'model_state'), `${length}`).toThrow()
  })
})
