import { describe, expect, it } from 'vitest'
import { createInputRate } from './input-rate.js'
import { createSpeechPace, leadNeededSeconds, mayStart } from './speech-pace.js'

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

describe('the pace of speech', () => {
  it('asks for no lead where speech is made much faster than it is played', () => {
    expect(leadNeededSeconds(createSpeechPace(4), 10)).toBe(0)
  })

  it('asks for what would be missing at the end, with a margin', () => {
    // At 0.8 × real time 8 s of speech take 10 s: 2 s would be missing.
    const lead = leadNeededSeconds(createSpeechPace(0.8), 8)
    expect(lead).toBeGreaterThan(2)
    expect(lead).toBeLessThan(4)
  })

  it('follows what is measured', () => {
    const pace = createSpeechPace(4)
    for (let clause = 0; clause < 20; clause++) pace.note(1, 2)
    expect(pace.speed).toBeCloseTo(0.5, 1)
    pace.note(0, 1)
    expect(pace.speed).toBeCloseTo(0.5, 1)
  })

  it('starts a reply when it cannot run dry: a short opener waits for the clause after it', () => {
    const fast = createSpeechPace(5)
    const opener = { heldSeconds: 0.4, pendingLetters: 0, textDone: false }
    expect(mayStart({ ...opener, heldSeconds: 0 }, fast)).toBe(false)
    expect(mayStart(opener, fast)).toBe(false)
    expect(mayStart({ ...opener, pendingLetters: 20 }, fast)).toBe(true)
    expect(mayStart({ ...opener, textDone: true }, fast)).toBe(true)
    expect(mayStart({ ...opener, heldSeconds: 1 }, fast)).toBe(true)
    // 60 letters are 4 s of speech: made in 2.7 s at this speed.
    const slow = createSpeechPace(1.5)
    expect(mayStart({ heldSeconds: 1, pendingLetters: 60, textDone: false }, slow)).toBe(false)
    expect(mayStart({ heldSeconds: 3.2, pendingLetters: 60, textDone: false }, slow)).toBe(true)
    expect(mayStart({ ...opener, heldSeconds: 1 }, createSpeechPace(0.8))).toBe(false)
  })
})
