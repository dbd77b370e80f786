/** Small pictures for tests: one scene in three formats, and plain ones of any colour. */
import { crc32, deflateSync } from 'node:zlib'
import type { Picture } from '../engine/index.js'

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

/** A picture whose left half is red and whose right half is blue, 48 × 32. */
export const RED_BLUE_JPEG: Picture = {
  mimeType: 'image/jpeg',
  bytes: bytesOf(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wEEEAANAA0ADQANAA4ADQAOABAAEAAOABQAFgATABYAFAAeABsAGQAZABsAHgAtACAAIgAgACIAIAAtAEQAKgAyACoAKgAyACoARAA8AEkAOwA3ADsASQA8AGwAVQBLAEsAVQBsAH0AaQBjAGkAfQCXAIcAhwCXAL4AtQC+APkA+QFOEQANAA0ADQANAA4ADQAOABAAEAAOABQAFgATABYAFAAeABsAGQAZABsAHgAtACAAIgAgACIAIAAtAEQAKgAyACoAKgAyACoARAA8AEkAOwA3ADsASQA8AGwAVQBLAEsAVQBsAH0AaQBjAGkAfQCXAIcAhwCXAL4AtQC+APkA+QFO/8IAEQgAIAAwAwEiAAIRAQMRAf/EACkAAQEAAAAAAAAAAAAAAAAAAAAFAQEBAQAAAAAAAAAAAAAAAAAGBwX/2gAMAwEAAhADEAAAAIwy3STWkpzwJztYTGhpNaSnPAnO/wD/xAAUEAEAAAAAAAAAAAAAAAAAAABA/9oACAEBAAE/AEf/xAAZEQACAwEAAAAAAAAAAAAAAAAGEESDwQD/2gAIAQIBAT8A4cmV6xyZXq//xAAZEQACAwEAAAAAAAAAAAAAAAAFEESCwQD/2gAIAQMBAT8A4/FvjPxb4v/Z',
  ),
}
export const RED_BLUE_WEBP: Picture = {
  mimeType: 'image/webp',
  bytes: bytesOf(
    'UklGRloAAABXRUJQVlA4IE4AAABQAwCdASowACAAPrVKn0mnJCKhMAgA4BaJQBdl0gAPK96yMAD+6mX/iGn/ut/+cS/oF+AvQ/nv+e4g/2Ab3r9/cWQHoG4B0NG2sSf2AAA=',
  ),
}

export type Colour = readonly [red: number, green: number, blue: number]

/** A PNG of stripes side by side, 48 × 32. */
export function stripes(...colours: readonly Colour[]): Picture {
  const [width, height] = [48, 32]
  const line = [
    0,
    ...Array.from({ length: width }, (_, x) => colours[Math.floor((x * colours.length) / width)]!).flat(),
  ]
  const pixels = Buffer.from(Array.from({ length: height }, () => line).flat())
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 8 bits, red, green and blue.
  header.set([8, 2], 8)
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), chunk('IEND', Buffer.alloc(0))]
  const bytes = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ...parts])
  return { mimeType: 'image/png', bytes: new Uint8Array(bytes) }
}

export const RED_BLUE_PNG = stripes([220, 30, 30], [30, 30, 220])
export const GREEN_PNG = stripes([20, 160, 60])

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const result = Buffer.alloc(body.length + 8)
  result.writeUInt32BE(data.length, 0)
  body.copy(result, 4)
  result.writeUInt32BE(crc32(body), body.length + 4)
  return result
}
