import { expect, it } from 'vitest'
import type { SessionEvent } from '../core/index.js'
import type { SpeakerEncoder } from '../engine/index.js'
import { createManualClock } from '../testing/manual-clock.js'
import { createKnownVoices } from './known-voices.js'

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} }
/** Samples that are an angle in degrees; 0 samples are too little speech. */
const at = (degrees: number) => () => Float32Array.of(degrees)
const rest = async () => {
  for (let step = 0; step < 10; step++) await Promise.resolve()
}

function known({ fails = false, slow = false } = {}) {
  const heard: Extract<SessionEvent, { type: 'voice' }>[] = []
  const asked: number[] = []
  const waiting: (() => void)[] = []
  const abort = new AbortController()
  const encoder: SpeakerEncoder = {
    info: { id: 'angle', kind: 'speaker', languages: [], description: 'angles' },
    async encode([degrees, speechMs = 2_000]) {
      if (degrees === undefined) return { speechMs: 100, direction: new Float32Array(0) }
      asked.push(degrees)
      if (slow) await new Promise<void>((resolve) => waiting.push(resolve))
      if (fails) throw new Error('broken')
      const angle = (degrees * Math.PI) / 180
      return { speechMs, direction: Float32Array.of(Math.cos(angle), Math.sin(angle)) }
    },
  }
  const voices = createKnownVoices({
    encoder,
    clock: createManualClock(),
    signal: abort.signal,
    logger: QUIET_LOG,
    emit: (event) => heard.push(event as (typeof heard)[number]),
  })
  const hear = async (id: number, degrees: number, keep?: 'sure' | 'unsure') => {
    voices.compare(id, at(degrees))
    await rest()
    if (keep) voices.keep(id, keep === 'sure')
    return heard.findLast(({ activity }) => activity === id)?.likeness
  }
  return { voices, hear, heard, asked, waiting, abort }
}

it('says nothing as long as nobody was answered, then how alike a voice is', async () => {
  const { hear, heard } = known()
  expect(await hear(1, 0, 'unsure')).toBeUndefined()
  expect(await hear(2, 60)).toBe(0.5)
  expect(heard).toEqual([{ type: 'voice', at: 0, activity: 2, speechMs: 2_000, likeness: 0.5 }])
})

it('a voice known by a word or two tells no more than that, however much is compared with it', async () => {
  const { voices, hear, heard } = known()
  voices.compare(1, () => Float32Array.of(0, 800))
  await rest()
  voices.keep(1, true)
  await hear(2, 60)
  await hear(3, 10, 'sure')
  await hear(4, 60)
  expect(heard.map(({ speechMs }) => speechMs)).toEqual([800, 800, 2_000])
})

it('moves with a voice that is heard again, ever more slowly', async () => {
  const { hear } = known()
  await hear(1, 0, 'sure')
  await hear(2, 20, 'sure')
  expect(await hear(3, 10)).toBe(1)
  await hear(3, 40, 'sure')
  // A third of the way, in a straight line.
  expect(await hear(4, 20)).toBeGreaterThan(0.999)
})

it('knows several voices, but adds one only where that is sure', async () => {
  const { hear } = known()
  await hear(1, 0, 'sure')
  await hear(2, 90, 'unsure')
  expect(await hear(3, 90)).toBe(0)
  await hear(4, 90, 'sure')
  expect(await hear(5, 90)).toBe(1)
  expect(await hear(6, 0)).toBe(1)
  for (const [index, degrees] of [150, 210, 270].entries()) await hear(10 + index, degrees, 'sure')
  expect(await hear(20, 0)).toBeLessThan(0.1)
})

it('learns from what it had not heard yet when it was answered', async () => {
  const { voices, heard, waiting } = known({ slow: true })
  voices.compare(1, at(0))
  voices.keep(1, true)
  waiting.shift()!()
  await rest()
  voices.compare(2, at(0))
  waiting.shift()!()
  await rest()
  expect(heard.map(({ likeness }) => likeness)).toEqual([1])
})

it('asks one at a time, and of those that wait the newest', async () => {
  const { voices, asked, waiting } = known({ slow: true })
  for (const degrees of [1, 2, 3]) voices.compare(degrees, at(degrees))
  waiting.shift()!()
  await rest()
  waiting.shift()!()
  await rest()
  expect(asked).toEqual([1, 3])
})

it('is silent about too little speech, about failures, and after its end', async () => {
  const failing = known({ fails: true })
  await failing.hear(1, 0, 'sure')
  await failing.hear(2, 0)
  expect(failing.heard).toEqual([])
  expect(failing.asked).toEqual([0, 0])

  const { voices, hear, heard, abort } = known()
  await hear(1, 0, 'sure')
  voices.compare(2, () => new Float32Array(0))
  await rest()
  voices.compare(3, at(0))
  abort.abort()
  await rest()
  expect(heard).toEqual([])
})
