/**
 * BlazeFace: where faces are in a picture, how sure that is, and which way each one looks, told by where its nose stands between its
 * ears. Tells nobody's name, age or mood.
 */
import { type NetworkOptions, openNetwork } from './network.js'
import { type Raster, type Rectangle, resize } from './raster.js'

export interface FaceFinder {
  /** The largest first. */
  find(raster: Raster): Promise<readonly Face[]>
  close(): Promise<void>
}

export interface Face {
  /** In pixels of the picture. */
  readonly box: Rectangle
  readonly confidence: number
  /** As one sees it in the picture; absent = not plain. */
  readonly looks?: 'camera' | 'left' | 'right'
}

/** Pixels of the square that the network sees. */
const SIDE = 256
/** Cells of a side, and the guesses in each cell, of the two halves of the network. */
const GRIDS: readonly (readonly [number, number])[] = [
  [16, 2],
  [8, 6],
]
/** Box and six points: eyes, nose, mouth, ears; the one on the left of a face that looks at the camera first. */
const VALUES = 16
const NOSE = 2
const LEFT_EAR = 4
const RIGHT_EAR = 5
/** From here on it is a face. Chosen on the tune half of the photographs. */
const SURE = 0.85
/** Two boxes that share this much are one face. */
const SAME = 0.3
/** Where the nose stands between the ears, 0 … 1, of a face that looks at the camera; and beyond what it is turned away. */
const STRAIGHT = 0.14
const TURNED = 0.24

export async function loadFaceFinder(options: NetworkOptions): Promise<FaceFinder> {
  const network = await openNetwork(options)
  return {
    async find(raster) {
      const { width, height } = raster
      const longer = Math.max(width, height)
      const outputs = await network.run(squared(raster), [1, SIDE, SIDE, 3])
      // Told apart by their sizes: the file has them in no order.
      const sized = (values: number) =>
        GRIDS.map(([cells, guesses]) => {
          const size = cells * cells * guesses * values
          return outputs.find(({ data }) => data.length === size)?.data ?? new Float32Array(size)
        })
      return faces(sized(1), sized(VALUES))
        .map(({ box, ...face }) => ({
          ...face,
          box: within(
            {
              left: box.left * longer,
              top: box.top * longer,
              width: box.width * longer,
              height: box.height * longer,
            },
            raster,
          ),
        }))
        .sort((a, b) => b.box.width - a.box.width)
    },
    close: () => network.close(),
  }
}

/** The picture in the upper left corner of a square, −1 … 1, a pixel's colours together. */
function squared(raster: Raster): Float32Array {
  const scale = SIDE / Math.max(raster.width, raster.height)
  const width = Math.max(1, Math.round(raster.width * scale))
  const height = Math.max(1, Math.round(raster.height * scale))
  const whole = { left: 0, top: 0, width: raster.width, height: raster.height }
  const planes = resize(raster, whole, width, height)
  const result = new Float32Array(SIDE * SIDE * 3)
  for (let channel = 0; channel < 3; channel++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        result[(y * SIDE + x) * 3 + channel] = planes[(channel * height + y) * width + x]! / 127.5 - 1
  return result
}

/** Faces in fractions of the square, each once. */
export function faces(scores: readonly Float32Array[], boxes: readonly Float32Array[]): readonly Face[] {
  const found: Face[] = []
  for (const [half, [cells, guesses]] of GRIDS.entries()) {
    for (let index = 0; index < cells * cells * guesses; index++) {
      const confidence = 1 / (1 + Math.exp(-scores[half]![index]!))
      if (confidence < SURE) continue
      const cell = Math.floor(index / guesses)
      const centerX = ((cell % cells) + 0.5) / cells
      const centerY = (Math.floor(cell / cells) + 0.5) / cells
      const value = (at: number) => boxes[half]![index * VALUES + at]! / SIDE
      const [width, height] = [value(2), value(3)]
      const box = {
        left: centerX + value(0) - width / 2,
        top: centerY + value(1) - height / 2,
        width,
        height,
      }
      const across = (point: number) => value(4 + 2 * point)
      const looks = direction(across(LEFT_EAR), across(NOSE), across(RIGHT_EAR))
      found.push({ box, confidence, ...(looks && { looks }) })
    }
  }
  const kept: Face[] = []
  for (const face of found.sort((a, b) => b.confidence - a.confidence))
    if (kept.every((other) => shared(face.box, other.box) < SAME)) kept.push(face)
  return kept
}

export function direction(leftEar: number, nose: number, rightEar: number): Face['looks'] {
  const spread = rightEar - leftEar
  if (spread <= 0) return undefined
  const off = (nose - leftEar) / spread - 0.5
  if (Math.abs(off) <= STRAIGHT) return 'camera'
  if (Math.abs(off) < TURNED) return undefined
  return off < 0 ? 'left' : 'right'
}

/** Of both together. */
function shared(one: Rectangle, other: Rectangle): number {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left)
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top)
  const both = Math.max(0, width) * Math.max(0, height)
  return both / (one.width * one.height + other.width * other.height - both)
}

function within(box: Rectangle, { width, height }: Raster): Rectangle {
  const left = Math.max(0, box.left)
  const top = Math.max(0, box.top)
  return {
    left,
    top,
    width: Math.min(width, box.left + box.width) - left,
    height: Math.min(height, box.top + box.height) - top,
  }
}
