/**
 * What a first glance tells: how bright a picture is, which colours it has, and how much of it has changed. Works on a small copy; a
 * few milliseconds.
 */
import type { Fact } from '../../engine/vision-model.js'
import { type Raster, resize } from './raster.js'

/** Side of the copy. Text that is replaced by other text still shows in it. */
const SIDE = 48
/** Brightness, 0 … 255, by which a cell differs when it has changed: beyond what cameras and JPEG make of a still scene. */
const CELL_DIFFERS = 14
/** Colours with a smaller share are not named. */
const LEAST_SHARE = 0.12
const MOST_COLOURS = 3
/** A share of changed cells from which something moves, and from which it is another scene. */
const MOVES = 0.04
const OTHER_SCENE = 0.6

export interface Glance {
  readonly planes: Float32Array
  readonly facts: readonly Fact[]
}

export function glance(raster: Raster): Glance {
  const planes = resize(raster, { left: 0, top: 0, width: raster.width, height: raster.height }, SIDE, SIDE)
  return { planes, facts: [brightness(planes), ...colours(planes)] }
}

/** Share of the picture that has changed, 0 … 1. */
export function changeBetween(before: Glance, now: Glance): number {
  return changedColumns(before, now).reduce((sum, count) => sum + count, 0) / (SIDE * SIDE)
}

/** Of each column of cells the number that differ. */
function changedColumns(before: Glance, now: Glance): number[] {
  const cells = SIDE * SIDE
  const columns = Array<number>(SIDE).fill(0)
  for (let cell = 0; cell < cells; cell++) {
    let most = 0
    for (let channel = 0; channel < 3; channel++) {
      const at = channel * cells + cell
      most = Math.max(most, Math.abs(now.planes[at]! - before.planes[at]!))
    }
    if (most >= CELL_DIFFERS) columns[cell % SIDE]!++
  }
  return columns
}

/** Side by side thirds of the picture, as one sees them. */
const THIRDS = ['on the left', 'in the middle', 'on the right']
/** A third holds the change where it holds this share of it. */
const HERE = 0.7

/** What has changed between two pictures, and where; nothing where hardly anything has. */
export function motion(before: Glance, now: Glance): readonly Fact[] {
  const columns = changedColumns(before, now)
  const changed = columns.reduce((sum, count) => sum + count, 0)
  const change = changed / (SIDE * SIDE)
  if (change < MOVES) return []
  if (change >= OTHER_SCENE) return [{ kind: 'motion', text: 'the whole picture', confidence: 0.8 }]
  const third = THIRDS.findIndex((_, index) => {
    const part = columns.slice((index * SIDE) / 3, ((index + 1) * SIDE) / 3)
    return part.reduce((sum, count) => sum + count, 0) >= HERE * changed
  })
  const much = change > 0.25 ? 'a large part' : 'a small part'
  return [{ kind: 'motion', text: `${much}${third < 0 ? '' : ` ${THIRDS[third]}`}`, confidence: 0.6 }]
}

function brightness(planes: Float32Array): Fact {
  const cells = SIDE * SIDE
  let sum = 0
  for (let cell = 0; cell < cells; cell++) {
    sum += 0.299 * planes[cell]! + 0.587 * planes[cells + cell]! + 0.114 * planes[2 * cells + cell]!
  }
  const mean = sum / cells
  const text = mean < 50 ? 'dark' : mean > 190 ? 'bright' : 'neither dark nor bright'
  return { kind: 'brightness', text, confidence: 0.9 }
}

function colours(planes: Float32Array): readonly Fact[] {
  const cells = SIDE * SIDE
  const counts = new Map<string, number>()
  for (let cell = 0; cell < cells; cell++) {
    const name = colourName(planes[cell]!, planes[cells + cell]!, planes[2 * cells + cell]!)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const named = [...counts]
    .filter(([, count]) => count / cells >= LEAST_SHARE)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_COLOURS)
  if (named.length === 0) return []
  // Names only: shares would be something new in every frame.
  return [{ kind: 'colours', text: named.map(([name]) => name).join(', '), confidence: 0.8 }]
}

/** Hue in degrees up to which a colour has the name. */
const HUES: readonly (readonly [number, string])[] = [
  [15, 'red'],
  [42, 'orange'],
  [70, 'yellow'],
  [165, 'green'],
  [200, 'turquoise'],
  [258, 'blue'],
  [295, 'purple'],
  [340, 'pink'],
  [360, 'red'],
]

export function colourName(red: number, green: number, blue: number): string {
  const most = Math.max(red, green, blue)
  const spread = most - Math.min(red, green, blue)
  if (most < 45) return 'black'
  if (spread / most < 0.15) return most > 205 ? 'white' : most > 95 ? 'grey' : 'dark grey'
  const turn =
    most === red
      ? ((green - blue) / spread + 6) % 6
      : most === green
        ? (blue - red) / spread + 2
        : (red - green) / spread + 4
  const name = HUES.find(([limit]) => turn * 60 <= limit)?.[1] ?? 'red'
  return name === 'orange' && most < 170 ? 'brown' : name
}
