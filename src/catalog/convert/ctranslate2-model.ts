/**
 * Reads the weights of a CTranslate2 `model.bin` (binary versions 4 to 6, float32 or float16). Knows the container, not
 * what any weight means.
 */
import { open } from 'node:fs/promises'
import { float16ToFloat32 } from './float16.js'

export interface Ctranslate2Model {
  /** e.g. `WhisperSpec` */
  readonly spec: string
  readonly variables: ReadonlyMap<string, Ctranslate2Variable>
}

export interface Ctranslate2Variable {
  readonly dims: readonly number[]
  readonly type: 'float32' | 'float16' | 'other'
  /** Little endian, a view of the file. */
  readonly bytes: Buffer
}

const typeById = new Map<number, Ctranslate2Variable['type']>([
  [0, 'float32'],
  [4, 'float16'],
])

/** Joins the pieces of a file that was cut up. Holds it whole: 145 MB for Whisper base. */
export async function readParts(paths: readonly string[], signal?: AbortSignal): Promise<Buffer> {
  const handles = await Promise.all(paths.map((path) => open(path)))
  try {
    const sizes = await Promise.all(handles.map(async (handle) => (await handle.stat()).size))
    const whole = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size, 0))
    let position = 0
    for (const [index, handle] of handles.entries()) {
      const end = position + sizes[index]!
      while (position < end) {
        signal?.throwIfAborted()
        const { bytesRead } = await handle.read(whole, position, Math.min(end - position, 16 * 1024 * 1024))
        if (bytesRead === 0) throw new Error(`${paths[index]} became shorter while it was read.`)
        position += bytesRead
      }
    }
    return whole
  } finally {
    await Promise.all(handles.map((handle) => handle.close()))
  }
}

/** Throws where the file is cut short, of an unknown version or has bytes left over. */
export function readCtranslate2Model(file: Buffer): Ctranslate2Model {
  let offset = 0
  const take = (length: number): Buffer => {
    if (offset + length > file.length)
      throw new Error(`The CTranslate2 file ends at byte ${file.length}, in the middle of its contents.`)
    offset += length
    return file.subarray(offset - length, offset)
  }
  const uint8 = () => take(1).readUInt8()
  const uint16 = () => take(2).readUInt16LE()
  const uint32 = () => take(4).readUInt32LE()
  const text = () => take(uint16()).toString('utf8').replace(/\0+$/, '')

  const version = uint32()
  if (version < 4 || version > 6)
    throw new Error(`This is not a CTranslate2 file of version 4 to 6 (it says ${version}).`)
  const spec = text()
  uint32() // revision of the spec: its variables are looked up by name
  const variables = new Map<string, Ctranslate2Variable>()
  for (let remaining = uint32(); remaining > 0; remaining--) {
    const name = text()
    const dims = Array.from({ length: uint8() }, uint32)
    const type = typeById.get(uint8()) ?? 'other'
    variables.set(name, { dims, type, bytes: take(uint32()) })
  }
  for (let remaining = uint32(); remaining > 0; remaining--) {
    const alias = text()
    const name = text()
    const variable = variables.get(name)
    if (!variable) throw new Error(`The CTranslate2 file names "${name}", which it does not hold.`)
    variables.set(alias, variable)
  }
  if (offset !== file.length)
    throw new Error(
      `The CTranslate2 file has ${file.length - offset} bytes too many: its pieces may be in the wrong order.`,
    )
  return { spec, variables }
}

/** The values as float32 in new memory. */
export function variableAsFloat32(name: string, { type, bytes }: Ctranslate2Variable): Float32Array {
  // Copied, because the file aligns nothing.
  const aligned = Uint8Array.from(bytes).buffer
  if (type === 'float32') return new Float32Array(aligned)
  if (type === 'float16') return float16ToFloat32(new Uint16Array(aligned))
  throw new Error(`"${name}" is quantised already: only float32 and float16 weights can be converted.`)
}
