/** Pixels in memory: cutting a piece out and resizing it without aliasing. Knows no file format. */

export interface Raster {
  readonly width: number
  readonly height: number
  /** RGBA, 4 bytes a pixel. */
  readonly data: Uint8ClampedArray | Uint8Array
}

export interface Rectangle {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** For each target pixel the first source pixel that it takes from, and their weights. */
interface Taps {
  readonly first: Int32Array
  readonly weights: readonly Float32Array[]
}

/**
 * A triangle filter as wide as the reduction: bilinear where it enlarges, antialiased where it reduces. Small print that is sampled
 * without it falls apart.
 */
function taps(from: number, length: number, target: number, limit: number): Taps {
  const scale = length / target
  const support = Math.max(1, scale)
  const first = new Int32Array(target)
  const weights: Float32Array[] = []
  for (let index = 0; index < target; index++) {
    const center = from + (index + 0.5) * scale - 0.5
    const low = Math.max(0, Math.ceil(center - support))
    const high = Math.min(limit - 1, Math.floor(center + support))
    const row = new Float32Array(Math.max(1, high - low + 1))
    let sum = 0
    for (let source = low; source <= high; source++) {
      const weight = Math.max(0, 1 - Math.abs(source - center) / support)
      row[source - low] = weight
      sum += weight
    }
    if (sum === 0) row[0] = 1
    else for (let tap = 0; tap < row.length; tap++) row[tap] = row[tap]! / sum
    first[index] = Math.min(low, limit - 1)
    weights.push(row)
  }
  return { first, weights }
}

/** The piece at `width` × `height`, as three planes (red, green, blue), 0 … 255; transparent pixels show white. */
export function resize(
  { width: sourceWidth, height: sourceHeight, data }: Raster,
  piece: Rectangle,
  width: number,
  height: number,
): Float32Array {
  const columns = taps(piece.left, piece.width, width, sourceWidth)
  const rows = taps(piece.top, piece.height, height, sourceHeight)
  const top = rows.first[0]!
  const bottom = rows.first[height - 1]! + rows.weights[height - 1]!.length
  // Across first, only the rows that count.
  const across = new Float32Array(3 * (bottom - top) * width)
  const plane = (bottom - top) * width
  for (let y = top; y < bottom; y++) {
    const line = y * sourceWidth * 4
    const out = (y - top) * width
    for (let x = 0; x < width; x++) {
      const row = columns.weights[x]!
      let at = line + columns.first[x]! * 4
      let red = 0
      let green = 0
      let blue = 0
      for (let tap = 0; tap < row.length; tap++, at += 4) {
        const weight = row[tap]!
        const alpha = data[at + 3]!
        if (alpha === 255) {
          red += weight * data[at]!
          green += weight * data[at + 1]!
          blue += weight * data[at + 2]!
        } else {
          const under = 255 - alpha
          red += (weight * (data[at]! * alpha + 255 * under)) / 255
          green += (weight * (data[at + 1]! * alpha + 255 * under)) / 255
          blue += (weight * (data[at + 2]! * alpha + 255 * under)) / 255
        }
      }
      across[out + x] = red
      across[plane + out + x] = green
      across[2 * plane + out + x] = blue
    }
  }
  const result = new Float32Array(3 * width * height)
  for (let y = 0; y < height; y++) {
    const column = rows.weights[y]!
    const from = (rows.first[y]! - top) * width
    for (let channel = 0; channel < 3; channel++) {
      const source = channel * plane + from
      const out = (channel * height + y) * width
      for (let tap = 0; tap < column.length; tap++) {
        const weight = column[tap]!
        const line = source + tap * width
        for (let x = 0; x < width; x++) result[out + x] = result[out + x]! + weight * across[line + x]!
      }
    }
  }
  return result
}
