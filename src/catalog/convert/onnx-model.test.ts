import { describe, expect, it } from 'vitest'
import { AttributeType, DataType, type OnnxModel, readOnnxModel, writeOnnxModel } from './onnx-model.js'
import { tensor, tensorAsFloat32, tensorValues } from './onnx-tensor.js'

const model: OnnxModel = {
  irVersion: 9,
  producerName: 'test',
  opsetImport: [{ domain: '', version: 20 }],
  metadataProps: [{ key: 'k', value: 'v' }],
  graph: {
    name: 'tiny',
    node: [
      { name: 'a', opType: 'MatMul', input: ['x', 'w'], output: ['y'], attribute: [] },
      {
        opType: 'If',
        input: ['c'],
        output: ['z'],
        attribute: [
          {
            name: 'then_branch',
            type: AttributeType.graph,
            g: {
              node: [
                {
                  opType: 'Constant',
                  input: [],
                  output: ['o'],
                  attribute: [
                    {
                      name: 'value',
                      type: AttributeType.tensor,
                      t: tensor('', [2], new Float32Array([1, 2])),
                    },
                  ],
                },
              ],
              initializer: [],
              input: [],
              output: [{ name: 'o' }],
            },
          },
          { name: 'zero', type: AttributeType.int, i: 0 },
          { name: 'far', type: AttributeType.int, i: 2 ** 63 },
          { name: 'axes', type: AttributeType.ints, ints: [-1, 2] },
          { name: 'half', type: AttributeType.float, f: 0.5 },
          { name: 'mode', type: AttributeType.string, s: new TextEncoder().encode('linear') },
        ],
      },
    ],
    initializer: [
      tensor('w', [2, 2], new Float32Array([1, -2, 3.5, 4])),
      tensor('ids', [2], new BigInt64Array([-1n, 9_223_372_036_854_775_807n])),
      tensor('q', [3], new Int8Array([-127, 0, 127])),
    ],
    input: [
      {
        name: 'x',
        type: {
          tensorType: { elemType: DataType.float, shape: { dim: [{ dimParam: 'N' }, { dimValue: 2 }] } },
        },
      },
    ],
    output: [{ name: 'y' }],
  },
}

describe('ONNX files', () => {
  it('are the same after writing and reading, with nested graphs, zeros and int64 limits', () => {
    const bytes = writeOnnxModel(model)
    const read = readOnnxModel(bytes)
    expect(read.irVersion).toBe(9)
    expect(read.opsetImport).toEqual([{ domain: '', version: 20 }])
    expect(read.graph.node[0]).toMatchObject({
      name: 'a',
      opType: 'MatMul',
      input: ['x', 'w'],
      output: ['y'],
    })
    const attributes = read.graph.node[1]?.attribute ?? []
    const inner = attributes[0]?.g?.node[0]?.attribute?.[0]?.t
    expect(inner && [...tensorAsFloat32(inner)]).toEqual([1, 2])
    expect(attributes[1]).toMatchObject({ name: 'zero', type: AttributeType.int, i: 0 })
    expect(attributes[3]?.ints).toEqual([-1, 2])
    expect(attributes[4]?.f).toBe(0.5)
    expect(new TextDecoder().decode(attributes[5]?.s)).toBe('linear')
    expect(read.graph.input[0]?.type?.tensorType?.shape?.dim).toEqual([{ dimParam: 'N' }, { dimValue: 2 }])
    // Byte for byte: nothing is lost, and 2^63 - 1 has not turned into -2^63.
    expect(Buffer.compare(writeOnnxModel(read), bytes)).toBe(0)
    expect(attributes[2]?.i).toBe(2 ** 63)
  })

  it('keep every value of every type of tensor', () => {
    const [w, ids, q] = readOnnxModel(writeOnnxModel(model)).graph.initializer
    expect([...tensorValues(w!)]).toEqual([1, -2, 3.5, 4])
    expect([...tensorValues(ids!)]).toEqual([-1n, 9_223_372_036_854_775_807n])
    expect([...tensorValues(q!)]).toEqual([-127, 0, 127])
  })

  it('share the memory of the bytes they were read from', () => {
    const bytes = writeOnnxModel(model)
    expect(readOnnxModel(bytes).graph.initializer[0]?.rawData?.buffer).toBe(bytes.buffer)
  })

  it('give values from the typed lists too', () => {
    expect([...tensorValues({ dims: [2], dataType: DataType.float, floatData: [1, 2] })]).toEqual([1, 2])
    expect([...tensorValues({ dims: [1], dataType: DataType.int64, int64Data: [-7] })]).toEqual([-7n])
    expect([
      ...tensorAsFloat32({ dims: [2], dataType: DataType.float16, int32Data: [0x3c00, 0xc000] }),
    ]).toEqual([1, -2])
  })

  it.each([
    ['a text', new TextEncoder().encode('<html>not a model</html>')],
    ['nothing', new Uint8Array(0)],
    ['half a model', writeOnnxModel(model).subarray(0, 60)],
  ])('say so when they are %s', (_name, bytes) => {
    expect(() => readOnnxModel(bytes)).toThrow(/ONNX/)
  })

  it('refuse shapes that the values do not fill', () => {
    expect(() => tensor('w', [2, 3], new Float32Array(5))).toThrow(/tensor w: 5 values/)
    expect(() =>
      tensorValues({ name: 'w', dims: [3], dataType: DataType.float, rawData: new Uint8Array(8) }),
    ).toThrow(/8 bytes/)
  })
})
