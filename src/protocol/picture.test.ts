import { describe, expect, it } from 'vitest'
import { GREEN_PNG, RED_BLUE_JPEG, RED_BLUE_WEBP } from '../testing/pictures.js'
import { ProtocolError } from './close.js'
import { decodeClientMessage } from './decode.js'
import { parsePicture } from './picture.js'

const PATH = 'realtimeInput.video'

describe('[PIC-1] a picture', () => {
  it.each([
    ['image/jpeg', RED_BLUE_JPEG],
    ['image/png', GREEN_PNG],
    ['image/webp', RED_BLUE_WEBP],
  ])('is told to be %s by its bytes, not by its name', (mimeType, { bytes }) => {
    expect(parsePicture(bytes, ' IMAGE/x-any; q=1', PATH)).toEqual({ bytes, mimeType })
  })

  it.each([
    ['text/plain', RED_BLUE_JPEG.bytes, /mimeType "text\/plain" must be image\/jpeg/],
    ['image/gif', new TextEncoder().encode('GIF89a'), /data is no JPEG, PNG or WebP/],
    ['image/png', new Uint8Array(0), /data is no JPEG, PNG or WebP/],
    [
      'image/png',
      withSize(GREEN_PNG.bytes, 16, [0x10000, 0x10000]),
      /has 65536 x 65536 pixels: send at most 40/,
    ],
    ['image/jpeg', jpegOf(9_000, 9_000), /has 9000 x 9000 pixels/],
  ])('%s is refused with the field and the cure: %#', (mimeType, bytes, reason) => {
    expect(() => parsePicture(bytes, mimeType, PATH)).toThrow(reason)
  })

  it('cut anywhere is taken or refused, never worse', () => {
    for (const { bytes } of [RED_BLUE_JPEG, GREEN_PNG, RED_BLUE_WEBP]) {
      for (let length = 0; length < 60; length++) {
        try {
          expect(parsePicture(bytes.subarray(0, length), 'image/png', PATH).bytes).toHaveLength(length)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
        }
      }
    }
  })

  it('of the content is named by its place', () => {
    const parts = [{ text: 'Look' }, { inline_data: { mime_type: 'image/png', data: '!' } }]
    const message = JSON.stringify({ client_content: { turns: [{ role: 'user', parts }] } })
    expect(() => decodeClientMessage(message)).toThrow(
      'clientContent.turns[0].parts[1].inlineData.data is not valid base64',
    )
  })
})

function withSize(bytes: Uint8Array, at: number, size: readonly number[]): Uint8Array {
  const copy = bytes.slice()
  for (const [index, value] of size.entries()) new DataView(copy.buffer).setUint32(at + 4 * index, value)
  return copy
}

/** Head only, with a segment before the frame. */
function jpegOf(width: number, height: number): Uint8Array {
  const size = [height >> 8, height & 255, width >> 8, width & 255]
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc0, 0, 11, 8, ...size, 3, 0])
}
