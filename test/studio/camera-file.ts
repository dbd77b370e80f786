/** A picture as the film that Chromium's simulated camera shows: one frame of raw video (YUV4MPEG2), over and over. */
import { readFileSync, writeFileSync } from 'node:fs'
import { decodePicture } from '../../src/engines/eyes/decode-picture.js'

/** Twice as large as the picture: every pixel of it becomes a block of 2 × 2, which has one colour. */
export async function writeFilm(picture: string, film: string): Promise<void> {
  const { data, width, height } = await decodePicture(readFileSync(picture))
  const luma = Buffer.alloc(width * height * 4)
  const blue = Buffer.alloc(width * height)
  const red = Buffer.alloc(width * height)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [r, g, b] = [data[pixel * 4]!, data[pixel * 4 + 1]!, data[pixel * 4 + 2]!]
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    const bright = 16 + 0.257 * r + 0.504 * g + 0.098 * b
    for (const at of [4 * y * width + 2 * x, (2 * y + 1) * 2 * width + 2 * x]) luma.fill(bright, at, at + 2)
    blue[pixel] = 128 - 0.148 * r - 0.291 * g + 0.439 * b
    red[pixel] = 128 + 0.439 * r - 0.368 * g - 0.071 * b
  }
  const head = `YUV4MPEG2 W${width * 2} H${height * 2} F10:1 Ip A1:1 C420\nFRAME\n`
  writeFileSync(film, Buffer.concat([Buffer.from(head), luma, blue, red]))
}
