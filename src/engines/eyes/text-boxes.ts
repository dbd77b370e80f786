/**
 * Where the text is: the detector's probability for each pixel as boxes, one for each piece of a line. The network marks the core of
 * a line only (it was trained on shrunk outlines), so every box is grown again.
 */
import type { Rectangle } from './raster.js'

/** A pixel from here on may be text. */
const PIXEL = 0.3
/** A box whose pixels are less sure on average is none. */
const BOX = 0.55
/** As PP-OCR's own post-processing unclips. */
const GROWTH = 1.7
/** Smaller than any letter. */
const LEAST_PIXELS = 8
const LEAST_HEIGHT = 3

/** Boxes in pixels of the map, in no order. Text that is turned gets an upright box around it. */
export function textBoxes(map: Float32Array, width: number, height: number): Rectangle[] {
  const seen = new Uint8Array(width * height)
  const boxes: Rectangle[] = []
  const stack: number[] = []
  for (let start = 0; start < map.length; start++) {
    if (seen[start] || map[start]! < PIXEL) continue
    seen[start] = 1
    stack.push(start)
    let [left, right, top, bottom, sum, count] = [width, 0, height, 0, 0, 0]
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const x = at % width
      const y = (at - x) / width
      sum += map[at]!
      count++
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
      const visit = (next: number) => {
        if (seen[next] || map[next]! < PIXEL) return
        seen[next] = 1
        stack.push(next)
      }
      if (x > 0) visit(at - 1)
      if (x < width - 1) visit(at + 1)
      if (y > 0) visit(at - width)
      if (y < height - 1) visit(at + width)
    }
    const boxWidth = right - left + 1
    const boxHeight = bottom - top + 1
    if (count < LEAST_PIXELS || sum / count < BOX || boxHeight < LEAST_HEIGHT) continue
    boxes.push(grown({ left, top, width: boxWidth, height: boxHeight }, width, height))
  }
  return boxes
}

function grown(box: Rectangle, width: number, height: number): Rectangle {
  const by = (box.width * box.height * GROWTH) / (2 * (box.width + box.height))
  const left = Math.max(0, box.left - by)
  const top = Math.max(0, box.top - by)
  return {
    left,
    top,
    width: Math.min(width, box.left + box.width + by) - left,
    height: Math.min(height, box.top + box.height + by) - top,
  }
}
