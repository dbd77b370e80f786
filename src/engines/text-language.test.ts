import { expect, it } from 'vitest'
import { loadTextLanguage } from './text-language.js'

const identify = await loadTextLanguage()

it.each([
  ['en', 'Hello? Gemini are you there?'],
  ['en', 'What time is it in Madrid?'],
  ['en', 'Why is the sky blue?'],
  ['es', '¿Qué hora es?'],
  ['es', 'Háblame de los faros'],
  ['es', 'que tiempo hace en Madrid'],
  ['fr', 'Quelle heure est-il ?'],
  ['it', 'Che ore sono?'],
  ['pt', 'Onde fica a biblioteca?'],
  ['hi', 'समय क्या हुआ है?'],
])('%s: %s', (language, text) => {
  expect(identify(text)).toBe(language)
})

it.each(['', '.', 'Hm', '42', '😀', 'x'.repeat(100_000)])('guesses nothing from %j', (text) => {
  expect(identify(text)).toBeUndefined()
})
