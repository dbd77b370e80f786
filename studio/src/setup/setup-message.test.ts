/** From settings to the wire and to the address and back; and that the server's decoder judges. */
import { expect, test } from 'vitest'
import { FIELDS } from './fields'
import { PRESETS } from './presets'
import { fromAddress, problemOf, setupOf, toAddress } from './setup-message'

test('the plain set-up asks for transcripts and nothing else', () => {
  expect(setupOf({})).toEqual({
    model: 'models/gemini-live-2.5-flash',
    generationConfig: { responseModalities: ['AUDIO'] },
    inputAudioTranscription: {},
    outputAudioTranscription: {},
  })
})

test('every field goes to the address and back unchanged', () => {
  const setup = Object.fromEntries(FIELDS.map(({ name, sample }) => [name, sample]))
  const expected = Object.fromEntries(
    FIELDS.filter((field) => !(field.kind === 'toggle' && field.initial === field.sample)).map(
      ({ name, sample }) => [name, sample],
    ),
  )
  expect(fromAddress(toAddress(setup))).toEqual(expected)
})

test('what is no setting is left out of an address', () => {
  expect(fromAddress('temperature=hot&seed=3&nonsense=1&key=secret')).toEqual({ seed: 3 })
})

test.each(PRESETS)('the server accepts the preset $name', ({ setup }) => {
  expect(problemOf(setup)).toBeUndefined()
})

test('the server’s own words say what is wrong', () => {
  expect(problemOf({ temperature: 3 })).toMatch(/temperature must be a number from 0 to 2/)
})

test('settings that mean nothing are not sent', () => {
  expect(setupOf({ manual: true, silenceDurationMs: 300 })).toMatchObject({
    realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
  })
  expect(JSON.stringify(setupOf({ manual: true, silenceDurationMs: 300 }))).not.toContain('300')
  expect(JSON.stringify(setupOf({ modality: 'TEXT', voice: 'Puck' }))).not.toContain('Puck')
})
