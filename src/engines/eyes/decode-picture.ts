/**
 * JPEG, PNG and WebP files to pixels, by the codecs of Squoosh in WebAssembly: a broken or hostile file can hurt neither memory nor
 * process. Told apart by their first bytes, not by what they are called.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { EngineError } from '../../engine/errors.js'
import type { Raster } from './raster.js'

type Decode = (bytes: ArrayBuffer) => Promise<Raster>

/** The codecs make browsers' objects. */
class PlainImageData {
  readonly data: Uint8ClampedArray
  readonly width: number
  readonly height: number
  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data
    this.width = width
    this.height = height
  }
}

export type PictureFormat = 'jpeg' | 'png' | 'webp'

const decoders = new Map<PictureFormat, Promise<Decode>>()

/** Throws `EngineError` `engine-refused` for anything but a whole picture. A JPEG is turned as its camera was held. */
export async function decodePicture(bytes: Uint8Array): Promise<Raster> {
  const format = formatOf(bytes)
  if (!format) throw unreadable('its first bytes are those of no JPEG, PNG or WebP file')
  let loading = decoders.get(format)
  if (!loading) {
    loading = loadDecoder(format)
    decoders.set(format, loading)
  }
  const decode = await loading
  const copy = new ArrayBuffer(bytes.byteLength)
  new Uint8Array(copy).set(bytes)
  try {
    return await decode(copy)
  } catch (cause) {
    // A codec that ran out of its memory stays broken.
    decoders.delete(format)
    throw unreadable(cause instanceof Error ? cause.message : String(cause))
  }
}

export function formatOf(bytes: Uint8Array): PictureFormat | undefined {
  const starts = (at: number, ...expected: readonly number[]) =>
    expected.every((byte, index) => bytes[at + index] === byte)
  if (starts(0, 0xff, 0xd8, 0xff)) return 'jpeg'
  if (starts(0, 0x89, 0x50, 0x4e, 0x47)) return 'png'
  if (starts(0, 0x52, 0x49, 0x46, 0x46) && starts(8, 0x57, 0x45, 0x42, 0x50)) return 'webp'
  return undefined
}

const unreadable = (why: string) => new EngineError('engine-refused', `The picture cannot be read: ${why}.`)

async function loadDecoder(format: PictureFormat): Promise<Decode> {
  const globals = globalThis as { ImageData?: unknown }
  globals.ImageData ??= PlainImageData
  switch (format) {
    case 'jpeg': {
      const { default: decode, init } = await import('@jsquash/jpeg/decode.js')
      await init({ ...QUIET, wasmBinary: await wasm('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm') })
      return async (bytes) => decode(bytes, { preserveOrientation: true })
    }
    case 'png': {
      const { default: decode, init } = await import('@jsquash/png/decode.js')
      await init(await wasm('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'))
      return async (bytes) => decode(bytes)
    }
    case 'webp': {
      const { default: decode, init } = await import('@jsquash/webp/decode.js')
      await init({ ...QUIET, wasmBinary: await wasm('@jsquash/webp/codec/dec/webp_dec.wasm') })
      return async (bytes) => decode(bytes)
    }
  }
}

/** What a codec has to say about a broken file is thrown as well. */
const QUIET = { print: () => {}, printErr: () => {} }

async function wasm(path: string): Promise<ArrayBuffer> {
  const bytes = await readFile(createRequire(import.meta.url).resolve(path))
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
}
