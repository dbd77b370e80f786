import { expect, it } from 'vitest'
import { candidateLanguages } from './spoken-language.js'

it.each([
  // Measured: "¿Puedes decirme …", "Sí, por favor.", "In Ordnung.", "Vale.", "Yes, please."
  ['es', 0.98, 'en', ['es']],
  ['es', 0.72, 'en', ['en', 'es']],
  ['en', 0.72, 'de', ['de', 'en']],
  ['hi', 0.34, 'es', ['es']],
  ['en', 0.98, 'en', ['en']],
  ['en', 0.17, 'en', ['en']],
] as const)('likeliest %s (%d) after %s → %j', (language, probability, before, expected) =>
  expect(candidateLanguages({ language, probability }, before)).toEqual(expected),
)
