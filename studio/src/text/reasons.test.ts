/** Reasons of the server in Spanish: every one of its catalogue is recognised, and what is not is left as it is. */
import { describe, expect, test } from 'vitest'
import {
  CLOSE_CATALOGUE,
  type CloseId,
  closing,
  decodeClientMessage,
  type ProtocolError,
} from 'vivavoce/protocol'
import { reasonIn } from './reasons'
import { PROBLEMS_ES, REASONS_ES } from './reasons-es'

const placesOf = (template: string) => [...template.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name]) => name!)

describe('reasons', () => {
  test.each(Object.entries(CLOSE_CATALOGUE))('%s', (id, { reason }) => {
    const spanish = REASONS_ES[id as CloseId]
    expect(placesOf(spanish).toSorted()).toEqual(placesOf(reason).toSorted())
    const values = Object.fromEntries(
      placesOf(reason).map((name) => [name, name === 'problem' ? 'must be a string.' : `the_${name}`]),
    )
    const said = reasonIn('es', closing(id as CloseId, values as never).reason)
    const expected = spanish.replace(/\{([a-zA-Z]+)\}/g, (_, name: string) =>
      name === 'problem' ? 'debe ser un texto.' : values[name]!,
    )
    expect(said).toBe(expected)
  })

  test.each(PROBLEMS_ES)('a field: %s', (english, spanish) => {
    expect(placesOf(spanish)).toEqual(placesOf(english))
    const fill = (template: string) => template.replace(/\{([a-z]+)\}/g, 'VALUE')
    expect(reasonIn('es', `setup.x ${fill(english)}`)).toBe(`setup.x ${fill(spanish)}`)
  })

  test.each([
    [
      { generationConfig: { temperature: 3 } },
      'setup.generationConfig.temperature debe ser un número de 0 a 2.',
    ],
    [
      { generationConfig: { topK: 0.5 } },
      'setup.generationConfig.topK debe ser un número entero de 0 a 2147483647.',
    ],
    [
      { tools: [{ functionDeclarations: [{ name: 'a b' }] }] },
      'setup.tools[0].functionDeclarations[0].name debe tener de 1 a 128 letras, cifras o _ . : - y empezar por una letra o _.',
    ],
    [
      { tools: [{ functionDeclarations: [{ name: 'f' }, { name: 'f' }] }] },
      'setup.tools[0].functionDeclarations[1].name «f» se declara dos veces: da a cada función su propio nombre.',
    ],
    [
      { realtimeInputConfig: { activityHandling: 'MAYBE' } },
      'setup.realtimeInputConfig.activityHandling debe ser START_OF_ACTIVITY_INTERRUPTS o NO_INTERRUPTION.',
    ],
  ])('what the decoder says of %j', (setup, spanish) => {
    const refusal = () =>
      decodeClientMessage(JSON.stringify({ setup: { model: 'models/gemini-live-2.5-flash', ...setup } }))
    try {
      refusal()
      expect.unreachable()
    } catch (error) {
      expect(reasonIn('es', (error as ProtocolError).reason)).toBe(spanish)
    }
  })

  test('what is not ours, or has no words, is left as it is', () => {
    for (const reason of ['quota exceeded', 'setup.x is odd', '']) expect(reasonIn('es', reason)).toBe(reason)
    const english = closing('internal-session', {}).reason
    expect(reasonIn('en', english)).toBe(english)
  })
})
