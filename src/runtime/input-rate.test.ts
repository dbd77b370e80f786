import { describe, expect, it } from 'vitest'
import { createInputRate } from './input-rate.js'

describe('the input rate', () => {
  it('takes a microphone for live, in chunks of any usual size', () => {
    for (const chunkMs of [20, 100, 250]) {
      const rate = createInputRate()
      for (let at = 0; at < 5_000; at += chunkMs) expect(rate.note(at, chunkMs)).toBe(true)
    }
  })

  it('takes a file for a burst, in one piece or in many', () => {
    expect(createInputRate().note(0, 3_000)).toBe(false)
    const rate = createInputRate()
    const live = Array.from({ length: 100 }, (_, index) => rate.note(index, 20))
    expect(live.at(-1)).toBe(false)
  })

  it('stays live when a gap in the network is caught up', () => {
    const rate = createInputRate()
    for (let at = 0; at < 1_000; at += 20) rate.note(at, 20)
    expect(rate.note(2_500, 1_500)).toBe(true)
    expect(rate.note(2_520, 20)).toBe(true)
  })

  it('is live again after a burst', () => {
    const rate = createInputRate()
    expect(rate.note(0, 5_000)).toBe(false)
    let live = false
    for (let at = 20; at < 12_000; at += 20) live = rate.note(at, 20)
    expect(live).toBe(true)
  })
})
