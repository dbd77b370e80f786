/** Pieces of text as rows in reading order: what stands at one height is one row, from left to right, with its columns apart. */
import type { Rectangle } from './raster.js'

export interface TextPiece {
  readonly text: string
  readonly confidence: number
  readonly box: Rectangle
}

/** Two pieces share a row where their heights overlap by this much of the smaller one. */
const SHARED = 0.55
/** A gap of so many heights parts columns. */
const COLUMN_GAP = 1.5
const COLUMN_MARK = ' | '
/** Fewer columns are no chart. */
const LEAST_BARS = 3

/** One piece for each row, from top to bottom; as sure as its least sure part. */
export function textRows(pieces: readonly TextPiece[]): TextPiece[] {
  const rows: { top: number; bottom: number; pieces: TextPiece[] }[] = []
  for (const piece of [...pieces].sort((a, b) => middle(a.box) - middle(b.box))) {
    const { top, height } = piece.box
    const bottom = top + height
    const row = rows.find((each) => {
      const shared = Math.min(bottom, each.bottom) - Math.max(top, each.top)
      return shared >= SHARED * Math.min(height, each.bottom - each.top)
    })
    if (row) row.pieces.push(piece)
    else rows.push({ top, bottom, pieces: [piece] })
  }
  const ordered = rows.sort((a, b) => a.top - b.top).map((row) => row.pieces)
  return withLabels(ordered)
    .filter((row) => row.length > 0)
    .map(joined)
}

/**
 * Bar charts: names in one row, and above each of them, at heights of their own, its number. The number is put behind the name, or
 * nobody could tell which belongs to which.
 */
function withLabels(rows: readonly TextPiece[][]): TextPiece[][] {
  const result = rows.map((row) => [...row])
  for (const [index, row] of result.entries()) {
    if (row.length < LEAST_BARS || row.some(({ text }) => /^\W*\d/.test(text))) continue
    const numbers = result.slice(0, index).flat()
    const values = row.map((name) =>
      numbers.filter(
        (piece) => /\d/.test(piece.text) && Math.abs(center(piece.box) - center(name.box)) < piece.box.height,
      ),
    )
    if (values.some((found) => found.length !== 1)) continue
    const taken = new Set(values.flat())
    for (const [above, other] of result.entries()) {
      if (above < index) result[above] = other.filter((piece) => !taken.has(piece))
    }
    result[index] = row.map((name, column) => {
      const [value] = values[column]!
      return {
        ...name,
        text: `${name.text}: ${value!.text}`,
        confidence: Math.min(name.confidence, value!.confidence),
      }
    })
  }
  return result
}

function joined(pieces: readonly TextPiece[]): TextPiece {
  const ordered = [...pieces].sort((a, b) => a.box.left - b.box.left)
  const left = Math.min(...ordered.map(({ box }) => box.left))
  const top = Math.min(...ordered.map(({ box }) => box.top))
  const right = Math.max(...ordered.map(({ box }) => box.left + box.width))
  const bottom = Math.max(...ordered.map(({ box }) => box.top + box.height))
  let text = ''
  let end = Number.POSITIVE_INFINITY
  for (const piece of ordered) {
    const { box } = piece
    const isColumn = box.left - end > COLUMN_GAP * box.height
    text += text === '' ? piece.text : `${isColumn ? COLUMN_MARK : ' '}${piece.text}`
    end = box.left + box.width
  }
  return {
    text,
    confidence: Math.min(...ordered.map(({ confidence }) => confidence)),
    box: { left, top, width: right - left, height: bottom - top },
  }
}

const center = ({ left, width }: Rectangle) => left + width / 2
const middle = ({ top, height }: Rectangle) => top + height / 2
