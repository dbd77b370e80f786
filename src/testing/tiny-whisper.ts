/**
 * A made-up Whisper of one layer each side, as a CTranslate2 file: the shape of the real one in 100 kB, with weights from a fixed
 * formula. It understands nothing.
 */

export interface TinyWhisper {
  readonly bytes: Buffer
  /** Float32 values by variable name. */
  readonly values: ReadonlyMap<string, { readonly dims: readonly number[]; readonly data: Float32Array }>
}

export const TINY_WHISPER = {
  width: 64,
  vocabulary: 30,
  mels: 8,
  maxFrames: 50,
  maxTokens: 20,
  inner: 128,
} as const

export function tinyWhisper(spec = 'WhisperSpec'): TinyWhisper {
  const { width, vocabulary, mels, maxFrames, maxTokens, inner } = TINY_WHISPER
  const values = new Map<string, { dims: readonly number[]; data: Float32Array }>()
  const add = (name: string, ...dims: number[]) => {
    const size = dims.reduce((product, dim) => product * dim, 1)
    const scale = dims.length > 1 ? 1 / Math.sqrt(size / dims[0]!) : 0.1
    const offset = name.endsWith('gamma') ? 1 : 0
    const seed = values.size * 7.3
    const data = Float32Array.from(
      { length: size },
      (_, i) => offset + scale * Math.sin(seed + i * 12.9898 + i * i * 0.37),
    )
    values.set(name, { dims, data })
  }
  const norm = (name: string) => {
    add(`${name}/gamma`, width)
    add(`${name}/beta`, width)
  }
  const linear = (name: string, outputs: number, inputs: number) => {
    add(`${name}/weight`, outputs, inputs)
    add(`${name}/bias`, outputs)
  }
  const block = (side: string) => {
    norm(`${side}/layer_0/self_attention/layer_norm`)
    linear(`${side}/layer_0/self_attention/linear_0`, 3 * width, width)
    linear(`${side}/layer_0/self_attention/linear_1`, width, width)
    norm(`${side}/layer_0/ffn/layer_norm`)
    linear(`${side}/layer_0/ffn/linear_0`, inner, width)
    linear(`${side}/layer_0/ffn/linear_1`, width, inner)
    norm(`${side}/layer_norm`)
  }
  add('encoder/conv1/weight', width, mels, 3)
  add('encoder/conv1/bias', width)
  add('encoder/conv2/weight', width, width, 3)
  add('encoder/conv2/bias', width)
  add('encoder/position_encodings/encodings', maxFrames, width)
  block('encoder')
  add('decoder/embeddings/weight', vocabulary, width)
  add('decoder/position_encodings/encodings', maxTokens, width)
  block('decoder')
  norm('decoder/layer_0/attention/layer_norm')
  linear('decoder/layer_0/attention/linear_0', width, width)
  linear('decoder/layer_0/attention/linear_1', 2 * width, width)
  linear('decoder/layer_0/attention/linear_2', width, width)
  return { bytes: ctranslate2File(spec, values), values }
}

/** Binary version 6, with one alias, as CTranslate2 writes tied weights. */
function ctranslate2File(spec: string, values: TinyWhisper['values']): Buffer {
  const chunks: Buffer[] = []
  const number = (value: number, bytes: 1 | 2 | 4) => {
    const chunk = Buffer.alloc(bytes)
    chunk.writeUIntLE(value, 0, bytes)
    chunks.push(chunk)
  }
  const text = (value: string) => {
    number(value.length + 1, 2)
    chunks.push(Buffer.from(`${value}\0`))
  }
  number(6, 4)
  text(spec)
  number(3, 4)
  number(values.size, 4)
  for (const [name, { dims, data }] of values) {
    text(name)
    number(dims.length, 1)
    for (const dim of dims) number(dim, 4)
    number(0, 1)
    number(data.byteLength, 4)
    chunks.push(Buffer.from(data.buffer))
  }
  number(1, 4)
  text('decoder/projection/weight')
  text('decoder/embeddings/weight')
  return Buffer.concat(chunks)
}
