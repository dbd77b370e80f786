import { describe, expect, it } from 'vitest'
import { testVisionModel } from '../../testing/contract/index.js'
import { GREEN_PNG, RED_BLUE_JPEG, RED_BLUE_PNG, RED_BLUE_WEBP, stripes } from '../../testing/pictures.js'
import { decodePicture } from './decode-picture.js'
import { changeBetween, colourName, glance, motion } from './glance.js'
import { loadEyes } from './index.js'
import { resize } from './raster.js'
import { textBoxes } from './text-boxes.js'
import { textRows } from './text-rows.js'

testVisionModel('embedded, without text', () => loadEyes({}), {
  pictures: [RED_BLUE_PNG, RED_BLUE_JPEG, RED_BLUE_WEBP],
  other: GREEN_PNG,
})

describe('a first glance', () => {
  it.each([
    [[250, 250, 250], 'white'],
    [[10, 12, 9], 'black'],
    [[128, 128, 128], 'grey'],
    [[200, 20, 30], 'red'],
    [[240, 140, 20], 'orange'],
    [[120, 70, 30], 'brown'],
    [[240, 230, 40], 'yellow'],
    [[30, 160, 60], 'green'],
    [[30, 60, 220], 'blue'],
    [[230, 90, 160], 'pink'],
  ] as const)('calls %j %s', ([red, green, blue], name) => {
    expect(colourName(red, green, blue)).toBe(name)
  })

  it('names the colours of a picture, the largest first', async () => {
    const { facts } = glance(
      await decodePicture(stripes([255, 255, 255], [255, 255, 255], [20, 20, 230]).bytes),
    )
    expect(facts.map(({ text }) => text)).toEqual(['neither dark nor bright', 'white, blue'])
  })

  it('sees what part has changed', async () => {
    const before = glance(await decodePicture(stripes([0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]).bytes))
    const now = glance(await decodePicture(stripes([0, 0, 0], [0, 0, 0], [0, 0, 0], [90, 0, 0]).bytes))
    const change = changeBetween(before, now)
    expect(change).toBeCloseTo(0.25, 1)
    expect(motion(before, now)).toEqual([
      { kind: 'motion', text: 'a small part on the right', confidence: 0.6 },
    ])
    expect(motion(now, now)).toEqual([])
    const other = glance(await decodePicture(stripes([255, 255, 255]).bytes))
    expect(motion(now, other).map(({ text }) => text)).toEqual(['the whole picture'])
  })
})

describe('pixels', () => {
  it('keep their mean when they are reduced, whatever the piece', () => {
    const width = 40
    const data = new Uint8Array(width * 20 * 4).fill(255)
    for (let index = 0; index < width * 20; index++) data[index * 4] = (index % 2) * 200
    const [red] = resize({ width, height: 20, data }, { left: 4, top: 2, width: 32, height: 16 }, 4, 2)
    expect(red).toBeCloseTo(100, 0)
  })

  it('are white where nothing covers them', () => {
    const planes = resize(
      { width: 2, height: 2, data: new Uint8Array(16) },
      { left: 0, top: 0, width: 2, height: 2 },
      2,
      2,
    )
    expect([...planes]).toEqual(Array(12).fill(255))
  })
})

describe('text', () => {
  it('is found where the map says, and its box is grown', () => {
    const map = new Float32Array(64 * 32)
    for (let y = 10; y < 16; y++) for (let x = 20; x < 50; x++) map[y * 64 + x] = 0.9
    map[0] = 0.9
    const [box, ...others] = textBoxes(map, 64, 32)
    expect(others).toEqual([])
    expect(box!.left).toBeLessThan(20)
    expect(box!.top).toBeLessThan(10)
    expect(box!.width).toBeGreaterThan(30)
  })

  it('is put into rows, with its columns apart', () => {
    const piece = (text: string, left: number, top: number, width = 40) => ({
      text,
      confidence: text.length / 10,
      box: { left, top, width, height: 10 },
    })
    const rows = textRows([
      piece('9.90', 200, 21),
      piece('Total', 0, 20),
      piece('due', 45, 22),
      piece('Shop', 80, 0),
    ])
    expect(rows.map(({ text }) => text)).toEqual(['Shop', 'Total due | 9.90'])
    expect(rows[1]).toMatchObject({ confidence: 0.3, box: { left: 0, top: 20, width: 240 } })
  })

  it('of a bar chart has its numbers behind their names', () => {
    const piece = (text: string, left: number, top: number) => ({
      text,
      confidence: 0.9,
      box: { left, top, width: 30, height: 10 },
    })
    const names = ['Mon', 'Tue', 'Wed'].map((name, index) => piece(name, index * 100, 200))
    const bars = [piece('12', 0, 90), piece('40 k', 103, 20), piece('31', 197, 45)]
    expect(textRows([piece('Visitors', 80, 0), ...names, ...bars]).map(({ text }) => text)).toEqual([
      'Visitors',
      'Mon: 12 | Tue: 40 k | Wed: 31',
    ])
    const table = [...names, piece('12', 0, 220), piece('40', 100, 220), piece('31', 200, 220)]
    expect(textRows(table).map(({ text }) => text)).toEqual(['Mon | Tue | Wed', '12 | 40 | 31'])
  })
})
