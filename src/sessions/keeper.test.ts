import { expect, it } from 'vitest'
import { floorSettings, openSession } from '../core/index.js'
import { encodeRecord } from './keeper.js'

it('encodes a record as JSON would, message by message', () => {
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
  const messages = [{ role: 'user', text: 'One, "two"\n' } as const, { role: 'model', text: 'ü' } as const]
  for (const snapshot of [fresh!, { ...fresh!, messages }, { ...fresh!, messages: messages.slice(1) }]) {
    expect(JSON.parse(encodeRecord('m"1', snapshot))).toEqual({ version: 1, model: 'm"1', snapshot })
  }
})
