import { expect, it } from 'vitest'
import { kokoroLanguages, languageSpoken } from './languages.js'

it.each([
  ['hi-IN', false, 'en-US'],
  ['hi-IN', true, 'hi-IN'],
  ['es-MX', false, 'es-MX'],
  ['en-GB', false, 'en-GB'],
  [undefined, true, 'en-US'],
])('%s, unmeasured ones %s: %s', (language, unmeasured, spoken) => {
  expect(languageSpoken(language, kokoroLanguages(unmeasured))).toBe(spoken)
})
