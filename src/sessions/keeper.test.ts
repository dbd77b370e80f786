import { expect, it } from 'vitest'
import { floorSettings, openSession } from '../core/index.js'
import { newSecret, parseHandle } from './handle.js'
import { createKeeper, encodeRecord } from './keeper.js'
import { createMemoryStore } from './memory-store.js'

const [, effects] = openSession({
  modality: 'TEXT',
  system: 'Be "kind".',
  style: '',
  floor: floorSettings({ automatic: true }),
  interruptible: true,
  inputTranscription: false,
  outputTranscription: false,
  language: 'en',
  resumption: { transparent: false },
})
const [fresh] = effects.flatMap((effect) => (effect.type === 'checkpoint' ? [effect.snapshot] : []))
const empty = fresh!

it('[RES-4] tells of a conversation at rest that the next snapshot was quicker than', async () => {
  const slow = createMemoryStore(Date.now)
  const held: (() => void)[] = []
  let puts = 0
  const store: typeof slow = {
    ...slow,
    async put(...args) {
      puts++
      await new Promise<void>((resolve) => held.push(resolve))
      if (puts === 2) throw new Error('down')
      return slow.put(...args)
    },
  }
  const keeper = createKeeper({
    store,
    secret: newSecret(),
    epoch: 1,
    model: 'm',
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    onSuperseded: () => {},
  })
  const told: number[] = []
  const keep = (checkpoint: number, atRest: number) =>
    keeper.keep(
      checkpoint,
      { ...empty, checkpoint, points: [{ checkpoint: atRest, messages: 0 }] },
      false,
      (handle) => told.push(parseHandle(handle)!.checkpoint),
    )
  const written = async () => {
    await expect.poll(() => held.length, { timeout: 3_000 }).toBe(1)
    held.pop()!()
  }
  keep(1, 1)
  await expect.poll(() => held.length).toBe(1)
  // 2 is never written by itself, and 3 fails at first.
  keep(2, 2)
  keep(3, 2)
  await written()
  await expect.poll(() => held.length).toBe(1)
  keep(4, 2)
  await written()
  await written()
  await expect.poll(() => told).toEqual([1, 2, 4])
})

it('encodes a record as JSON would, message by message', () => {
  const messages = [{ role: 'user', text: 'One, "two"\n' } as const, { role: 'model', text: 'ü' } as const]
  for (const snapshot of [empty, { ...empty, messages }, { ...empty, messages: messages.slice(1) }]) {
    expect(JSON.parse(encodeRecord('m"1', snapshot))).toEqual({ version: 1, model: 'm"1', snapshot })
  }
})
