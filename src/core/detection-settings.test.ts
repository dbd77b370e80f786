/** [RTI-10] What a client sets of detection, against frames of 32 ms. */
import { describe, expect, it } from 'vitest'
import { behaviourOf } from '../protocol/index.js'
import { type FloorRequest, floorSettings } from './config.js'
import { type Floor, hearFrame, QUIET } from './floor.js'

/** How much speech of this probability it takes until an activity starts, ms; undefined = it never does. */
function startsAfter(request: Partial<FloorRequest>, probability = 0.9): number | undefined {
  const settings = { ...floorSettings({ automatic: true, ...request }), softEndMs: 32, leastMs: 0 }
  let floor: Floor = QUIET
  for (let startMs = 0; startMs < 2_000; startMs += 32) {
    const [next, decision] = hearFrame(floor, settings, { startMs, endMs: startMs + 32, probability })
    if (decision.type === 'start') return startMs + 32
    floor = next
  }
  return undefined
}

describe('the start of an activity', () => {
  it.each([0, 20, 100, 320, 1_000])('[RTI-10] takes prefixPaddingMs of speech: %s', (prefixPaddingMs) => {
    expect(startsAfter({ prefixPaddingMs })).toBe(Math.max(1, Math.ceil(prefixPaddingMs / 32)) * 32)
  })

  it('[RTI-10] takes clearer and longer speech where its sensitivity is LOW', () => {
    expect(startsAfter({ startSensitivity: 'LOW' })).toBeGreaterThan(
      startsAfter({ startSensitivity: 'HIGH' })!,
    )
    expect(startsAfter({ startSensitivity: 'HIGH' }, 0.6)).toBeDefined()
    expect(startsAfter({ startSensitivity: 'LOW' }, 0.6)).toBeUndefined()
  })
})

it.each([
  [{}, {}, 'models/gemini-live-2.5-flash', 'HIGH'],
  [{}, {}, 'projects/p/locations/l/publishers/google/models/gemini-live-2.5-flash', 'LOW'],
  [{ startSensitivity: 'HIGH' }, {}, 'publishers/google/models/gemini-live-2.5-flash', 'HIGH'],
  [{}, { startSensitivity: 'HIGH' }, 'publishers/google/models/gemini-live-2.5-flash', 'HIGH'],
] as const)(
  '[RTI-10] %j of the client and %j of the operator with %s is %s',
  (request, defaults, model, is) => {
    const { speechSensitivity } = behaviourOf(model)
    expect(floorSettings({ automatic: true, ...request }, defaults, speechSensitivity)).toMatchObject({
      speechThreshold: is === 'HIGH' ? 0.5 : 0.7,
    })
  },
)

it('[RTI-10] the end of an activity takes longer where its sensitivity is LOW', () => {
  const extraMs = (endSensitivity: 'HIGH' | 'LOW') => {
    const { endpointing } = floorSettings({ automatic: true, endSensitivity })
    return endpointing.kind === 'graded' ? endpointing.extraMs : undefined
  }
  expect(extraMs('LOW')).toBeGreaterThan(extraMs('HIGH')!)
})
