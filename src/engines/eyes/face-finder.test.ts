/** What the network's numbers mean: faces, each once, and where they look. */
import { describe, expect, it } from 'vitest'
import { direction, faces } from './face-finder.js'

/** Numbers of the first half: 16 × 16 cells, two guesses in each; of the second: 8 × 8, six. */
const nothing = () => [new Float32Array(512).fill(-20), new Float32Array(384).fill(-20)] as const
const nowhere = () => [new Float32Array(512 * 16), new Float32Array(384 * 16)] as const

/** Pixels off the middle of its cell; the ears 32 apart, the nose between them. */
const face = (width: number, nose = 0) => [0, 0, width, width, -8, -8, 8, -8, nose, 0, 0, 8, -16, 0, 16, 0]

describe('faces', () => {
  it('are where the cell and its numbers say', () => {
    const [scores, boxes] = [nothing(), nowhere()]
    const index = (4 * 16 + 8) * 2
    scores[0][index] = 8
    boxes[0].set(face(64), index * 16)
    const [found, ...others] = faces(scores, boxes)
    expect(others).toEqual([])
    expect(found!.confidence).toBeGreaterThan(0.99)
    expect(found!.box.left).toBeCloseTo(8.5 / 16 - 1 / 8)
    expect(found!.box.top).toBeCloseTo(4.5 / 16 - 1 / 8)
    expect(found!.box.width).toBeCloseTo(1 / 4)
    expect(found!.looks).toBe('camera')
  })

  it('are counted once, the surest of several guesses, and apart from their neighbours', () => {
    const [scores, boxes] = [nothing(), nowhere()]
    for (const [index, score] of [
      [0, 6],
      [1, 9],
      [2 * 7, 7],
    ] as const) {
      scores[0][index] = score
      boxes[0].set(face(32), index * 16)
    }
    const found = faces(scores, boxes)
    expect(found).toHaveLength(2)
    expect(found[0]!.confidence).toBeGreaterThan(found[1]!.confidence)
  })

  it('are none where nothing is sure', () => {
    expect(faces(nothing(), nowhere())).toEqual([])
  })
})

it.each([
  [0, 'camera'],
  [-10, 'left'],
  [10, 'right'],
  [-6, undefined],
] as const)('a nose %i pixels off the middle of ears 32 apart looks: %s', (nose, looks) => {
  expect(direction(-16, nose, 16)).toBe(looks)
})
it('says nothing of a face whose ears are the wrong way round', () => {
  expect(direction(16, 0, -16)).toBeUndefined()
})
