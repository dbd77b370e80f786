/**
 * What a client may send as a picture: JPEG, PNG or WebP, told by its first bytes, and not larger than can be looked at. Reads headers
 * only; whether the rest is whole shows when it is decoded.
 */
import type { PictureBlob, PictureType } from './client-message.js'
import { fieldError, truncateUtf8 } from './close.js'

/** 4 bytes of memory a pixel: 160 MB. Cameras of phones stay below. */
const MOST_PIXELS = 40_000_000

interface Header {
  readonly mimeType: PictureType
  /** Absent where the header tells no size. */
  readonly size?: { readonly width: number; readonly height: number }
}

/** `path` names the blob in messages. Throws a ProtocolError (1007). What the bytes are counts, not what they are called. */
export function parsePicture(bytes: Uint8Array, mimeType: string, path: string): PictureBlob {
  const type = mimeType.split(';')[0]?.trim().toLowerCase() ?? ''
  if (!type.startsWith('image/')) {
    const shown = truncateUtf8(type, 20)
    throw fieldError(1007, `${path}.mimeType`, `"${shown}" must be image/jpeg, image/png or image/webp.`)
  }
  const header = readHeader(bytes)
  if (!header) throw fieldError(1007, `${path}.data`, 'is no JPEG, PNG or WebP picture.')
  const { width = 1, height = 1 } = header.size ?? {}
  if (width * height > MOST_PIXELS) {
    throw fieldError(1007, `${path}.data`, `has ${width} x ${height} pixels: send at most 40 million.`)
  }
  return { bytes, mimeType: header.mimeType }
}

function readHeader(bytes: Uint8Array): Header | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (starts(bytes, 0, [0xff, 0xd8, 0xff])) return sized('image/jpeg', jpegSize(view))
  if (starts(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    return sized(
      'image/png',
      view.byteLength < 24 ? undefined : { width: view.getUint32(16), height: view.getUint32(20) },
    )
  if (starts(bytes, 0, [0x52, 0x49, 0x46, 0x46]) && starts(bytes, 8, [0x57, 0x45, 0x42, 0x50]))
    return sized('image/webp', webpSize(view))
  return undefined
}

const sized = (mimeType: PictureType, size: Header['size']): Header => ({ mimeType, ...(size && { size }) })

function starts(bytes: Uint8Array, at: number, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[at + index] === byte)
}

/** From the first frame header; segments before it are stepped over. */
function jpegSize(view: DataView): Header['size'] {
  let at = 2
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1)
    // Fill bytes may stand before a marker.
    if (marker === 0xff) {
      at++
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    at += 2 + view.getUint16(at + 2)
  }
  return undefined
}

function webpSize(view: DataView): Header['size'] {
  if (view.byteLength < 30) return undefined
  const kind = view.getUint32(12)
  const three = (at: number) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16)
  // "VP8X", "VP8L", "VP8 "
  if (kind === 0x56503858) return { width: three(24) + 1, height: three(27) + 1 }
  if (kind === 0x5650384c) {
    const bits = view.getUint32(21, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (kind === 0x56503820) {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  }
  return undefined
}
