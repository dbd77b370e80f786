import { expect, it } from 'vitest'
import { BRIEF_SECONDS, sayingsFor } from './brief-speech.js'

it('knows what is said in a moment in English and Spanish, once it is known that it is one of these', () => {
  expect(sayingsFor('es', 1)).toContain('Espera')
  expect(sayingsFor('en', 1)).toContain('Wait')
  expect(sayingsFor('fr', 1)).toBeUndefined()
  expect(sayingsFor(undefined, 1)).toBeUndefined()
  expect(sayingsFor('es', BRIEF_SECONDS)).toBeUndefined()
})
